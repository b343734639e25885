"""The loop that solves patients: lanes that step, stop, act and refill, each at its own pace."""

import math
from typing import Final

import numpy as np

from progenitor.engine._block import Block, Outputs, Problem
from progenitor.engine._compiled import compiled, compiled_function, compiled_inline
from progenitor.engine._countables import advance_lines, begin_countables, draw, find_due, settle
from progenitor.engine._crossings import find_crossings, is_watched, move_to_crossings
from progenitor.engine._lane_numbers import (
    ACCEPTED,
    BEGAN,
    CLIPPED,
    CROSSING,
    END,
    FRACTION,
    HIT,
    ITEM,
    LEAP_END,
    NEXT_STEP,
    OUTPUT,
    PENDING,
    REJECTED,
    RESTART,
    ROW,
    STANDING,
    STEP,
    STEPS,
    STOP,
    STOPPED,
    SWITCHES,
    TIME,
)
from progenitor.engine._machine_calls import call, flush_tiny, restore_tiny
from progenitor.engine._moments import (
    CLOSE,
    act,
    find_switches,
    judge,
    report_now,
    start_events,
    take_initial,
)
from progenitor.engine._report_steps import report_steps
from progenitor.engine._report_sums import report_sums

__all__ = ["solve"]

_OK: Final = 0
_STEP_LIMIT: Final = 1
_DEADLINE: Final = 2
_NONFINITE: Final = 3
_NEARLY: Final = 1.0 - 1e-9
_SHORTEST: Final = 4e-16
_MOST_STANDING: Final = 100
_SHRINK: Final = 0.1
_EMPTY: Final = -1


@compiled
def solve(problem: Problem, block: Block, outputs: Outputs) -> None:
    """Solve every patient of a problem; rows of ``outputs`` are written, nothing else.

    Parameters
    ----------
    problem
        What is asked.
    block
        Lanes to work in.
    outputs
        Where the answer goes.
    """
    before = flush_tiny()
    lanes = block.count.shape[0]
    for lane in range(lanes):
        block.count[lane, ROW] = _EMPTY
    waiting = 0
    while True:
        waiting = _refill(problem, block, outputs, waiting)
        if not _propose_all(problem, block):
            if waiting >= problem.outputs.size:
                break
            continue  # all that were begun are done already, and others still wait
        call(problem.code.step, block.address)
        needed = False
        for lane in range(lanes):
            block.count[lane, ACCEPTED] = 0
            if block.count[lane, ROW] != _EMPTY:
                status = _judge_step(problem, block, lane)
                if status != _OK:
                    _fail(block, outputs, lane, status)
                elif block.count[lane, ACCEPTED]:
                    needed = needed or _is_asked(problem, block, lane)
        if needed:
            _look_within(problem, block, outputs)
        for lane in range(lanes):
            goes = block.count[lane, ACCEPTED] and not block.count[lane, CROSSING]
            block.workspace[problem.at.moved, lane] = 1.0 if goes else 0.0
        call(problem.code.accept, block.address)
        for lane in range(lanes):
            if block.count[lane, ACCEPTED]:
                _advance(problem, block, outputs, lane)
    restore_tiny(before)


@compiled_inline
def _propose_all(problem: Problem, block: Block) -> bool:
    """Choose the size of every lane's next step; whether there is any lane with a patient."""
    active, guessing = False, False
    for lane in range(block.count.shape[0]):
        if block.count[lane, ROW] != _EMPTY:
            active = True
            guessing = guessing or block.count[lane, RESTART] != 0
    if guessing:
        _guess(problem, block)
    for lane in range(block.count.shape[0]):
        if block.count[lane, ROW] != _EMPTY:
            _propose(problem, block, lane)
    return active


@compiled_inline
def _look_within(problem: Problem, block: Block, outputs: Outputs) -> None:
    """Find what happens within the last steps, and report what is asked for there."""
    call(problem.code.dense, block.address)
    followed = find_due(problem, block)
    find_crossings(problem, block)
    if followed:
        advance_lines(problem, block)
    if problem.sums:
        report_sums(problem, block, outputs)
    else:
        report_steps(problem, block, outputs)
    move_to_crossings(problem, block)


@compiled_function
def _refill(problem: Problem, block: Block, outputs: Outputs, waiting: int) -> int:
    """Put waiting patients into empty lanes; return the first that still waits."""
    first = waiting
    lanes = block.count.shape[0]
    for lane in range(lanes):
        if block.count[lane, ROW] == _EMPTY and waiting < problem.outputs.size:
            block.count[lane, ROW] = waiting
            block.count[lane, RESTART] = -1
            for i in range(problem.parameters.shape[1]):
                block.workspace[problem.at.parameters + i, lane] = problem.parameters[waiting, i]
            waiting += 1
    if waiting > first:
        call(problem.code.statics, block.address)
        for lane in range(lanes):
            if block.count[lane, ROW] != _EMPTY and block.count[lane, RESTART] == -1:
                _begin(problem, block, outputs, lane)
    return waiting


@compiled_function
def _begin(problem: Problem, block: Block, outputs: Outputs, lane: int) -> None:
    """Start a patient: its initial values hold at time 0, or at its first output or item."""
    at, row = problem.at, block.count[lane, ROW]
    last = problem.outputs[row]
    start = 0.0
    if last > 0:
        start = min(start, problem.times[row, 0])
    if problem.offsets[row + 1] > problem.offsets[row]:
        start = min(start, problem.item_times[problem.offsets[row]])
    numbers, count = block.lane[lane], block.count[lane]
    for i in range(numbers.size):
        numbers[i] = 0.0
    for i in range(count.size):
        count[i] = 0
    numbers[TIME] = start
    numbers[END] = problem.times[row, last - 1] if last > 0 else start
    numbers[STOPPED] = math.nan
    numbers[BEGAN] = problem.clock[0]
    numbers[LEAP_END] = math.inf
    count[ROW] = row
    count[ITEM] = problem.offsets[row]
    count[RESTART] = 1
    for i in range(problem.tolerances.size):
        block.restored[lane, i] = 0.0
        block.workspace[at.peaks + i, lane] = 0.0
        block.workspace[at.tolerances + i, lane] = problem.tolerances[i]
        block.workspace[at.floors + i, lane] = (
            problem.tolerances[i] if problem.nonnegative[i] else 1e30
        )
    block.workspace[at.relative, lane] = problem.relative
    for i in range(problem.countable.size):
        block.workspace[at.gates + i, lane] = 1.0
    for i in range(problem.once.size):
        outputs.event_times[row, i] = math.nan
    take_initial(problem, block, lane)
    begin_countables(problem, block, lane)
    find_switches(problem, block, lane)
    start_events(problem, block, lane)
    status = judge(problem, block, lane)
    if status != _OK:
        _fail(block, outputs, lane, status)
    else:
        _attend(problem, block, outputs, lane)


@compiled_function
def _attend(problem: Problem, block: Block, outputs: Outputs, lane: int) -> None:
    """Act, report, and find out how far the lane may go next; or end it."""
    status = act(problem, block, outputs, lane)
    if status != _OK:
        _fail(block, outputs, lane, status)
        return
    numbers = block.lane[lane]
    if problem.countable.size > 0:
        settle(problem, block, lane)
    report_now(problem, block, outputs, lane)
    time = numbers[TIME]
    row = block.count[lane, ROW]
    if block.count[lane, OUTPUT] >= problem.outputs[row] or not math.isnan(numbers[STOPPED]):
        _finish(block, outputs, lane)
        return
    stop = min(numbers[END], numbers[LEAP_END])
    if block.count[lane, ITEM] < problem.offsets[row + 1]:
        stop = min(stop, problem.item_times[block.count[lane, ITEM]])
    for waiting in range(block.count[lane, PENDING]):
        stop = min(stop, block.pending_time[lane, waiting])
    latest = time + CLOSE * max(1.0, abs(time))
    for index in range(block.count[lane, SWITCHES]):
        if block.switch_times[lane, index] > latest:
            stop = min(stop, block.switch_times[lane, index])
    numbers[STOP] = stop


@compiled_function
def _guess(problem: Problem, block: Block) -> None:
    """Guess the size of a first step wherever one is needed."""
    lanes = block.count.shape[0]
    for lane in range(lanes):
        if block.count[lane, ROW] != _EMPTY and block.count[lane, RESTART]:
            _sides(problem, block, lane, 0.0)
    call(problem.code.start, block.address)
    for lane in range(lanes):
        if block.count[lane, ROW] != _EMPTY and block.count[lane, RESTART]:
            block.count[lane, RESTART] = 0
            numbers = block.lane[lane]
            first = float(block.workspace[problem.at.first, lane])
            if not first > 0 or not math.isfinite(first):
                first = numbers[STOP] - numbers[TIME]
            numbers[NEXT_STEP] = first


@compiled_inline
def _sides(problem: Problem, block: Block, lane: int, step: float) -> None:
    """Tell a step where it begins and ends, and the moments just inside."""
    at, table, time = problem.at, block.workspace, block.lane[lane, TIME]
    table[at.time, lane] = time
    table[at.step, lane] = step
    if at.rates == at.switches:
        return
    begin = table[at.time, lane]
    table[at.early, lane] = np.nextafter(begin, begin + abs(begin) + table.dtype.type(1.0))
    end = begin + table[at.step, lane]
    table[at.late, lane] = np.nextafter(end, end - abs(end) - table.dtype.type(1.0))


@compiled_inline
def _propose(problem: Problem, block: Block, lane: int) -> None:
    """Choose the size of the next step."""
    numbers, count = block.lane[lane], block.count[lane]
    left = numbers[STOP] - numbers[TIME]
    step = numbers[NEXT_STEP]
    count[HIT] = step >= left * _NEARLY
    if count[HIT]:
        step = left
    elif step > 0.5 * left:
        step = 0.5 * left
    numbers[STEP] = step
    _sides(problem, block, lane, step)


@compiled_inline
def _judge_step(problem: Problem, block: Block, lane: int) -> int:
    """Accept or reject the step, and choose the size of the next; return a status."""
    at, table = problem.at, block.workspace
    numbers, count = block.lane[lane], block.count[lane]
    error, growth = float(table[at.error, lane]), float(table[at.growth, lane])
    step, time = numbers[STEP], numbers[TIME]
    count[STEPS] += 1
    count[CROSSING] = 0
    numbers[FRACTION] = 1.0
    if count[STEPS] > problem.max_steps:
        return _STEP_LIMIT
    if problem.clock[0] - numbers[BEGAN] > problem.deadline or problem.clock[1] > 0:
        return _DEADLINE
    if error <= 1:
        count[ACCEPTED] = 1
        if count[REJECTED]:
            growth = min(growth, 1.0)
        count[REJECTED] = 0
        longer = step * growth
        numbers[NEXT_STEP] = max(longer, numbers[NEXT_STEP]) if count[HIT] else longer
        standing = step <= _SHORTEST * abs(time)
        count[STANDING] = count[STANDING] + 1 if standing and not count[HIT] else 0
        return _STEP_LIMIT if count[STANDING] > _MOST_STANDING else _OK
    finite = math.isfinite(error)
    numbers[NEXT_STEP] = step * (growth if finite else _SHRINK)
    count[REJECTED] = 1
    if numbers[NEXT_STEP] <= _SHORTEST * max(abs(time), 1e-3):
        return _STEP_LIMIT if finite else _NONFINITE
    return _OK


@compiled_inline
def _is_asked(problem: Problem, block: Block, lane: int) -> bool:
    """Whether anything within the last step is asked for."""
    if problem.countable.size > 0 or is_watched(problem, block, lane):
        return True
    row, output = block.count[lane, ROW], block.count[lane, OUTPUT]
    end = block.lane[lane, TIME] + block.lane[lane, STEP]
    return bool(output < problem.outputs[row] and problem.times[row, output] < end)


@compiled_inline
def _advance(problem: Problem, block: Block, outputs: Outputs, lane: int) -> None:
    """Move to the end of the step or to where something happened within it."""
    at, table = problem.at, block.workspace
    numbers, count = block.lane[lane], block.count[lane]
    crossed = count[CROSSING] != 0
    if not crossed:
        numbers[TIME] = numbers[STOP] if count[HIT] else numbers[TIME] + numbers[STEP]
    below = table[at.lowest, lane] < 0
    attended = crossed or below or count[HIT] != 0
    if attended and problem.countable.size > 0:
        draw(problem, block, lane)
    if attended:
        status = judge(problem, block, lane)
        if status != _OK:
            _fail(block, outputs, lane, status)
            return
        _attend(problem, block, outputs, lane)


@compiled_function
def _finish(block: Block, outputs: Outputs, lane: int) -> None:
    """Answer for a patient that has been solved."""
    row = block.count[lane, ROW]
    _blank(outputs, row, block.count[lane, OUTPUT])
    outputs.status[row] = _OK
    outputs.steps[row] = block.count[lane, STEPS]
    outputs.stopped_at[row] = block.lane[lane, STOPPED]
    outputs.clipped[row] = block.count[lane, CLIPPED]
    block.count[lane, ROW] = _EMPTY


@compiled_function
def _fail(block: Block, outputs: Outputs, lane: int, status: int) -> None:
    """Answer for a patient that cannot be solved: nothing of it can be mistaken for a result."""
    row = block.count[lane, ROW]
    _blank(outputs, row, 0)
    for i in range(outputs.event_times.shape[1]):
        outputs.event_times[row, i] = math.nan
    outputs.status[row] = status
    outputs.steps[row] = block.count[lane, STEPS]
    outputs.stopped_at[row] = math.nan
    outputs.clipped[row] = block.count[lane, CLIPPED]
    block.count[lane, ACCEPTED] = 0
    block.count[lane, ROW] = _EMPTY


@compiled_function
def _blank(outputs: Outputs, row: int, first: int) -> None:
    """Leave nothing in outputs that were not reached."""
    for output in range(first, outputs.values.shape[1]):
        for i in range(outputs.values.shape[2]):
            outputs.values[row, output, i] = math.nan
