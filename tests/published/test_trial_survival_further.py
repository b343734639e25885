"""Survival statistics against R on data with many ties, three strata and an arm without events.

The R that made data and results stands at the top of ``data/survival_further.csv``.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from survival_data import SurvivalData, reference, survival_data, value_of

from progenitor.trial import (
    CoxFit,
    MixtureCure,
    accelerated_failure,
    concordance,
    cox_regression,
    cumulative_incidence,
    fine_gray,
    kaplan_meier,
    log_rank,
    max_combo,
    mixture_cure,
    proportional_hazards_test,
    restricted_mean,
)

ROWS = reference("survival_further")
SETS = ("surv_weekly", "surv_monthly", "surv_small", "surv_none")
CLOSED_FORM = 1e-6
SEARCHED = 1e-4  # R's searches without derivatives (Firth, cure) end about there


def curves(data: SurvivalData, which: str, words: list[str]) -> float:
    key, number, arm, scale = words
    mine = data.arm == int(arm)
    curve = kaplan_meier(data.time[mine], data.event[mine], limits=scale, level=0.9)
    if which == "KM_quantile":
        found = curve.quantile((0.25, 0.5, 0.6)[int(number) - 1])
        return found[("quantile", "lower", "upper").index(key)]
    at = np.array([float(number)])
    low, high = curve.interval_at(at, extend=True)
    values = {
        "surv": curve.survival_at(at, extend=True),
        "std.err": curve.standard_error_at(at, extend=True),
        "lower": low,
        "upper": high,
    }
    return float(values[key][0])


def means(data: SurvivalData, which: str, words: list[str]) -> float:
    mine = data.arm == int(words[1])
    found = restricted_mean(data.time[mine], data.event[mine], horizon=float(words[0]), extend=True)
    return float(found.standard_error if which == "RMST_se" else found.value)


def log_ranks(data: SurvivalData, which: str, words: list[str]) -> float:
    stratum = data.stratum if words[1:] == ["stratified"] else None
    found = log_rank(data.time, data.event, data.arm, rho=float(words[0]), stratum=stratum)
    return float(found.chi_square if which == "logrank_chisq" else found.variance)


def weighted(data: SurvivalData, which: str, words: list[str]) -> float:
    pairs = [tuple(float(number) for number in word.split("/")) for word in words]
    found = log_rank(data.time, data.event, data.arm, rho=pairs[0][0], gamma=pairs[0][1])
    if which == "FH_U":
        return float(found.observed - found.expected)
    if pairs[0] == pairs[1]:
        return float(found.variance)
    other = log_rank(data.time, data.event, data.arm, rho=pairs[1][0], gamma=pairs[1][1])
    combo = max_combo(data.time, data.event, data.arm, weights=pairs)
    return float(combo.correlation[0, 1] * np.sqrt(found.variance * other.variance))


def incidence(data: SurvivalData, which: str, words: list[str]) -> float:
    at, cause, arm = words
    mine = data.arm == int(arm)
    found = cumulative_incidence(
        data.time[mine], data.cause[mine], at=float(at), of=int(cause), extend=True
    )
    return float(found.standard_error if which == "AJ_se" else found.value)


def columns(data: SurvivalData, model: str, *, without_arm: bool) -> np.ndarray:
    if without_arm:
        return data.covariates
    return data.arms if model == "one" else np.column_stack([data.arm, data.covariates])


@cache
def fitted(name: str, model: str, ties: str) -> tuple[CoxFit, np.ndarray]:
    data = survival_data(name)
    x = columns(data, model, without_arm=name == "surv_none")
    stratum = data.stratum if model == "strat" else None
    return cox_regression(data.time, data.event, x, stratum=stratum, ties=ties), x


def cox(name: str, which: str, words: list[str]) -> float:
    fit, x = fitted(name, words[0], words[1])
    data = survival_data(name)
    if which in ("cox_coef", "cox_se"):
        values = fit.coefficients if which == "cox_coef" else fit.standard_errors
        return float(values[int(words[2]) - 1])
    if which == "concordance":
        return concordance(data.time, data.event, x @ fit.coefficients).value
    return {
        "cox_loglik": fit.log_likelihood,
        "cox_null": fit.null_log_likelihood,
        "cox_score": fit.score_chi_square,
    }[which]


def proportional(name: str, words: list[str]) -> float:
    transform, model, ties, place = words
    data = survival_data(name)
    found = proportional_hazards_test(
        data.time,
        data.event,
        columns(data, model, without_arm=name == "surv_none"),
        transform=transform,
        stratum=data.stratum if model == "strat" else None,
        ties=ties,
    )
    return [*found.chi_square.tolist(), found.everything][int(place) - 1]


def firth(data: SurvivalData, which: str, words: list[str]) -> float:
    x = np.column_stack([data.arm, data.covariates[:, 0] / 10.0])
    stratum = data.stratum if words[0] == "strat" else None
    held = (0,) if which == "firth_held" else ()
    fit = cox_regression(data.time, data.event, x, stratum=stratum, penalised=True, held=held)
    if which == "firth_coef":
        return float(fit.coefficients[int(words[1]) - 1])
    return fit.log_likelihood


def parametric(data: SurvivalData, which: str, words: list[str]) -> float:
    fit = accelerated_failure(data.time, data.event, data.arm_and_age, times=words[0])
    if which in ("survreg_coef", "survreg_se"):
        place = int(words[1]) - 1
        errors = np.sqrt(np.diagonal(fit.covariance))
        return float((fit.coefficients if which == "survreg_coef" else errors)[place])
    return fit.scale if which == "survreg_scale" else fit.log_likelihood


@cache
def cure(name: str) -> MixtureCure:
    data = survival_data(name)
    return mixture_cure(data.time, data.event, data.arms)


def cured(name: str, which: str, words: list[str]) -> float:
    fit = cure(name)
    if which == "cure_loglik":
        return fit.log_likelihood
    parameters = [*fit.cure_coefficients, *fit.time_coefficients, np.log(fit.shape)]
    return float(parameters[int(words[0]) - 1])


BY_DATA: dict[str, Callable[[SurvivalData, str, list[str]], float]] = {
    "KM_quantile": curves,
    "KM_at": curves,
    "RMST": means,
    "RMST_se": means,
    "logrank_chisq": log_ranks,
    "logrank_V": log_ranks,
    "FH_U": weighted,
    "FH_cov": weighted,
    "AJ_cif": incidence,
    "AJ_se": incidence,
    "firth_value": firth,
    "firth_coef": firth,
    "firth_held": firth,
    "survreg_coef": parametric,
    "survreg_se": parametric,
    "survreg_scale": parametric,
    "survreg_loglik": parametric,
}


def found(name: str, which: str, words: list[str]) -> float:
    if which == "zph":
        return proportional(name, words)
    if which == "finegray":
        data = survival_data(name)
        fit = fine_gray(data.time, data.cause, data.arm_and_age, ties=words[0])
        return float(fit.coefficients[int(words[1]) - 1])
    if which.startswith("cure"):
        return cured(name, which, words)
    if which in BY_DATA:
        return BY_DATA[which](survival_data(name), which, words)
    return cox(name, which, words)


def compared(row: dict[str, str]) -> bool:
    """The small set has no cure fraction inside (0, 1): R runs off to a logit of -25."""
    return not (row["dataset"] == "surv_small" and row["quantity"].startswith("cure"))


@pytest.mark.parametrize("name", SETS)
def test_equals_r(name: str) -> None:
    rows = [row for row in ROWS if row["dataset"] == name and compared(row)]
    assert len(rows) > 150
    wrong = []
    for row in rows:
        which, *words = row["quantity"].split(":")
        room = SEARCHED if which in ("firth_coef", "cure_par") else CLOSED_FORM
        ours, theirs = found(name, which, words), value_of(row)
        # relative where the numbers are large: R prints ten decimals of a log-likelihood of 500
        if ours != pytest.approx(theirs, abs=room, rel=CLOSED_FORM, nan_ok=True):
            wrong.append(f"{row['quantity']}: {ours} instead of {theirs}")
    assert not wrong, "\n".join(wrong)


def test_says_where_no_cure_fraction_can_be_told() -> None:
    fit = cure("surv_small")
    assert not fit.converged
    assert np.isnan(fit.cure_coefficients).all()


def test_says_where_only_the_penalty_gives_a_ratio() -> None:
    data = survival_data("surv_none")
    assert not cox_regression(data.time, data.event, data.arms).converged
    assert cox_regression(data.time, data.event, data.arms, penalised=True).converged
