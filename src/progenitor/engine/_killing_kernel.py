"""Targets and effectors of the CARRGO form in machine code, one set of numbers after another."""

from math import ceil, exp, log

import numpy as np

from progenitor.engine._compiled import compiled, compiled_part

__all__ = ["solve_killing"]

_LEAST, _MOST = -60.0, 12.0
"""Ends of ln x and ln y: beyond, no instrument could tell."""


@compiled
def solve_killing(
    numbers: np.ndarray, times: np.ndarray, begin: np.ndarray, step: float, found: np.ndarray
) -> None:
    """Fill ``found``, (2, set, time), by fourth-order Runge-Kutta steps on ln x and ln y.

    Parameters
    ----------
    numbers
        ρ, K, κ1, κ2, θ of each set, (set, 5).
    times
        Increasing.
    begin
        x and y at the first time, (2, set).
    step
        Longest step.
    found
        Where x and y go.
    """
    for one in range(numbers.shape[0]):
        of = numbers[one]
        x, y = log(begin[0, one]), log(begin[1, one])
        found[0, one, 0], found[1, one, 0] = begin[0, one], begin[1, one]
        for place in range(1, times.size):
            gap = times[place] - times[place - 1]
            count = max(1, ceil(gap / step))
            h = gap / count
            for _ in range(count):
                x1, y1 = _rates(of, x, y)
                x2, y2 = _rates(of, x + h / 2 * x1, y + h / 2 * y1)
                x3, y3 = _rates(of, x + h / 2 * x2, y + h / 2 * y2)
                x4, y4 = _rates(of, x + h * x3, y + h * y3)
                x += h / 6 * (x1 + 2 * x2 + 2 * x3 + x4)
                y += h / 6 * (y1 + 2 * y2 + 2 * y3 + y4)
            found[0, one, place], found[1, one, place] = _held(x), _held(y)


@compiled_part
def _held(level: float) -> float:
    """Return what a logarithm stands for, within the ends."""
    return exp(min(max(level, _LEAST), _MOST))


@compiled_part
def _rates(of: np.ndarray, x: float, y: float) -> tuple[float, float]:
    """Return the slopes of ln x and ln y."""
    targets, effectors = _held(x), _held(y)
    return of[0] * (1 - targets / of[1]) - of[2] * effectors, of[3] * targets - of[4]
