"""Exact simulation in machine code: one jump after another, each at its own random moment.

What happens at given moments - outputs, doses, changes, events - is that of the compiled solver.
"""

import math
from typing import Final

import numpy as np
from jaxtyping import UInt64

from progenitor.engine._block import Block, Outputs, Problem
from progenitor.engine._compiled import compiled, compiled_function, compiled_part
from progenitor.engine._lane_numbers import (
    BEGAN,
    CLIPPED,
    END,
    ITEM,
    OUTPUT,
    PENDING,
    ROW,
    STEPS,
    STOPPED,
    SWITCHES,
    TIME,
)
from progenitor.engine._machine_calls import call
from progenitor.engine._moments import (
    CLOSE,
    act,
    find_switches,
    judge,
    report_now,
    start_events,
    take_initial,
)
from progenitor.engine._philox import seed_stream
from progenitor.engine._waiting import Bounds, Jumps, first_gap, next_jump, next_jump_thinned

__all__ = ["JUMPS_PER_STEP", "solve_jumps"]

_Stream = UInt64[np.ndarray, " 11"]

JUMPS_PER_STEP: Final = 1000
"""Jumps that count as one step against the limit of steps."""

_OK: Final = 0
_STEP_LIMIT: Final = 1
_DEADLINE: Final = 2
_NONFINITE: Final = 3
_NEGATIVE: Final = 4
_UNDEFINED: Final = -1.5
_NEARLY_WHOLE: Final = 1e-9


@compiled
def solve_jumps(
    problem: Problem, jumps: Jumps, bounds: Bounds, block: Block, outputs: Outputs, stream: _Stream
) -> None:
    """Simulate every patient of a problem; rows of ``outputs`` are written, nothing else.

    Parameters
    ----------
    problem, jumps
        What is asked.
    bounds, block, stream
        One lane to work in, and room for its random numbers.
    outputs
        Where the answer goes.
    """
    for row in range(problem.outputs.size):
        outputs.values[row] = math.nan
        outputs.event_times[row] = math.nan
        patient, draw = np.uint64(problem.patients[row]), np.uint64(problem.draws[row])
        seed_stream(stream, jumps.key[0], jumps.key[1], patient, draw)
        status = _begin(problem, block, row)
        while status == _OK:
            status = act(problem, block, outputs, 0)
            if status != _OK:
                break
            report_now(problem, block, outputs, 0)
            over = block.count[0, OUTPUT] >= problem.outputs[row]
            if over or not math.isnan(block.lane[0, STOPPED]):
                break
            status = _stretch(problem, jumps, bounds, block, outputs, stream)
        if status != _OK:
            outputs.values[row] = math.nan
            outputs.event_times[row] = math.nan
        outputs.status[row] = status
        outputs.steps[row] = block.count[0, STEPS]
        outputs.stopped_at[row] = block.lane[0, STOPPED] if status == _OK else math.nan
        outputs.clipped[row] = block.count[0, CLIPPED]


@compiled_function
def _begin(problem: Problem, block: Block, row: int) -> int:
    """Put a patient at its beginning."""
    numbers, count, at = block.lane[0], block.count[0], problem.at
    start = min(0.0, problem.times[row, 0])
    if problem.offsets[row + 1] > problem.offsets[row]:
        start = min(start, problem.item_times[problem.offsets[row]])
    numbers[:] = 0.0
    count[:] = 0
    numbers[TIME] = start
    numbers[END] = problem.times[row, problem.outputs[row] - 1]
    numbers[STOPPED] = math.nan
    numbers[BEGAN] = problem.clock[0]
    count[ROW] = row
    count[ITEM] = problem.offsets[row]
    for i in range(problem.parameters.shape[1]):
        block.workspace[at.parameters + i, 0] = problem.parameters[row, i]
    for i in range(problem.tolerances.size):
        block.workspace[at.peaks + i, 0] = 0.0
    block.restored[0, :] = 0.0
    call(problem.code.statics, block.address)
    take_initial(problem, block, 0)
    find_switches(problem, block, 0)
    start_events(problem, block, 0)
    return judge(problem, block, 0)


@compiled_function
def _next_moment(problem: Problem, block: Block) -> float:
    """Return the first moment after now at which something is known to happen."""
    numbers, count = block.lane[0], block.count[0]
    latest = numbers[TIME] + CLOSE * max(1.0, abs(numbers[TIME]))
    stop: float = numbers[END]
    if count[ITEM] < problem.offsets[count[ROW] + 1]:
        stop = min(stop, problem.item_times[count[ITEM]])
    for waiting in range(count[PENDING]):
        stop = min(stop, block.pending_time[0, waiting])
    for index in range(count[SWITCHES]):
        if block.switch_times[0, index] > latest:
            stop = min(stop, block.switch_times[0, index])
    return stop


@compiled_function
def _stretch(
    problem: Problem, jumps: Jumps, bounds: Bounds, block: Block, outputs: Outputs, stream: _Stream
) -> int:
    """Jump until the next known moment, or until a jump turns a trigger."""
    numbers, table = block.lane[0], block.workspace
    time, stop = numbers[TIME], _next_moment(problem, block)
    early = time + CLOSE * max(1.0, abs(time))
    late = stop - CLOSE * max(1.0, abs(stop))
    if early > late:
        early = late = 0.5 * (time + stop)
    if not _take_state(problem, jumps, bounds, block):
        return _NEGATIVE
    if jumps.timed_triggers and _turns(problem, block, early):
        numbers[TIME] = early
        return _OK
    status, width = _OK, stop - time
    while True:
        reach = stop
        if jumps.watched > 0:
            reach = first_gap(jumps, bounds, max(time, early), late, stop)
        if jumps.thinned:
            span = (time, reach, width)
            time, place, width = next_jump_thinned(
                problem, jumps, bounds, block, stream, span, (early, late)
            )
        else:
            point = min(max(time, early), late)
            time, place = next_jump(problem, jumps, block, stream, time, point)
        if place < 0.0:
            return _NONFINITE if place < _UNDEFINED else _NEGATIVE
        _report_before(problem, block, outputs, min(time, reach))
        if time >= reach:
            numbers[TIME] = reach
            break
        status = _jump(problem, jumps, bounds, block, place)
        if status != _OK:
            return status
        if problem.once.size > 0 and _turns(problem, block, min(max(time, early), late)):
            numbers[TIME] = time
            break
    for i in range(problem.tolerances.size):
        table[problem.at.values + i, 0] = table[problem.at.at + i, 0]
    return status


@compiled_function
def _take_state(problem: Problem, jumps: Jumps, bounds: Bounds, block: Block) -> bool:
    """Put values where rates read them, counted ones exactly whole; whether none is negative."""
    at, table = problem.at, block.workspace
    well = True
    for i in range(problem.tolerances.size):
        value = table[at.values + i, 0]
        whole = np.rint(value)
        if jumps.counted[i] and abs(value - whole) <= _NEARLY_WHOLE * max(1.0, abs(value)):
            value = whole
        if problem.nonnegative[i] and value < 0.0:
            well = False
        table[at.at + i, 0] = value
    if jumps.thinned or jumps.watched > 0:
        for i in range(problem.tolerances.size):
            bounds.workspace[bounds.at.at + i, 0] = table[at.at + i, 0]
        for i in range(problem.parameters.shape[1]):
            bounds.workspace[bounds.at.parameters + i, 0] = table[at.parameters + i, 0]
        call(bounds.code.statics, bounds.address)
    return well


@compiled_function
def _turns(problem: Problem, block: Block, time: float) -> bool:
    """Whether a trigger fires or withdraws something here; remembers those that merely fell."""
    table = block.workspace
    table[problem.at.point, 0] = time
    call(problem.code.triggers, block.address)
    found = False
    for event in range(problem.once.size):
        now = table[problem.at.triggers + event, 0] > 0
        if now != block.true[0, event]:
            if problem.fragile[event] or (now and block.armed[0, event]):
                found = True
            elif not now:
                block.true[0, event] = False
    return found


@compiled_part
def _jump(problem: Problem, jumps: Jumps, bounds: Bounds, block: Block, place: float) -> int:
    """Let the reaction happen that a place below the sum of all rates belongs to."""
    at, table = problem.at, block.workspace
    chosen = -1
    for reaction in range(jumps.offsets.size - 1):
        rate = table[at.rates + reaction, 0]
        if rate > 0.0:
            chosen = reaction
            place -= rate
            if place < 0.0:
                break
    status = _OK
    for k in range(jumps.offsets[chosen], jumps.offsets[chosen + 1]):
        species = jumps.species[k]
        value = table[at.at + species, 0] + jumps.changes[k]
        table[at.at + species, 0] = value
        if jumps.thinned or jumps.watched > 0:
            bounds.workspace[bounds.at.at + species, 0] = value
        if value < 0.0 and problem.nonnegative[species]:
            status = _NEGATIVE
    block.count[0, STEPS] += 1
    if block.count[0, STEPS] % JUMPS_PER_STEP == 0 and status == _OK:
        if block.count[0, STEPS] // JUMPS_PER_STEP >= problem.max_steps:
            return _STEP_LIMIT
        late = problem.clock[0] - block.lane[0, BEGAN] > problem.deadline
        if late or problem.clock[1] > 0.0:
            return _DEADLINE
    return status


@compiled_function
def _report_before(problem: Problem, block: Block, outputs: Outputs, limit: float) -> None:
    """Report every output before a moment; the state has not changed since the last jump."""
    row, count = block.count[0, ROW], block.count[0]
    limit -= CLOSE * max(1.0, abs(limit))
    while count[OUTPUT] < problem.outputs[row] and problem.times[row, count[OUTPUT]] < limit:
        block.workspace[problem.at.point, 0] = problem.times[row, count[OUTPUT]]
        call(problem.code.observe, block.address)
        for i in range(outputs.values.shape[2]):
            outputs.values[row, count[OUTPUT], i] = block.workspace[problem.at.observed + i, 0]
        count[OUTPUT] += 1
