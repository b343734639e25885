"""Losses while waiting: the exponential law, its edges, the same people in every arm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.engine import stream
from progenitor.errors import DesignError
from progenitor.trial import waiting_attrition


def test_share_lost_follows_the_exponential_law() -> None:
    """40,000 patients, 0.004 per day for 30 days, seed 1; |z| < 4, one false alarm in 16,000."""
    n, hazard, wait = 40_000, 0.004, 30.0
    uniform = stream(1, "test attrition").random(n)
    lost, day = waiting_attrition(np.full(n, hazard), np.full(n, wait), uniform)
    expected = 1.0 - np.exp(-hazard * wait)
    assert abs(lost.mean() - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / n)
    assert (day[lost] < wait).all()
    assert np.isnan(day[~lost]).all()


@pytest.mark.parametrize(
    ("hazard", "wait", "uniform", "lost"),
    [
        (0.0, 30.0, 0.999, False),  # no hazard: nobody is lost
        (0.0, np.inf, 0.999, False),
        (0.01, 0.0, 0.0, False),  # no wait: nobody is lost, not even at once
        (0.01, np.inf, 0.5, True),  # a product that never comes loses everybody at risk
        (0.01, 30.0, 0.0, True),  # uniform 0 is a loss on day 0
    ],
)
def test_edges(hazard: float, wait: float, uniform: float, lost: bool) -> None:
    found, _ = waiting_attrition(np.array([hazard]), np.array([wait]), np.array([uniform]))
    assert found.tolist() == [lost]


@given(
    hazard=st.floats(0.0, 0.1),
    uniform=st.floats(0.0, 0.999),
    waits=st.tuples(st.floats(0.0, 100.0), st.floats(0.0, 100.0)),
)
def test_a_faster_product_loses_a_subset(
    hazard: float, uniform: float, waits: tuple[float, float]
) -> None:
    short, long = min(waits), max(waits)
    arrays = np.full(2, hazard), np.array([short, long]), np.full(2, uniform)
    lost, _ = waiting_attrition(*arrays)
    assert not lost[0] or lost[1]


@pytest.mark.parametrize(
    ("hazard", "wait", "uniform", "words"),
    [
        (-0.1, 1.0, 0.5, "hazard is negative"),
        (np.nan, 1.0, 0.5, "hazard is negative, missing"),
        (0.1, np.nan, 0.5, "wait is negative or missing"),
        (0.1, 1.0, 1.0, r"outside \[0, 1\)"),
    ],
)
def test_bad_numbers_are_refused(hazard: float, wait: float, uniform: float, words: str) -> None:
    with pytest.raises(DesignError, match=words):
        waiting_attrition(np.array([hazard]), np.array([wait]), np.array([uniform]))
