"""Assurance of two-stage designs, averaged over a Beta prior, against exact reference values."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from progenitor.trial import OutcomeBank, SimonTwoStage, operating_characteristics

TABLE = Path(__file__).parents[1] / "data" / "trial" / "assurance_simon.csv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
PRINTED = 1e-7  # eight decimals, and the quadrature is asked for 1e-9


def design_of(row: dict[str, str]) -> SimonTwoStage:
    boundaries = {key: int(row[key]) for key in ("r1", "n1", "r", "n")}
    return SimonTwoStage(p0=0.1, p1=0.3, **boundaries)


def prior_of(row: dict[str, str]) -> stats.rv_continuous:
    return stats.beta(float(row["prior_a"]), float(row["prior_b"]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_exact_probabilities_average_to_the_assurance(row: dict[str, str]) -> None:
    design, prior = design_of(row), prior_of(row)
    value, _ = integrate.quad(
        lambda rate: design.success_probability(rate) * prior.pdf(rate), 0, 1, epsabs=1e-9
    )
    assert value == pytest.approx(float(row["assurance"]), abs=PRINTED)


@pytest.mark.parametrize("row", ROWS[:4], ids=lambda row: row["id"])
def test_trials_on_a_bank_average_to_the_assurance(row: dict[str, str]) -> None:
    """200 draws at the prior's quantiles, 1,000 patients each, 20,000 trials, seed 1.

    |z| < 4 against the error of the replicates: a false alarm in 16,000 for each row. The 200
    quantiles and the rounding to 1,000 patients shift the average by less than 0.001.
    """
    draws, patients, replicates = 200, 1_000, 20_000
    rates = prior_of(row).ppf((np.arange(draws) + 0.5) / draws)
    responders = np.round(rates * patients).astype(int)
    response = (np.arange(patients) < responders[:, None])[:, None, None, :]
    columns = {"response": response, "infused": response | True, "failed": response & False}
    bank = OutcomeBank(draws, ("tscm",), ("one",), patients, columns)
    found = operating_characteristics(
        design_of(row),
        bank,
        arm="tscm",
        endpoint="response",
        analysis_set="itt",
        replicates=replicates,
        seed=1,
    )
    expected = float(row["assurance"])
    error = np.sqrt(expected * (1.0 - expected) / replicates)
    assert abs(found.success.value - expected) < 4.0 * error + 0.001
