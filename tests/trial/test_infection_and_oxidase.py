"""Infections per 100 patient-days and oxidase-positive neutrophils by table.

Worked by hand: Hill et al. 2018, doi:10.1182/blood-2017-07-793760; Garwood 1936,
doi:10.1093/biomet/28.3-4.437 (exact limits); Marciano et al. 2018, doi:10.1016/j.jaci.2017.04.035.
"""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.evidence import default_catalogue
from progenitor.trial import InfectionRate, OxidasePositiveNeutrophils, published_endpoint

NAN = float("nan")


@pytest.mark.parametrize(
    ("onset", "severity", "followed", "options", "counted", "risk", "worst"),
    [
        pytest.param([5, 20], [3, 2], 90, {}, 2, 28, 3, id="two"),
        pytest.param([5, 20], [3, 2], 90, {"least_severity": 3}, 1, 28, 3, id="severe only"),
        pytest.param([28, 40], [3, 3], 90, {}, 0, 28, 0, id="onset on the last day"),
        pytest.param([28, 40], [3, 3], 90, {"first_day": 28.0, "last_day": 90.0}, 2, 62, 3),
        pytest.param([5, 5], [3, 4], 10, {}, 2, 10, 4, id="death on day 10"),
        pytest.param([5, 12], [3, 4], 90, {"apart": 7.0}, 1, 28, 3, id="within 7 days"),
        pytest.param([5, 13], [3, 4], 90, {"apart": 7.0}, 2, 28, 4, id="8 days apart"),
        pytest.param([20, 5], [2, 4], 90, {}, 2, 28, 4, id="in any order"),
        pytest.param([NAN, NAN], [0, 0], 90, {}, 0, 28, 0, id="none"),
        pytest.param(
            [NAN, NAN], [0, 0], 20, {"first_day": 28.0, "last_day": 90.0}, 0, 0, 0, id="not at risk"
        ),
        pytest.param([NAN, NAN], [0, 0], NAN, {}, NAN, NAN, NAN, id="no data"),
    ],
)
def test_counts(
    onset: list[float],
    severity: list[int],
    followed: float,
    options: dict[str, float],
    counted: float,
    risk: float,
    worst: float,
) -> None:
    rate = InfectionRate(**({"first_day": 0.0, "last_day": 28.0} | options))
    found = rate.evaluate(
        np.array([onset], dtype=float), np.array([severity]), np.array([float(followed)])
    )
    answer = [float(values[0]) for values in found]
    assert answer == pytest.approx([counted, risk, worst], nan_ok=True, rel=0)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    # Garwood's 95 % limits of a Poisson mean, printed to three decimals
    [(0, 0.0, 3.689), (1, 0.025, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390)],
)
def test_garwood(events: int, low: float, high: float) -> None:
    rate = InfectionRate(first_day=0.0, last_day=100.0)
    onset = np.concatenate([np.arange(1.0, events + 1), [NAN]])[np.newaxis]
    pooled = rate.pooled(rate.evaluate(onset, np.ones(onset.shape, dtype=int), np.array([100.0])))
    assert pooled.rate == events  # 100 patient-days
    assert (pooled.low, pooled.high) == pytest.approx((low, high), abs=5.1e-4, rel=0)


def test_no_day_at_risk_has_no_rate() -> None:
    rate = InfectionRate(first_day=28.0, last_day=90.0)
    found = rate.evaluate(np.array([[NAN]]), np.array([[0]]), np.array([10.0]))
    assert np.isnan(rate.pooled(found).rate)


def test_impossible_infections_are_refused() -> None:
    rate = InfectionRate(first_day=0.0, last_day=28.0)
    with pytest.raises(DesignError, match="a severity is not 1 to 5; an infection after"):
        rate.evaluate(np.array([[9.0]]), np.array([[6]]), np.array([5.0]))
    with pytest.raises(DesignError, match="window 5 to 5; severity 0; -1 days apart"):
        InfectionRate(first_day=5.0, last_day=5.0, least_severity=0, apart=-1.0)


DAYS = np.array([30.0, 180.0, 270.0, 365.0])


@pytest.mark.parametrize(
    ("positive", "reached", "lost", "sustained", "lowest"),
    [
        pytest.param([0.3, 0.2, 0.15, 0.1], 30, NAN, 1, 0.1, id="kept, at the share"),
        pytest.param([0.3, 0.2, 0.099, 0.2], 30, 270, 0, 0.099, id="dips"),
        pytest.param([0.3, 0.2, NAN, 0.2], 30, NAN, 1, 0.2, id="a missing sample"),
        pytest.param([0.3, 0.2, 0.2, NAN], 30, NAN, NAN, 0.2, id="not followed to the end"),
        pytest.param([0.3, 0.05, NAN, NAN], 30, 180, 0, 0.05, id="lost, then not followed"),
        pytest.param([0.05, 0.2, 0.2, 0.2], 180, NAN, 1, 0.2, id="slow"),
        pytest.param([0.0, 0.0, 0.0, 0.0], NAN, NAN, 0, 0.0, id="never"),
        pytest.param([NAN] * 4, NAN, NAN, NAN, NAN, id="no samples"),
    ],
)
def test_oxidase(
    positive: list[float], reached: float, lost: float, sustained: float, lowest: float
) -> None:
    oxidase = published_endpoint(
        OxidasePositiveNeutrophils, default_catalogue(), by_day=180.0, until_day=365.0
    )
    found = oxidase.evaluate(DAYS, np.array([positive]))
    answer = [float(values[0]) for values in found]
    assert answer == pytest.approx([reached, lost, sustained, lowest], nan_ok=True, rel=0)


def test_few_cells_prove_little() -> None:
    """Wilson's lower limit of 20 of 100 is 0.1334, of 4 of 20 it is 0.0807."""
    oxidase = OxidasePositiveNeutrophils(share=0.1, by_day=180.0, until_day=365.0, sure=True)
    share = np.full((2, 4), 0.2)
    cells = np.array([[100.0] * 4, [20.0] * 4])
    assert oxidase.evaluate(DAYS, share, cells).sustained.tolist() == [1.0, 0.0]
    with pytest.raises(DesignError, match="no counts of neutrophils"):
        oxidase.evaluate(DAYS, share)
