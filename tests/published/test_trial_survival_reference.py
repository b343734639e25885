"""Survival statistics against R survival 3.5: every row of the table, to 1e-6."""

from collections.abc import Callable

import numpy as np
import pytest
from survival_data import SurvivalData, reference, survival_data, value_of

from progenitor.trial import (
    accelerated_failure,
    concordance,
    cox_regression,
    cumulative_incidence,
    fine_gray,
    hazard_ratios,
    kaplan_meier,
    log_rank,
    median_times,
    milestone_survival,
    proportional_hazards_test,
    restricted_mean,
)

ROWS = reference("survival_ref_public")
CLOSED_FORM = 1e-6


def curves(data: SurvivalData, words: list[str]) -> float:
    """``median_lo_arm0_log-log`` or ``Shi_arm1_t6_plain``."""
    arm = next(int(word[3:]) for word in words if word.startswith("arm"))
    mine = data.arm == arm
    curve = kaplan_meier(data.time[mine], data.event[mine], limits=words[-1])
    if words[0] == "median":
        return curve.median[{"lo": 1, "hi": 2}.get(words[1], 0)]
    at = np.array([float(words[2][1:])])
    low, high = curve.interval_at(at, extend=True)
    values = {
        "S": curve.survival_at(at, extend=True),
        "se": curve.standard_error_at(at, extend=True),
        "Slo": low,
        "Shi": high,
    }
    return float(values[words[0]][0])


def means(data: SurvivalData, words: list[str]) -> float:
    mine = data.arm == int(words[-2][3:])
    horizon = float(words[-1][3:])
    found = restricted_mean(data.time[mine], data.event[mine], horizon=horizon, extend=True)
    return float(found.standard_error if words[0] == "se" else found.value)


def log_ranks(data: SurvivalData, words: list[str]) -> float:
    found = log_rank(data.time, data.event, data.arm, rho=float(words[1][3:]))
    key = {"chisq": "chi_square", "O1": "observed", "E1": "expected", "V": "variance"}[words[0]]
    return float(getattr(found, key))


def cox(data: SurvivalData, words: list[str]) -> float:
    fit = cox_regression(data.time, data.event, data.arms, ties=words[1])
    return {
        "logHR": float(fit.coefficients[0]),
        "se": float(fit.standard_errors[0]),
        "loglik": fit.log_likelihood,
        "score": fit.score_chi_square,
    }[words[0]]


def stratified_cox(data: SurvivalData, words: list[str]) -> float:
    both = {"stratum": data.stratum, "ties": words[1]}
    fit = cox_regression(data.time, data.event, data.arm_and_age, **both)
    place = {"logHR": fit.coefficients[0], "age": fit.coefficients[1]}
    return float(place.get(words[0], fit.standard_errors[0]))


def incidence(data: SurvivalData, words: list[str]) -> float:
    mine = data.arm == int(words[2][3:])
    found = cumulative_incidence(
        data.time[mine],
        data.cause[mine],
        at=float(words[3][1:]),
        of={"prog": 1, "death": 2}[words[1]],
        extend=True,
    )
    return float(found.standard_error if words[0] == "se" else found.value)


def landmark(data: SurvivalData, words: list[str]) -> float:
    later = data.time > 3.0
    if words[-1] == "n":
        return float(later.sum())
    fit = cox_regression(data.time[later], data.event[later], data.arms[later])
    return float(fit.coefficients[0])


def parametric(data: SurvivalData, kind: str, words: list[str]) -> float:
    fit = accelerated_failure(data.time, data.event, data.arms, times=kind)
    return {
        "loglik": fit.log_likelihood,
        "scale": fit.scale,
        "coef_int": float(fit.coefficients[0]),
        "coef_arm": float(fit.coefficients[1]),
    }["_".join(words)]


def agreement(data: SurvivalData, _: list[str]) -> float:
    fit = cox_regression(data.time, data.event, data.arm_and_age)
    return concordance(data.time, data.event, data.arm_and_age @ fit.coefficients).value


HOW: dict[str, Callable[[SurvivalData, list[str]], float]] = {
    "KM": curves,
    "RMST": means,
    "logrank": log_ranks,
    "stratified": lambda data, _: float(
        log_rank(data.time, data.event, data.arm, stratum=data.stratum).chi_square
    ),
    "cox": cox,
    "coxstrat": stratified_cox,
    "coxzph": lambda data, words: float(
        proportional_hazards_test(data.time, data.event, data.arms, transform=words[-1]).chi_square[
            0
        ]
    ),
    "concordance": agreement,
    "AJ": incidence,
    "finegray": lambda data, _: float(fine_gray(data.time, data.cause, data.arms).coefficients[0]),
    "landmark3": landmark,
    "exp": lambda data, words: parametric(data, "exponential", words),
    "weib": lambda data, words: parametric(data, "weibull", words),
    "reverseKM": lambda data, _: kaplan_meier(data.time, 1 - data.event).median.value,
}


def test_the_table_is_complete() -> None:
    assert len(ROWS) == 340
    assert {row["quantity"].split("_")[0] for row in ROWS} == set(HOW)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['dataset']}-{row['quantity']}")
def test_equals_r_survival(row: dict[str, str]) -> None:
    kind, *words = row["quantity"].split("_")
    found = HOW[kind](survival_data(row["dataset"]), words)
    assert found == pytest.approx(value_of(row), abs=CLOSED_FORM, nan_ok=True)


@pytest.mark.parametrize("name", ["surv_public1", "surv_public2"])
def test_many_trials_at_once_equal_r_survival(name: str) -> None:
    """The two sets stacked with reordered copies: each trial is what it is alone."""
    data = survival_data(name)
    turn = np.stack([np.roll(np.arange(data.time.size), shift) for shift in range(4)])
    time, event, arm = data.time[turn], data.event[turn], data.arm[turn]
    rows = {row["quantity"]: value_of(row) for row in ROWS if row["dataset"] == name}
    found = {
        "logrank_chisq_rho0": log_rank(time, event, arm).chi_square,
        "logrank_chisq_rho1": log_rank(time, event, arm, rho=1.0).chi_square,
        "stratified_logrank_chisq": log_rank(
            time, event, arm, stratum=data.stratum[turn]
        ).chi_square,
        "cox_logHR_efron": hazard_ratios(time, event, arm).value,
        "cox_se_efron": hazard_ratios(time, event, arm).standard_error,
        "cox_logHR_breslow": hazard_ratios(time, event, arm, ties="breslow").value,
    }
    for one in (0, 1):
        mine = np.where(arm == one, time, np.nan)
        found[f"KM_median_arm{one}_plain"] = median_times(mine, event)
        for at in (3, 6, 12):
            share = milestone_survival(mine, event, at=float(at), extend=True)
            found[f"KM_S_arm{one}_t{at}_plain"] = share.value
            found[f"KM_se_arm{one}_t{at}_plain"] = share.standard_error
            first = cumulative_incidence(mine, data.cause[turn], at=float(at), extend=True)
            found[f"AJ_cif_prog_arm{one}_t{at}"] = first.value
            found[f"AJ_se_prog_arm{one}_t{at}"] = first.standard_error
        for horizon in (6, 12, 18):
            mean = restricted_mean(mine, event, horizon=float(horizon), extend=True)
            found[f"RMST_arm{one}_tau{horizon}"] = mean.value
            found[f"RMST_se_arm{one}_tau{horizon}"] = mean.standard_error
    for quantity, values in found.items():
        expected = np.full(4, rows[quantity])
        assert values == pytest.approx(expected, abs=CLOSED_FORM, nan_ok=True), quantity
