"""Value of information and forecast scores, every row of the reference tables."""

import csv
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.programme import (
    GaussianDecision,
    regression_value,
    sample_evpi,
    score_probabilities,
)

DATA = Path(__file__).parent / "data"
CLOSED_FORM = 1e-6

Row = dict[str, str]


def rows(table: str) -> list[Row]:
    text = (DATA / f"{table}_public.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def listed(text: str) -> tuple[float, ...]:
    return tuple(float(word) for word in text.split(";"))


def close(value: object) -> object:
    return pytest.approx(value, rel=0, abs=CLOSED_FORM)


def decision_of(row: Row) -> GaussianDecision:
    return GaussianDecision(
        listed(row["coef"]), listed(row["mean"]), listed(row["sd"]), float(row["const"])
    )


@pytest.mark.parametrize("row", rows("voi_gaussian"), ids=lambda r: r["id"])
def test_value_of_information(row: Row) -> None:
    decision = decision_of(row)
    assert decision.current == close(float(row["ENB_current"]))
    assert decision.evpi == close(float(row["EVPI"]))
    found = [decision.evppi(index) for index in range(len(decision.sds))]
    assert found == close(list(listed(row["EVPPI"])))
    spread, sizes = listed(row["obs_sd"]), [int(n) for n in listed(row["n_obs"])]
    for index, printed in enumerate(row["EVSI"].split("|")):
        found = [decision.evsi(index, observation_sd=spread[index], n=n) for n in sizes]
        assert found == close(list(listed(printed)))


@pytest.mark.parametrize("row", rows("voi_gaussian")[:3], ids=lambda r: r["id"])
def test_the_regression_estimator_finds_the_closed_form(row: Row) -> None:
    """40,000 samples, seed 1; |z| < 4 against the estimator's own standard error."""
    decision = decision_of(row)
    scores = stream(1, "voi samples").standard_normal((40_000, len(decision.sds)))
    numbers = np.asarray(decision.means) + scores * np.asarray(decision.sds)
    benefit = decision.constant + numbers @ np.asarray(decision.coefficients)
    both = np.stack([np.zeros_like(benefit), benefit], axis=1)
    perfect = sample_evpi(both)
    assert abs(perfect.value - decision.evpi) < 4.0 * perfect.standard_error
    for index in range(len(decision.sds)):
        found = regression_value(both, numbers[:, [index]])
        slack = 4.0 * found.standard_error + 0.01 * decision.evpi  # shape of the polynomial
        assert abs(found.value - decision.evppi(index)) < slack
    spread = listed(row["obs_sd"])[0]
    noise = stream(1, "voi data").standard_normal(40_000) * spread / 20**0.5
    found = regression_value(both, (numbers[:, 0] + noise)[:, None])
    want = decision.evsi(0, observation_sd=spread, n=20)
    assert abs(found.value - want) < 4.0 * found.standard_error + 0.01 * decision.evpi


@pytest.mark.parametrize("row", rows("forecast_scores"), ids=lambda r: r["id"])
def test_forecast_scores(row: Row) -> None:
    found = score_probabilities(np.array(listed(row["p"])), np.array(listed(row["y"])))
    columns = {
        "brier": found.brier,
        "logloss": found.log_loss,
        "brier_skill_vs_base_rate": found.skill,
        "reliability10": found.reliability,
        "resolution10": found.resolution,
        "uncertainty": found.uncertainty,
        "ece10": found.calibration_error,
        "spiegelhalter_z": found.spiegelhalter_z,
        "cal_in_the_large": found.calibration_in_the_large,
        "cal_intercept": found.calibration_intercept,
        "cal_slope": found.calibration_slope,
        "auc": found.auc,
    }
    assert columns == close({name: float(row[name]) for name in columns})
