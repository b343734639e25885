"""Passage through equal stages against SciPy's gamma distribution and a cell-by-cell simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

from progenitor.manufacture._erlang import erlang_passage


@given(st.floats(0.01, 60), st.floats(0.5, 40), st.integers(1, 30))
def test_arrival_is_erlang_distributed(day: float, mean: float, stages: int) -> None:
    under_way, arrived = erlang_passage(
        np.array([day]), np.array([mean]), np.array([1.0]), stages=stages
    )
    expected = gamma.cdf(day, stages, scale=mean / stages)
    np.testing.assert_allclose(arrived[0], expected, rtol=1e-8, atol=1e-13)  # 1 - sum of 30 terms
    np.testing.assert_allclose(under_way + arrived, 1.0, rtol=1e-9, atol=0)


def test_everybody_arrives_with_the_fold() -> None:
    under_way, arrived = erlang_passage(
        np.array([1e3]), np.array([5.0]), np.array([40.0]), stages=8
    )
    np.testing.assert_allclose(arrived, 40.0, rtol=1e-9, atol=0)
    assert under_way[0] < 1e-9


def test_nobody_has_left_at_the_start() -> None:
    under_way, arrived = erlang_passage(np.zeros(1), np.array([5.0]), np.array([40.0]), stages=8)
    assert (under_way[0], arrived[0]) == (1.0, 0.0)


@pytest.mark.parametrize(("stages", "fold"), [(3, 8.0), (6, 64.0)])
def test_agrees_with_single_cells(stages: int, fold: float) -> None:
    """n = 40,000 founders, seed 5: a founder's progeny is its fold for the stages passed."""
    random = np.random.Generator(np.random.PCG64(5))
    day, mean, founders = 4.0, 5.0, 40_000
    passed = (random.exponential(mean / stages, (founders, stages)).cumsum(axis=1) < day).sum(
        axis=1
    )
    progeny = fold ** (passed / stages)
    under_way, arrived = erlang_passage(
        np.array([day]), np.array([mean]), np.array([fold]), stages=stages
    )
    for seen, expected in (
        (np.where(passed < stages, progeny, 0), under_way[0]),
        (np.where(passed == stages, progeny, 0), arrived[0]),
    ):
        error = seen.std() / np.sqrt(founders)
        assert abs(seen.mean() - expected) < 4 * error  # |z| < 4: one time in 16,000
