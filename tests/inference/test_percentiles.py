"""Percentiles with censored values, and the exact intervals of order statistics."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from progenitor.inference import censored_percentiles, normal_percentile_interval

VALUES = st.lists(st.integers(1, 40).map(float), min_size=2, max_size=40)


@given(VALUES, st.integers(0, 40))
def test_a_percentile_above_the_limit_is_that_of_the_uncensored_values(
    values: list[float], limit: int
) -> None:
    """Censoring may hide a percentile; it must never move one."""
    whole = np.array(values)
    below = whole < limit
    ranks = (5.0, 25.0, 50.0, 95.0)
    found = censored_percentiles(
        np.where(below, np.nan, whole), below, np.full(len(whole), float(limit)), ranks
    )
    exact = np.percentile(whole, ranks)
    known = ~np.isnan(found)
    np.testing.assert_allclose(found[known], exact[known], rtol=1e-13, atol=0)  # rounding
    assert (exact[~known] < max(limit, 1) + 40.0 * below.any()).all()
    if not below.any():
        assert known.all()


def test_a_percentile_below_the_largest_limit_is_not_known() -> None:
    """One value below 10 might be any of the lowest ranks, although 3 and 5 were measured."""
    value = np.array([3.0, 5.0, np.nan, 12.0, 20.0])
    below = np.isnan(value)
    limit = np.array([1.0, 1.0, 10.0, 10.0, 10.0])
    found = censored_percentiles(value, below, limit, (0.0001, 50.0, 75.0, 99.0))
    assert np.isnan(found).tolist() == [True, True, False, False]
    assert found[2] == 12.0


@pytest.mark.parametrize("percentile", [6.0, 50.0, 94.0])
def test_the_interval_of_a_percentile_is_that_of_the_order_statistic(percentile: float) -> None:
    """101 values: the percentile is one of them, whose rank is Beta distributed."""
    rank = 1 + round(percentile)
    exact = stats.norm.ppf(stats.beta.ppf([0.05, 0.5, 0.95], rank, 102 - rank))
    found = normal_percentile_interval(percentile, 101, 0.9)
    np.testing.assert_allclose(
        found, exact, rtol=1e-9, atol=1e-12
    )  # two inversions of one integral
