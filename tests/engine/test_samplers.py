"""Compiled random numbers follow their laws: chi-square and Kolmogorov-Smirnov against SciPy.

Each case draws 200,000 numbers from a stream of its own, seed 11. A correct sampler fails a case
with probability 1e-7 when the seed is changed; with fewer than 100 cases that is 1e-5 for the file.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats

from progenitor.engine._compiled import compiled
from progenitor.engine._log_mass import log_binomial, log_poisson
from progenitor.engine._philox import STREAM_WORDS, seed_stream
from progenitor.engine._samplers import (
    binomial,
    exponential,
    gamma,
    geometric,
    negative_binomial,
    normal,
    poisson,
)
from progenitor.engine._streams import stream_key

COUNT = 200_000
ALARM = 1e-7
Draws = Callable[..., Any]


@compiled
def exponentials(state: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = exponential(state)


@compiled
def normals(state: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = normal(state)


@compiled
def gammas(state: Any, shape: float, out: Any) -> None:
    for i in range(out.size):
        out[i] = gamma(state, shape)


@compiled
def poissons(state: Any, mean: float, out: Any) -> None:
    for i in range(out.size):
        out[i] = poisson(state, mean)


@compiled
def geometrics(state: Any, chance: float, out: Any) -> None:
    for i in range(out.size):
        out[i] = geometric(state, chance)


@compiled
def binomials(state: Any, number: int, chance: float, out: Any) -> None:
    for i in range(out.size):
        out[i] = binomial(state, number, chance)


@compiled
def negative_binomials(state: Any, number: int, chance: float, out: Any) -> None:
    for i in range(out.size):
        out[i] = negative_binomial(state, number, chance)


def begin(case: str) -> np.ndarray:
    state = np.zeros(STREAM_WORDS, np.uint64)
    one, two = (np.uint64(word) for word in stream_key(11, case))
    seed_stream(state, one, two, np.uint64(0), np.uint64(0))
    return state


def drawn(function: Draws, *arguments: float, kind: type = np.int64) -> np.ndarray:
    out = np.empty(COUNT, kind)
    function(begin(f"{function.__name__}{arguments}"), *arguments, out)
    return out


def check_counts(found: np.ndarray, law: Any) -> None:
    """Chi-square over cells of about equal probability, rare ones joined."""
    edges = np.unique(law.ppf(np.linspace(0.0, 1.0, 60)[1:-1]))
    cumulated = np.concatenate([[0.0], law.cdf(edges), [1.0]])
    expected = COUNT * np.diff(cumulated)
    expected[-1] = COUNT * law.sf(edges[-1])
    observed = np.histogram(found, np.concatenate([[-np.inf], edges + 0.5, [np.inf]]))[0]
    wide = expected >= 5
    assert observed[~wide].sum() <= stats.poisson.isf(ALARM, expected[~wide].sum() + 1e-12)
    observed, expected = observed[wide], expected[wide]
    if expected.size > 1:
        expected *= observed.sum() / expected.sum()
        assert stats.chisquare(observed, expected).pvalue > ALARM


@pytest.mark.parametrize(
    "mean",
    [1e-12, 1e-6, 0.01, 0.5, 1.0, 3.0, 9.999, 10.0, 10.5, 12.0, 30.0, 100.0, 1e3, 1e4, 1e6, 1e8],
)
def test_poisson(mean: float) -> None:
    check_counts(drawn(poissons, mean), stats.poisson(mean))


@pytest.mark.parametrize(
    ("number", "chance"),
    [
        (1, 0.5), (1, 1e-12), (2, 0.3), (7, 0.9), (19, 0.5), (20, 0.5), (21, 0.5), (25, 0.4),
        (100, 0.0999), (100, 0.1001), (100, 0.95), (1000, 0.01), (1000, 0.25), (10_000, 0.5),
        (10_000, 0.999), (10**6, 1e-6), (10**6, 1.5e-5), (10**6, 0.3), (10**9, 1e-12),
        (10**9, 1e-9), (10**9, 1e-8), (10**9, 1e-4), (10**9, 0.5), (10**9, 1 - 1e-9),
    ],
)  # fmt: skip
def test_binomial(number: int, chance: float) -> None:
    check_counts(drawn(binomials, number, chance), stats.binom(number, chance))


@pytest.mark.parametrize(
    ("number", "chance"),
    [
        (1, 0.5), (1, 1e-4), (1, 1 - 1e-9), (2, 0.01), (3, 0.9), (10, 0.5), (100, 0.05),
        (1000, 0.999), (10_000, 0.3), (10**6, 1 - 1e-6), (10**6, 0.5),
    ],
)  # fmt: skip
def test_negative_binomial(number: int, chance: float) -> None:
    check_counts(drawn(negative_binomials, number, chance), stats.nbinom(number, chance))


@pytest.mark.parametrize("chance", [0.9, 0.5, 0.01, 1e-6])
def test_geometric(chance: float) -> None:
    check_counts(drawn(geometrics, chance) + 1, stats.geom(chance))


@pytest.mark.parametrize("shape", [0.01, 0.3, 0.999, 1.0, 1.5, 10.0, 1e3, 1e6, 1e9])
def test_gamma(shape: float) -> None:
    found = drawn(gammas, shape, kind=np.float64)
    assert stats.kstest(found, stats.gamma(shape).cdf).pvalue > ALARM


def test_exponential() -> None:
    found = drawn(exponentials, kind=np.float64)
    assert stats.kstest(found, stats.expon.cdf).pvalue > ALARM


def test_normal() -> None:
    found = drawn(normals, kind=np.float64)
    assert stats.kstest(found, stats.norm.cdf).pvalue > ALARM


@pytest.mark.parametrize("mean", [1e10, 1e12, 1e15])
def test_poisson_of_astronomical_means(mean: float) -> None:
    """Moments of the deviations, which are normal to within 1e-5 there; |z| < 5.4 (1e-7)."""
    deviations = (drawn(poissons, mean) - mean) / np.sqrt(mean)
    assert abs(deviations.mean()) < 5.4 / np.sqrt(COUNT)
    assert abs(deviations.var() - 1.0) < 5.4 * np.sqrt(2.0 / COUNT)


def test_lines_that_grow_a_billionfold() -> None:
    """Negative binomial with 1e6 successes of chance e⁻²⁵: mean and variance, |z| < 5.4 (1e-7)."""
    number, chance = 10**6, float(np.exp(-25.0))
    found = drawn(negative_binomials, number, chance).astype(float)
    mean = number * (1.0 - chance) / chance
    deviations = (found - mean) / (np.sqrt(number * (1.0 - chance)) / chance)
    assert abs(deviations.mean()) < 5.4 / np.sqrt(COUNT)
    assert abs(deviations.var() - 1.0) < 5.4 * np.sqrt(2.0 / COUNT)


def test_certain_outcomes_are_certain() -> None:
    state = begin("certain")
    for number in (0, 1, 10**9):
        assert binomial(state, number, 0.0) == 0
        assert binomial(state, number, 1.0) == number
        assert negative_binomial(state, number, 1.0) == 0
    assert poisson(state, 0.0) == 0
    assert binomial(state, 0, 0.5) == 0
    assert negative_binomial(state, 0, 0.5) == 0
    assert geometric(state, 1.0) == 0


@pytest.mark.parametrize("bad", [-1e-9, 1 + 1e-9, float("nan")])
def test_impossible_laws_are_told(bad: float) -> None:
    state = begin("impossible")
    assert binomial(state, 10, bad) == -1
    assert negative_binomial(state, 10, bad) == -1
    assert geometric(state, bad) == -1
    assert binomial(state, -1, 0.5) == -1
    assert poisson(state, -1.0) == -1
    assert poisson(state, float("nan")) == -1
    assert poisson(state, 1e19) == -1


def exact_log_mass(count: int, number: int, chance: Fraction) -> float:
    """Binomial log mass by logarithms of whole-number products (60 digits)."""
    from decimal import Decimal, getcontext

    getcontext().prec = 60
    ways = Decimal(0)
    for k in range(1, min(count, number - count) + 1):
        ways += (Decimal(number - k + 1) / Decimal(k)).ln()
    one = Decimal(chance.numerator) / Decimal(chance.denominator)
    return float(ways + count * one.ln() + (number - count) * (1 - one).ln())


@pytest.mark.parametrize(
    ("count", "number", "chance"),
    [(3, 10, 0.25), (500, 1000, 0.5), (15, 10**9, 2.0**-26), (1200, 10**9, 2.0**-20)],
)
def test_binomial_mass_is_accurate(count: int, number: int, chance: float) -> None:
    expected = exact_log_mass(count, number, Fraction(chance))
    found = log_binomial(float(count), float(number), chance)
    assert abs(found - expected) < 1e-11 * max(1.0, abs(expected))


@pytest.mark.parametrize(("count", "mean"), [(1, 2.0), (15, 10.0), (16, 10.0), (100, 90.0)])
def test_poisson_mass_is_accurate(count: int, mean: float) -> None:
    assert abs(log_poisson(float(count), mean) - stats.poisson(mean).logpmf(count)) < 1e-12
