"""Compiled birth–death pieces: accuracy along a step, and the laws of Kendall for what is drawn.

Stochastic tests state their seed and number; with |z| < 4.9 or p > 1e-6 correct code raises a false
alarm with probability 1e-6 per comparison when the seed is changed.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad, solve_ivp

from progenitor.engine import _birth_death as plain
from progenitor.engine import stream
from progenitor.engine._birth_death_kernels import (
    NODES,
    SEGMENTS,
    advance,
    arrival_time,
    descendants,
    expected_arrivals,
    immigrants,
    per_individual,
    whole,
)
from progenitor.engine._compiled import compiled
from progenitor.engine._philox import STREAM_WORDS, seed_stream
from progenitor.engine._streams import stream_key

Z = 4.9
ALARM = 1e-6
COUNT = 100_000
Rate = Callable[[Any], Any]
AT = np.array(NODES)
NO_PATH = np.zeros((0, 3))


@compiled
def many_descendants(state: Any, number: int, log_share: float, hazard: float, out: Any) -> None:
    for i in range(out.size):
        out[i] = descendants(state, number, log_share, hazard)


@compiled
def many_immigrants(state: Any, path: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = immigrants(state, path, path.shape[0])


@compiled
def many_wholes(state: Any, amount: float, out: Any) -> None:
    for i in range(out.size):
        out[i] = whole(state, amount)


def begin(seed: int) -> np.ndarray:
    state = np.zeros(STREAM_WORDS, np.uint64)
    one, two = (np.uint64(word) for word in stream_key(seed, "birth and death"))
    seed_stream(state, one, two, np.uint64(0), np.uint64(0))
    return state


def steps(
    birth: Rate, death: Rate, arrival: Rate, end: float, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Line and path after a number of equal steps from 0."""
    line, path = np.zeros(3), np.zeros((SEGMENTS * count, 3))
    step, filled = end / count, 0
    for k in range(count):
        nodes = step * (k + AT)
        rates = [np.broadcast_to(f(nodes), 4).astype(float) for f in (birth, death, arrival)]
        filled = advance(line, step, *rates, path, filled)
    assert filled == SEGMENTS * count
    return line, path


def exact(birth: Rate, death: Rate, start: list[float], end: float) -> np.ndarray:
    def slopes(t: float, line: np.ndarray) -> list[float]:
        share = np.exp(line[0])
        return [death(t) * (1 - share) - birth(t), death(t) * share]

    return solve_ivp(slopes, (0, end), start, "DOP853", rtol=1e-13, atol=1e-14).y[:, -1]


@pytest.mark.parametrize("start", [[0.0, 0.0], [-2.0, 1.0], [-0.5, 20.0]])
@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("change", [-0.4, 0.0, 0.2, 0.4])
def test_a_step_is_accurate(start: list[float], part: float, change: float) -> None:
    """(λ + μ)·step ≤ 2, rates that change by up to e^0.4 = 1.5 over the step: within 1e-7."""

    def birth(t: Any) -> Any:
        return 2.0 * (1 - part) * np.exp(change * (t - 1))

    def death(t: Any) -> Any:
        return 2.0 * part * np.exp(-change * t)

    line = np.array([*start, 0.0])
    ones = np.ones(4)
    advance(line, 1.0, birth(AT) * ones, death(AT) * ones, ones, NO_PATH, 0)
    assert np.abs(line[:2] - exact(birth, death, start, 1.0)).max() < 1e-7
    assert abs(line[2] - 1.0) < 1e-12


@pytest.mark.parametrize(("birth", "death"), [(30.0, 2.0), (2.0, 30.0), (200.0, 300.0)])
def test_constant_rates_are_exact_however_long_the_step(birth: float, death: float) -> None:
    line, ones = np.zeros(3), np.ones(4)
    advance(line, 1.0, birth * ones, death * ones, 0 * ones, NO_PATH, 0)
    fall = death - birth
    extinct = death * np.expm1(fall) / fall
    expected = [fall - np.log1p(extinct), np.log1p(extinct)]
    assert np.allclose(line[:2], expected, rtol=1e-7, atol=0)


def test_halving_steps_gains_six_orders_of_two() -> None:
    """Lobatto's rule on four points is exact up to degree five: the error falls like step⁶."""

    def birth(t: Any) -> Any:
        return 0.4 * (1 + np.sin(t))

    def death(t: Any) -> Any:
        return 0.5 * np.exp(-0.5 * t)

    reference = exact(birth, death, [0.0, 0.0], 4.0)
    errors = [
        np.abs(steps(birth, death, np.ones_like, 4.0, count)[0][:2] - reference).max()
        for count in (2, 4, 8)
    ]
    assert np.log2(errors[0] / errors[1]) > 5
    assert np.log2(errors[1] / errors[2]) > 5


def test_violent_killing_stays_in_range() -> None:
    line, ones = np.zeros(3), np.ones(4)
    for _ in range(100):
        advance(line, 50.0, 0 * ones, 1e3 * ones, 0 * ones, NO_PATH, 0)
    assert np.isfinite(line).all()
    assert descendants(begin(1), 10**6, line[0], line[1]) == 0


def test_rates_per_individual_are_not_negative() -> None:
    assert per_individual(3.0, 6.0, 3.0) == (1.0, 2.0)
    assert per_individual(-3.0, -6.0, 3.0) == (0.0, 1.0)


@pytest.mark.parametrize("power", range(6))
def test_expected_arrivals_integrate_polynomials(power: int) -> None:
    found = expected_arrivals(2.0, AT**power)
    assert np.isclose(found, 2.0 / (power + 1), rtol=1e-12, atol=0)


@pytest.mark.parametrize("patience", [1e-6, 0.1, 0.5, 0.9])
def test_the_moment_of_an_arrival_is_where_the_integral_is(patience: float) -> None:
    """The rate t² on 0..1.5 days has the integral t³/3, 1.125 in all."""
    moment = arrival_time(1.5, (1.5 * AT) ** 2, patience)
    assert np.isclose(moment, (3 * patience) ** (1 / 3), rtol=1e-9, atol=0)
    assert arrival_time(1.5, (1.5 * AT) ** 2, 1.1251) == np.inf


def law_of_lines(number: int, log_share: float, hazard: float, most: int) -> np.ndarray:
    """Chances of 0..most descendants: n lines live with e^-L, each is geometric with share p."""
    lines = np.arange(number + 1)
    living = stats.binom.pmf(lines, number, np.exp(-hazard))
    found = np.zeros(most + 1)
    found[0] = living[0]
    for k in range(1, number + 1):
        found[k:] += living[k] * stats.nbinom.pmf(np.arange(most + 1 - k), k, np.exp(log_share))
    return found


@pytest.mark.parametrize(
    ("number", "birth", "death", "days"),
    [(1, 0.5, 0.4, 6.0), (3, 0.2, 0.6, 2.0), (20, 0.3, 0.3, 5.0), (5, 0.0, 0.5, 1.0)],
)
def test_descendants_follow_kendalls_law(
    number: int, birth: float, death: float, days: float
) -> None:
    """Chi-square over cells expecting five or more, seed 2, 100,000 draws."""
    line, _ = steps(lambda t: 0 * t + birth, lambda t: 0 * t + death, np.zeros_like, days, 3)
    out = np.zeros(COUNT, np.int64)
    many_descendants(begin(2), number, line[0], line[1], out)
    growth = np.exp((birth - death) * days)
    mean, variance = number * growth, number * days * 2 * birth
    if birth != death:
        variance = number * (birth + death) / (birth - death) * growth * (growth - 1)
    assert abs(out.mean() - mean) < Z * np.sqrt(variance / COUNT)
    chances = law_of_lines(number, line[0], line[1], 4000)
    expected = COUNT * chances
    cells = int(np.flatnonzero(expected >= 5)[-1]) + 1
    observed = np.bincount(np.minimum(out, cells), minlength=cells + 1)
    expected = np.append(expected[:cells], COUNT - expected[:cells].sum())
    kept = expected >= 5
    rest = observed[kept].sum() / expected[kept].sum()
    assert abs(rest - 1) < 1e-3
    assert stats.chisquare(observed[kept], expected[kept] * rest).pvalue > ALARM


def test_the_generating_function_is_kendalls() -> None:
    """E[zᴺ] over 100,000 draws in a changing environment, seed 3, for several z."""

    def birth(t: Any) -> Any:
        return 0.3 + 0.2 * np.sin(t)

    def death(t: Any) -> Any:
        return 0.8 * np.exp(-0.3 * t)

    line, _ = steps(birth, death, np.zeros_like, 5.0, 10)
    out = np.zeros(COUNT, np.int64)
    many_descendants(begin(3), 4, line[0], line[1], out)
    rho = quad(lambda t: death(t) - birth(t), 0, 5)[0]
    extinct = quad(lambda t: death(t) * np.exp(quad(lambda s: death(s) - birth(s), 0, t)[0]), 0, 5)[
        0
    ]
    for z in (0.0, 0.3, 0.7, 0.95):
        one = 1 - (1 - z) / (np.exp(rho) + (1 - z) * (1 + extinct - np.exp(rho)))
        powers = z ** out.astype(float)
        spread = np.sqrt(powers.var() / COUNT)
        assert abs(powers.mean() - one**4) < Z * spread + 1e-9


@pytest.mark.parametrize(("birth", "death"), [(0.3, 0.1), (0.2, 0.8), (0.4, 0.4)])
def test_immigrants_follow_the_negative_binomial_law(birth: float, death: float) -> None:
    """From nothing, with arrivals a and rates λ, μ: shape a/λ; seed 4, 100,000 draws."""
    days, arrivals = 5.0, 0.9
    _, path = steps(
        lambda t: 0 * t + birth, lambda t: 0 * t + death, lambda t: 0 * t + arrivals, days, 3
    )
    out = np.zeros(COUNT, np.int64)
    many_immigrants(begin(4), path, out)
    growth = np.exp((birth - death) * days)
    scale = birth * days if birth == death else birth * (growth - 1) / (birth - death)
    law = stats.nbinom(arrivals / birth, 1 / (1 + scale))
    cells = int(law.isf(1e-4))
    observed = np.bincount(np.minimum(out, cells), minlength=cells + 1)
    expected = COUNT * np.append(law.pmf(np.arange(cells)), law.sf(cells - 1))
    assert stats.chisquare(observed, expected).pvalue > ALARM


def test_immigrants_in_a_changing_environment() -> None:
    """P(none) = exp(-∫ a S ds), S the chance that a line that came at s lives; seed 5, 100,000."""

    def birth(t: Any) -> Any:
        return 0.2 + 0.1 * t

    def death(t: Any) -> Any:
        return 0.5 + 0.5 * np.cos(2 * t)

    def arrival(t: Any) -> Any:
        return 1.5 * np.exp(-0.5 * t)

    end = 4.0
    line, path = steps(birth, death, arrival, end, 8)

    def survival(s: float) -> float:
        return float(
            np.exp(-exact(lambda t: birth(s + t), lambda t: death(s + t), [0, 0], end - s)[1])
        )

    lasting = quad(lambda s: arrival(s) * survival(s), 0, end, epsabs=1e-8)[0]
    out = np.zeros(COUNT, np.int64)
    many_immigrants(begin(5), path, out)
    none = np.exp(-lasting)
    assert abs((out == 0).mean() - none) < Z * np.sqrt(none * (1 - none) / COUNT)
    growth = quad(
        lambda s: arrival(s) * np.exp(quad(lambda t: birth(t) - death(t), s, end)[0]), 0, end
    )[0]
    assert abs(out.mean() - growth) < Z * np.sqrt(out.var() / COUNT)
    assert np.isclose(line[2], 3 * (1 - np.exp(-2)), rtol=1e-7, atol=0)


def test_immigrants_have_the_law_of_the_plain_functions() -> None:
    """Two-sample comparison with the reference engine's functions, seed 6, 4,000 each."""
    times = np.linspace(0, 4, 4001)
    birth, death = 0.5, 0.3
    rho = (death - birth) * times
    extinct = death * np.expm1(rho) / (death - birth)
    shares, hazards = rho - np.log1p(extinct), np.log1p(extinct)
    generator = stream(6, "plain")
    expected = [plain.immigrants(generator, 2.0 * times, shares, hazards) for _ in range(4000)]
    _, path = steps(lambda t: 0 * t + birth, lambda t: 0 * t + death, lambda t: 0 * t + 2, 4.0, 2)
    out = np.zeros(4000, np.int64)
    many_immigrants(begin(6), path, out)
    assert stats.ks_2samp(out, expected).pvalue > ALARM


@pytest.mark.parametrize("amount", [0.25, 3.9, 12345.5, -0.5])
def test_whole_keeps_the_mean(amount: float) -> None:
    out = np.zeros(COUNT, np.int64)
    many_wholes(begin(7), amount, out)
    assert set(np.unique(out)) == {np.floor(amount), np.floor(amount) + 1}
    part = amount - np.floor(amount)
    assert abs((out - amount).mean()) < Z * np.sqrt(part * (1 - part) / COUNT)
