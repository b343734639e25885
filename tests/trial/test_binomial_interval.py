"""Intervals of a rate: coverage, symmetry, edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from progenitor.errors import DesignError
from progenitor.trial import binomial_interval

METHODS = ("clopper_pearson", "wilson", "jeffreys")


@pytest.mark.parametrize("n", [1, 12, 43])
def test_clopper_pearson_never_covers_too_little(n: int) -> None:
    limits = np.array([binomial_interval(x, n, level=0.9) for x in range(n + 1)])
    for p in np.linspace(0.01, 0.99, 99):
        inside = (limits[:, 0] <= p) & (p <= limits[:, 1])
        assert binom.pmf(np.arange(n + 1), n, p)[inside].sum() >= 0.9


@pytest.mark.parametrize("method", METHODS)
@given(n=st.integers(1, 300), data=st.data(), level=st.floats(0.5, 0.999))
def test_contains_the_rate_and_mirrors(
    method: str, n: int, data: st.DataObject, level: float
) -> None:
    x = data.draw(st.integers(0, n))
    low, high = binomial_interval(x, n, method=method, level=level)
    assert 0.0 <= low <= high <= 1.0
    if method != "jeffreys" or level > 0.8:  # a low-level Jeffreys interval may miss x/n
        assert low <= x / n + 1e-12
        assert high >= x / n - 1e-12
    mirrored = binomial_interval(n - x, n, method=method, level=level)
    assert mirrored == pytest.approx((1.0 - high, 1.0 - low), abs=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_edges(method: str) -> None:
    assert binomial_interval(0, 9, method=method)[0] == 0.0
    assert binomial_interval(9, 9, method=method)[1] == 1.0


@pytest.mark.parametrize(("x", "n", "level"), [(3, 2, 0.9), (-1, 2, 0.9), (0, 0, 0.9), (1, 2, 1.0)])
def test_impossible_counts_are_refused(x: int, n: int, level: float) -> None:
    with pytest.raises(DesignError, match="no interval"):
        binomial_interval(x, n, level=level)
