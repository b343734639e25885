r"""The exact law of a birth–death population in machine code, advanced along steps of a solver.

As in :mod:`progenitor.engine._birth_death` a line is described by log p and L, here together with
the expected arrivals. Over a step the rates per individual are the cubics through four Lobatto
points, so that ρ = ∫(μ − λ) is a quartic; J = ∫ μ e^ρ is summed over quarters of the step, each by
three Gauss points on as many panels as keep (λ + μ)·panel at a half or less. Two stretches join as

.. math::

    L \leftarrow L + \log(1 + p\, J), \qquad
    \log p \leftarrow \log p + \rho - \log(1 + p\, J).

The quarters' own ρ, J and arrivals are kept, so that what becomes of an arrival is computed from
what lies after it alone, without subtracting large numbers.

Accuracy: with (λ + μ)·step ≤ 2 and rates that change by a factor of up to 1.5 over the step, log p
and L are within 1e-7; rates that change tenfold make it 1e-4, and no solver makes such steps.

References
----------
Kendall. On the generalized "birth-and-death" process. Ann Math Stat 1948;19:1-15,
doi:10.1214/aoms/1177730285, equations 9-12.
"""

import math
from typing import Final

import numpy as np
from jaxtyping import Float, UInt64

from progenitor.engine._compiled import compiled_part
from progenitor.engine._philox import next_double
from progenitor.engine._samplers import binomial, geometric, negative_binomial, poisson

__all__ = [
    "NODES",
    "SEGMENTS",
    "advance",
    "arrival_time",
    "descendants",
    "expected_arrivals",
    "immigrants",
    "per_individual",
    "whole",
]

Stream = UInt64[np.ndarray, " 11"]
Nodes = Float[np.ndarray, " 4"]
Path = Float[np.ndarray, "segment 3"]

NODES: Final = (0.0, 0.5 - 0.05**0.5, 0.5 + 0.05**0.5, 1.0)
"""Where in a step the rates are needed, as fractions of it."""
SEGMENTS: Final = 4
"""Rows that one step adds to a path."""

_ROOT: Final = 5.0**0.5
_GAUSS: Final = ((0.5 - 0.15**0.5, 5.0 / 18.0), (0.5, 8.0 / 18.0), (0.5 + 0.15**0.5, 5.0 / 18.0))
_PANEL: Final = 0.5
_MOST_PANELS: Final = 1000
_LEAST_SHARE: Final = -27.0
"""Bound on log p: lines larger than e²⁷ individuals are not met below a threshold."""
_STEEPEST: Final = 600.0
_FLAT: Final = 1e-9
_HALVINGS: Final = 60


@compiled_part
def per_individual(birth: float, death: float, living: float) -> tuple[float, float]:
    """Return birth and death rate per individual from those of all; a negative birth is a death.

    Examples
    --------
    >>> per_individual(-1.0, 4.0, 10.0)
    (0.0, 0.5)
    """
    return max(birth, 0.0) / living, (max(death, 0.0) + max(-birth, 0.0)) / living


@compiled_part
def _cubic(at: Nodes) -> tuple[float, float, float, float]:
    """Coefficients of the cubic through the values at the nodes, lowest power first."""
    across = at[3] - at[0]
    even = 2.5 * (at[0] + at[3] - at[1] - at[2])
    third = 5.0 * (across - _ROOT * (at[2] - at[1]))
    start: float = at[0]
    return start, across - even + 0.5 * third, even - 1.5 * third, third


@compiled_part
def _integral(cubic: tuple[float, float, float, float], end: float) -> float:
    """Integral of a cubic from 0."""
    tail = cubic[1] / 2.0 + end * (cubic[2] / 3.0 + end * cubic[3] / 4.0)
    return end * (cubic[0] + end * tail)


@compiled_part
def expected_arrivals(step: float, arrival: Nodes) -> float:
    """Return the expected arrivals over a step, the rate being given at the nodes.

    Examples
    --------
    >>> round(expected_arrivals(0.5, np.array(NODES) ** 2), 9) == round(0.5 / 3, 9)
    True
    """
    mean: float = (arrival[0] + arrival[3] + 5.0 * (arrival[1] + arrival[2])) / 12.0
    return max(step * mean, 0.0)


@compiled_part
def arrival_time(step: float, arrival: Nodes, patience: float) -> float:
    """Return after how long expected arrivals reach a number; infinity when not in this step.

    Examples
    --------
    >>> round(arrival_time(2.0, np.full(4, 0.5), 0.25), 9)
    0.5
    >>> arrival_time(2.0, np.full(4, 0.5), 1.25)
    inf
    """
    if expected_arrivals(step, arrival) < patience:
        return math.inf
    cubic = _cubic(arrival)
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if step * _integral(cubic, middle) < patience:
            low = middle
        else:
            high = middle
    return step * high


@compiled_part
def advance(
    line: Float[np.ndarray, " 3"],
    step: float,
    birth: Nodes,
    death: Nodes,
    arrival: Nodes,
    path: Path,
    filled: int,
) -> int:
    """Carry log p, L and the expected arrivals over a step; return the filled rows of the path.

    Parameters
    ----------
    line
        Written: log p, L and the expected arrivals since the stretch began, where all are 0.
    step
        Length of the step in days.
    birth, death, arrival
        Rates at the nodes, 0 or more, the first two per individual.
    path
        Written: expected arrivals, ρ and J of each quarter; without rows where nothing arrives.
    filled
        Rows of the path filled before.

    Examples
    --------
    >>> line, none, path = np.zeros(3), np.zeros(4), np.zeros((0, 3))
    >>> advance(line, 1.0, np.full(4, 0.5), np.full(4, 0.5), none, path, 0)
    0
    >>> np.allclose(line[:2], [-np.log(1.5), np.log(1.5)], rtol=1e-8, atol=0)
    True
    """
    deaths = _cubic(death)
    births = _cubic(birth)
    excess = (
        deaths[0] - births[0],
        deaths[1] - births[1],
        deaths[2] - births[2],
        deaths[3] - births[3],
    )
    come = _cubic(arrival)
    most = 0.0
    for node in range(4):
        most = max(most, birth[node] + death[node])
    panels = min(max(math.ceil(most * step / (SEGMENTS * _PANEL)), 1), _MOST_PANELS)
    width = 1.0 / (SEGMENTS * panels)
    for quarter in range(SEGMENTS):
        begin, end = quarter / SEGMENTS, (quarter + 1) / SEGMENTS
        start = _integral(excess, begin)
        rho = _bounded(step * (_integral(excess, end) - start))
        extinct = 0.0
        for panel in range(panels):
            for place, weight in _GAUSS:
                at = begin + width * (panel + place)
                rate = deaths[0] + at * (deaths[1] + at * (deaths[2] + at * deaths[3]))
                extinct += (
                    weight * rate * math.exp(_bounded(step * (_integral(excess, at) - start)))
                )
        extinct = max(extinct * width * step, 0.0)
        come_now = max(step * (_integral(come, end) - _integral(come, begin)), 0.0)
        loss = math.log1p(math.exp(min(line[0], 0.0)) * extinct)
        line[0] += rho - loss
        line[1] += loss
        line[2] += come_now
        if filled < path.shape[0]:
            path[filled, 0], path[filled, 1], path[filled, 2] = come_now, rho, extinct
            filled += 1
    return filled


@compiled_part
def _bounded(exponent: float) -> float:
    return min(max(exponent, -_STEEPEST), _STEEPEST)


@compiled_part
def descendants(state: Stream, ancestors: int, log_share: float, hazard: float) -> int:
    """Draw the number of living descendants of some individuals.

    Parameters
    ----------
    state
        Stream of random words.
    ancestors
        Individuals at the start.
    log_share, hazard
        log p and L at the end.

    Examples
    --------
    >>> from progenitor.engine._philox import STREAM_WORDS
    >>> state = np.zeros(STREAM_WORDS, np.uint64)
    >>> descendants(state, 1000, 0.0, 0.0), descendants(state, 1000, -1.0, 40.0)
    (1000, 0)
    """
    lines = binomial(state, ancestors, math.exp(-max(hazard, 0.0)))
    share = math.exp(min(max(log_share, _LEAST_SHARE), 0.0))
    if lines <= 0 or share == 1.0:
        return lines
    return lines + negative_binomial(state, lines, share)


@compiled_part
def immigrants(state: Stream, path: Path, filled: int) -> int:
    """Draw the number of living descendants of individuals that arrived one by one on the way.

    Their number is Poisson; each comes at a time by the intensity of arrivals and lives by the
    rates that remain until the end of the path.

    Parameters
    ----------
    state
        Stream of random words.
    path, filled
        Expected arrivals, ρ and J of each segment, and how many there are.

    Examples
    --------
    >>> from progenitor.engine._philox import STREAM_WORDS
    >>> immigrants(np.zeros(STREAM_WORDS, np.uint64), np.zeros((8, 3)), 8)
    0
    """
    expected = 0.0
    for segment in range(filled):
        expected += path[segment, 0]
    waiting = poisson(state, expected)
    alive, rho, extinct = 0, 0.0, 0.0
    for segment in range(filled - 1, -1, -1):
        if waiting <= 0:
            break
        here = path[segment, 0]
        come = waiting
        if segment > 0 and here < expected:
            come = binomial(state, waiting, here / expected)
        for _ in range(come):
            alive += _one_line(state, path[segment, 1], path[segment, 2], rho, extinct)
        waiting -= come
        expected -= here
        extinct = path[segment, 2] + math.exp(path[segment, 1]) * extinct
        rho += path[segment, 1]
    return alive


@compiled_part
def _one_line(state: Stream, rho: float, extinct: float, rho_after: float, after: float) -> int:
    """Draw the living descendants of one arrival within a segment of constant rates."""
    left = next_double(state)
    part = rho * left
    share = left if abs(rho) < _FLAT else math.expm1(part) / math.expm1(rho)
    chance = 1.0 / (1.0 + extinct * share + math.exp(part) * after)
    if next_double(state) >= chance:
        return 0
    share = math.exp(min(max(part + rho_after + math.log(chance), _LEAST_SHARE), 0.0))
    return 1 + geometric(state, share)


@compiled_part
def whole(state: Stream, amount: float) -> int:
    """Round an amount up or down by chance so that its mean is kept.

    Examples
    --------
    >>> from progenitor.engine._philox import STREAM_WORDS
    >>> whole(np.zeros(STREAM_WORDS, np.uint64), 3.0)
    3
    """
    base = math.floor(amount)
    if amount == base:
        return int(base)
    return int(base) + int(next_double(state) < amount - base)
