"""Posterior and predictive probabilities against quadrature and simulation-free identities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from progenitor.errors import DesignError, InputError
from progenitor.trial import posterior_exceeds, predictive_probability, probability_greater

CLOSE = 1e-9  # adaptive quadrature on both sides


@given(y=st.integers(0, 30), a=st.floats(0.1, 20.0), b=st.floats(0.1, 20.0))
def test_predictive_probability_averages_to_itself(y: int, a: float, b: float) -> None:
    """PP now is the mean of PP after the next patient: no drift under the predictive."""
    numbers = {"a": a, "b": b, "p0": 0.3, "theta_t": 0.9}
    now = float(predictive_probability(y, 30, 40, **numbers)[0])
    later = predictive_probability(np.array([y, y + 1]), 31, 40, **numbers)
    respond = (a + y) / (a + b + 30)
    expected = (1.0 - respond) * later[0] + respond * later[1]
    assert now == pytest.approx(float(expected), rel=0, abs=1e-9)


def test_at_the_end_nothing_is_left_to_predict() -> None:
    pp = predictive_probability(np.arange(41), 40, 40, a=1.0, b=1.0, p0=0.3, theta_t=0.9)
    assert set(pp.tolist()) == {0.0, 1.0}


def test_everything_wrong_is_told() -> None:
    with pytest.raises(InputError) as refused:
        predictive_probability(9, 8, 5, a=1.0, b=1.0, p0=0.0, theta_t=2.0)
    assert len(refused.value.problems) == 4
    with pytest.raises(DesignError, match="Beta"):
        predictive_probability(1, 8, 10, a=0.0, b=1.0, p0=0.1, theta_t=0.9)


@pytest.mark.parametrize(
    ("first", "second"),
    [((1, 1), (1, 1)), ((0.4, 9.6), (20, 80)), ((200, 300), (2, 3)), ((9.5, 0.5), (0.5, 0.5))],
)
@pytest.mark.parametrize("delta", [-0.2, 0.0, 0.15, 0.6])
def test_difference_of_betas(
    first: tuple[float, float], second: tuple[float, float], delta: float
) -> None:
    """Against the integral over the other variable."""
    one, two = stats.beta(*first), stats.beta(*second)
    # over quantiles of the second, where the first is smooth
    value, _ = integrate.quad(
        lambda u: one.sf(np.clip(two.ppf(u) + delta, 0.0, 1.0)), 0, 1, epsabs=1e-11, limit=500
    )
    assert probability_greater(first, second, delta) == pytest.approx(value, rel=0, abs=1e-7)


def test_concentrated_rates_are_not_stepped_over() -> None:
    """Two rates known to a thousandth: a quadrature without marks would miss the step."""
    near = probability_greater((2e5, 8e5), (2e5, 8e5), 0.0)
    assert near == pytest.approx(0.5, rel=0, abs=1e-6)
    assert probability_greater((3e5, 7e5), (2e5, 8e5), 0.05) == pytest.approx(1.0, rel=0, abs=CLOSE)
    assert probability_greater((1, 1), (3e5, 7e5), 0.0) == pytest.approx(0.7, rel=0, abs=1e-6)


def test_ends_of_the_difference() -> None:
    assert probability_greater((1, 1), (1, 1), 1.0) == 0.0
    assert probability_greater((1, 1), (1, 1), -1.0) == 1.0
    with pytest.raises(DesignError, match="between −1 and 1"):
        probability_greater((1, 1), (1, 1), 1.5)


def test_posterior_grows_with_responders() -> None:
    found = posterior_exceeds(np.arange(21), 20, a=0.5, b=0.5, rate=0.3)
    assert np.all(np.diff(found) > 0.0)
