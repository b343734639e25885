"""When the next jump of an exact simulation happens, in machine code.

The direct method draws the waiting time from the sum of all rates. Where rates change with time,
candidates come at a rate that bounds the sum over a window, and are accepted by the share that the
sum has of the bound (thinning), which is exact too.

References
----------
Gillespie. A general method for numerically simulating the stochastic time evolution of coupled
chemical reactions. J Comput Phys 1976;22:403-434, doi:10.1016/0021-9991(76)90041-3.
Lewis, Shedler. Simulation of nonhomogeneous Poisson processes by thinning. Nav Res Logist Q
1979;26:403-413, doi:10.1002/nav.3800260304.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64, UInt64

from progenitor.engine._block import Block, Codes, Problem
from progenitor.engine._compiled import compiled_function, compiled_part
from progenitor.engine._layout import Layout
from progenitor.engine._machine_calls import call
from progenitor.engine._philox import next_double
from progenitor.engine._samplers import exponential

__all__ = ["Bounds", "Jumps", "first_gap", "next_jump", "next_jump_thinned"]

_Stream = UInt64[np.ndarray, " 11"]

_NEGATIVE: Final = -1.0
_UNDEFINED: Final = -2.0
_CANDIDATES: Final = 2.0
"""Expected candidates in a window of thinning."""
_NARROWINGS: Final = 200
_ROUNDING: Final = 1.0 + 1e-9


class Jumps(NamedTuple):
    """The jump process; see :class:`progenitor.engine._jump_model.JumpModel`."""

    offsets: Int64[np.ndarray, " reaction_and_end"]
    species: Int64[np.ndarray, " change"]
    changes: Float64[np.ndarray, " change"]
    counted: Bool[np.ndarray, " species"]
    key: UInt64[np.ndarray, " 2"]
    thinned: bool
    watched: int
    timed_triggers: bool


class Bounds(NamedTuple):
    """The companion model's rows, functions and workspace; the model's own without companion.

    The gaps are room for the differences that are watched.
    """

    at: Layout
    code: Codes
    workspace: Float64[np.ndarray, "row lane"]
    address: int
    gaps: Float64[np.ndarray, " gap"]


@compiled_part
def _total(problem: Problem, jumps: Jumps, block: Block, time: float) -> float:
    """Sum of all rates at a time; negative when one is."""
    table, first = block.workspace, problem.at.rates
    table[problem.at.point, 0] = time
    call(problem.code.rates, block.address)
    total = 0.0
    for row in range(first, first + jumps.offsets.size - 1):
        rate = table[row, 0]
        if rate < 0.0:
            return _NEGATIVE
        total += rate
    return total


@compiled_part
def next_jump(
    problem: Problem, jumps: Jumps, block: Block, stream: _Stream, time: float, point: float
) -> tuple[float, float]:
    """Return the moment of the next jump, and a number that is uniform below the sum of all rates.

    The number is -1 when a rate is negative and -2 when one is not a number.

    Parameters
    ----------
    problem, jumps, block, stream
        What is simulated, and where.
    time
        Now.
    point
        Time at which the rates are read; they are constant on the stretch it lies in.
    """
    total = _total(problem, jumps, block, point)
    if total == 0.0:
        return math.inf, 0.0
    if not 0.0 < total < math.inf:
        return time, _NEGATIVE if total < 0.0 else _UNDEFINED
    return time + exponential(stream) / total, next_double(stream) * total


@compiled_function
def next_jump_thinned(
    problem: Problem,
    jumps: Jumps,
    bounds: Bounds,
    block: Block,
    stream: _Stream,
    span: tuple[float, float, float],
    inside: tuple[float, float],
) -> tuple[float, float, float]:
    """Return what :func:`next_jump` does, for rates that change with time, and a window's width.

    Parameters
    ----------
    problem, jumps, bounds, block, stream
        What is simulated, and where.
    span
        Now, the moment at which to stop waiting, and the width of the first window, best that of
        the last one.
    inside
        The first and the last moment between which rates may be read.
    """
    time, reach, width = span
    while time < reach:
        bound, width = _window(problem, jumps, bounds, time, reach - time, width, inside)
        if not bound < math.inf:
            return time, _UNDEFINED, width
        until = reach if width >= reach - time else time + width
        while bound > 0.0:
            time += exponential(stream) / bound
            if time >= until:
                break
            total = _total(problem, jumps, block, min(max(time, inside[0]), inside[1]))
            if not 0.0 <= total <= bound * _ROUNDING:
                return time, _NEGATIVE if total < 0.0 else _UNDEFINED, width
            place = next_double(stream) * bound
            if place < total:
                return time, place, width
        time = until
        width *= 2.0
    return math.inf, 0.0, width


@compiled_function
def _window(
    problem: Problem,
    jumps: Jumps,
    bounds: Bounds,
    time: float,
    left: float,
    width: float,
    inside: tuple[float, float],
) -> tuple[float, float]:
    """Return a bound of the sum of all rates and the width of the window on which it holds."""
    at, table = bounds.at, bounds.workspace
    bound = math.nan
    for _ in range(_NARROWINGS):
        width = min(width, left)
        begin = min(max(time, inside[0]), inside[1])
        table[at.point, 0] = begin
        table[at.at + problem.tolerances.size, 0] = max(begin, min(time + width, inside[1]))
        call(bounds.code.rates, bounds.address)
        bound = 0.0
        for row in range(at.rates, at.rates + jumps.offsets.size - 1):
            bound += max(table[row, 0], 0.0)
        if not bound < math.inf:
            width *= 0.25
        elif bound * width <= 2.0 * _CANDIDATES:
            break
        else:
            width = _CANDIDATES / bound
    return (bound, width) if width > 0.0 else (math.nan, width)


@compiled_function
def first_gap(jumps: Jumps, bounds: Bounds, begin: float, end: float, stop: float) -> float:
    """Return the first moment at which a comparison of time with the state turns, or the stop.

    Differences of both sides are straight lines in time, so that two values give the moment.
    """
    at, table = bounds.at, bounds.workspace
    if not end > begin:
        return stop
    table[at.point, 0] = begin
    call(bounds.code.observe, bounds.address)
    for k in range(jumps.watched):
        bounds.gaps[k] = table[at.observed + k, 0]
    table[at.point, 0] = end
    call(bounds.code.observe, bounds.address)
    for k in range(jumps.watched):
        fall = bounds.gaps[k] - table[at.observed + k, 0]
        if fall != 0.0:
            root = begin + (end - begin) * (bounds.gaps[k] / fall)
            if begin < root < stop:
                stop = root
    return stop
