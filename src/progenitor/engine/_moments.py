"""What happens in one lane at one moment: outputs, doses, events and their actions."""

import math
from typing import Final

from progenitor.engine._block import Block, Outputs, Problem
from progenitor.engine._compiled import compiled_function
from progenitor.engine._lane_numbers import (
    CLIPPED,
    FIRINGS,
    ITEM,
    OUTPUT,
    PENDING,
    RESTART,
    ROW,
    STOPPED,
    SWITCHES,
    TIME,
)
from progenitor.engine._machine_calls import call

__all__ = [
    "CLOSE",
    "act",
    "find_switches",
    "judge",
    "note_edges",
    "place_point",
    "report_now",
    "start_events",
    "take_initial",
]

CLOSE: Final = 1e-12
"""Share of the time within which two moments are one."""

_OK: Final = 0
_NONFINITE: Final = 3
_NEGATIVE: Final = 4
_EVENT_STORM: Final = 5
_UNDERSHOOT: Final = 10.0
_BOLUS: Final = 0
_INFUSION: Final = 1
_CHANGE: Final = 2
_AFFINE: Final = 1e-9
_REFINEMENTS: Final = 3


@compiled_function
def place_point(problem: Problem, block: Block, lane: int) -> None:
    """Put the point that is asked about where the lane stands, undershoot read as zero."""
    at, table = problem.at, block.workspace
    for i in range(problem.tolerances.size):
        value = table[at.values + i, lane]
        if problem.nonnegative[i] and value < 0:
            value = 0.0
        table[at.at + i, lane] = value
    table[at.point, lane] = block.lane[lane, TIME]


@compiled_function
def take_initial(problem: Problem, block: Block, lane: int) -> None:
    """Give the lane its initial values and end its infusions."""
    at, table = problem.at, block.workspace
    call(problem.code.initial, block.address)
    for i in range(problem.tolerances.size):
        table[at.values + i, lane] = table[at.at + i, lane]
        table[at.infusions + i, lane] = 0.0


@compiled_function
def judge(problem: Problem, block: Block, lane: int) -> int:
    """Set values that are negative back to zero, and return a status when that is too much."""
    at, table = problem.at, block.workspace
    below = False
    for i in range(problem.tolerances.size):
        value = table[at.values + i, lane]
        if not math.isfinite(value):
            return _NONFINITE
        table[at.peaks + i, lane] = max(table[at.peaks + i, lane], abs(value))
        tolerance = problem.tolerances[i]
        if problem.nonnegative[i] and value < -tolerance:
            below = True
            table[at.values + i, lane] = 0.0
            block.restored[lane, i] -= value
            size = table[at.peaks + i, lane]
            if block.restored[lane, i] > _UNDERSHOOT * (tolerance + problem.relative * size):
                return _NEGATIVE
    if below:
        block.count[lane, CLIPPED] += 1
        block.count[lane, RESTART] = 1
    return _OK


@compiled_function
def report_now(problem: Problem, block: Block, outputs: Outputs, lane: int) -> None:
    """Report every output that is due where the lane stands."""
    row, time = block.count[lane, ROW], block.lane[lane, TIME]
    latest = time + CLOSE * max(1.0, abs(time))
    placed = False
    while (
        block.count[lane, OUTPUT] < problem.outputs[row]
        and problem.times[row, block.count[lane, OUTPUT]] <= latest
    ):
        if not placed:
            place_point(problem, block, lane)
            call(problem.code.observe, block.address)
            placed = True
        for i in range(outputs.values.shape[2]):
            outputs.values[row, block.count[lane, OUTPUT], i] = block.workspace[
                problem.at.observed + i, lane
            ]
        block.count[lane, OUTPUT] += 1


@compiled_function
def find_switches(problem: Problem, block: Block, lane: int) -> None:
    """Find when comparisons of time with constants switch, where they are affine in time."""
    at, table, count = problem.at, block.workspace, _switch_count(problem)
    known = 0
    for index in range(count):
        zero = _difference(problem, block, lane, index, 0.0)
        one = _difference(problem, block, lane, index, 1.0)
        three = _difference(problem, block, lane, index, 3.0)
        slope = one - zero
        size = max(abs(zero), abs(three), abs(slope))
        if slope == 0 or not abs(zero + 3.0 * slope - three) <= _AFFINE * size:
            continue
        root = -zero / slope
        for _ in range(_REFINEMENTS):
            root -= _difference(problem, block, lane, index, root) / slope
        if math.isfinite(root) and root > block.lane[lane, TIME]:
            block.switch_times[lane, known] = root
            known += 1
    table[at.point, lane] = block.lane[lane, TIME]
    block.count[lane, SWITCHES] = known


@compiled_function
def _switch_count(problem: Problem) -> int:
    """How many comparisons of time there are."""
    return problem.at.rates - problem.at.switches


@compiled_function
def _difference(problem: Problem, block: Block, lane: int, index: int, time: float) -> float:
    block.workspace[problem.at.point, lane] = time
    call(problem.code.switches, block.address)
    return float(block.workspace[problem.at.switches + index, lane])


@compiled_function
def start_events(problem: Problem, block: Block, lane: int) -> None:
    """Note which triggers are true at the start, except those that then fire there."""
    block.count[lane, PENDING] = 0
    block.count[lane, FIRINGS] = 0
    if problem.once.size == 0:
        return
    place_point(problem, block, lane)
    call(problem.code.triggers, block.address)
    for event in range(problem.once.size):
        true = block.workspace[problem.at.triggers + event, lane] > 0
        block.true[lane, event] = true and not problem.at_start[event]
        block.armed[lane, event] = True
        block.withdrawn[lane, event] = 0
    note_edges(problem, block, lane)


@compiled_function
def note_edges(problem: Problem, block: Block, lane: int) -> None:
    """Note on which side the comparisons of compound triggers are."""
    for edge in range(problem.edge_events.size):
        block.edges[lane, edge] = block.workspace[problem.at.edges + edge, lane] >= 0


@compiled_function
def act(problem: Problem, block: Block, outputs: Outputs, lane: int) -> int:
    """Do everything that is due where the lane stands, and what follows from it at once."""
    row, time = block.count[lane, ROW], block.lane[lane, TIME]
    latest = time + CLOSE * max(1.0, abs(time))
    status = _fire(problem, block, outputs, lane)
    while (
        status == _OK
        and block.count[lane, ITEM] < problem.offsets[row + 1]
        and problem.item_times[block.count[lane, ITEM]] <= latest
    ):
        status = _perform_ready(problem, block, outputs, lane)
        if status == _OK:
            status = _apply(problem, block, lane, block.count[lane, ITEM])
            block.count[lane, ITEM] += 1
        if status == _OK:
            status = _fire(problem, block, outputs, lane)
    for waiting in range(block.count[lane, PENDING]):
        if block.pending_time[lane, waiting] <= latest:
            block.pending_ready[lane, waiting] = True
    if status == _OK:
        status = _perform_ready(problem, block, outputs, lane)
    return status


@compiled_function
def _apply(problem: Problem, block: Block, lane: int, item: int) -> int:
    """Do one item of the schedule."""
    at, table = problem.at, block.workspace
    kind, target, amount = problem.kinds[item], problem.targets[item], problem.amounts[item]
    block.count[lane, RESTART] = 1
    if kind == _BOLUS:
        table[at.values + target, lane] += amount
    elif kind == _INFUSION:
        table[at.infusions + target, lane] += amount
    elif kind == _CHANGE:
        table[at.parameters + target, lane] = amount
        call(problem.code.statics, block.address)
        find_switches(problem, block, lane)
    else:
        take_initial(problem, block, lane)
        return judge(problem, block, lane)
    return _OK


@compiled_function
def _fire(problem: Problem, block: Block, outputs: Outputs, lane: int) -> int:
    """Fire every event whose trigger has become true."""
    events = problem.once.size
    if events == 0:
        return _OK
    at, table = problem.at, block.workspace
    place_point(problem, block, lane)
    call(problem.code.triggers, block.address)
    note_edges(problem, block, lane)
    any_fired = False
    for event in range(events):
        now = table[at.triggers + event, lane] > 0
        fired = now and block.armed[lane, event] and not block.true[lane, event]
        block.true[lane, event] = now
        if problem.fragile[event] and not now:
            block.withdrawn[lane, event] += 1
        if not fired:
            continue
        if not any_fired:
            any_fired = True
            call(problem.code.due, block.address)
            call(problem.code.actions, block.address)
        status = _note(problem, block, outputs, lane, event)
        if status != _OK:
            return status
    return _OK


@compiled_function
def _note(problem: Problem, block: Block, outputs: Outputs, lane: int, event: int) -> int:
    """Note the action of an event that fires; its delay and values have been computed."""
    at, table = problem.at, block.workspace
    row, time = block.count[lane, ROW], block.lane[lane, TIME]
    block.count[lane, FIRINGS] += 1
    place = block.count[lane, PENDING]
    full = place >= block.pending_time.shape[1]
    if block.count[lane, FIRINGS] > problem.max_firings or full:
        return _EVENT_STORM
    block.armed[lane, event] = not problem.once[event]
    if math.isnan(outputs.event_times[row, event]):
        outputs.event_times[row, event] = time
    delay = table[at.delays + event, lane]
    if math.isnan(delay):
        return _NONFINITE
    if delay == math.inf:
        return _OK
    first, last = problem.first_action[event], problem.first_action[event + 1]
    block.pending_time[lane, place] = time + max(delay, 0.0)
    block.pending_event[lane, place] = event
    block.pending_epoch[lane, place] = block.withdrawn[lane, event]
    block.pending_ready[lane, place] = delay <= 0
    for i in range(last - first):
        block.pending_values[lane, place, i] = table[at.actions + first + i, lane]
    block.count[lane, PENDING] = place + 1
    return _OK


@compiled_function
def _perform_ready(problem: Problem, block: Block, outputs: Outputs, lane: int) -> int:
    """Perform actions that are due and those they set off, looking at triggers after each."""
    while True:
        _withdraw(block, lane)
        chosen = _foremost(problem, block, lane)
        if chosen < 0:
            return _OK
        status = _perform(problem, block, lane, chosen)
        if status == _OK:
            status = judge(problem, block, lane)
        if status == _OK:
            status = _fire(problem, block, outputs, lane)
        if status != _OK:
            return status


@compiled_function
def _withdraw(block: Block, lane: int) -> None:
    """Forget actions whose event's trigger has been false since it fired."""
    place = 0
    while place < block.count[lane, PENDING]:
        event = block.pending_event[lane, place]
        if block.pending_epoch[lane, place] == block.withdrawn[lane, event]:
            place += 1
        else:
            _forget(block, lane, place)


@compiled_function
def _forget(block: Block, lane: int, place: int) -> None:
    """Close the gap of one pending action, keeping the order of the others."""
    last = block.count[lane, PENDING] - 1
    for i in range(place, last):
        block.pending_time[lane, i] = block.pending_time[lane, i + 1]
        block.pending_event[lane, i] = block.pending_event[lane, i + 1]
        block.pending_epoch[lane, i] = block.pending_epoch[lane, i + 1]
        block.pending_ready[lane, i] = block.pending_ready[lane, i + 1]
        for j in range(block.pending_values.shape[2]):
            block.pending_values[lane, i, j] = block.pending_values[lane, i + 1, j]
    block.count[lane, PENDING] = last


@compiled_function
def _foremost(problem: Problem, block: Block, lane: int) -> int:
    """Which action that is due is the first: the highest priority, then order; −1 for none."""
    ready, only = 0, -1
    for place in range(block.count[lane, PENDING]):
        if block.pending_ready[lane, place]:
            ready += 1
            if only < 0:
                only = place
    if ready <= 1:
        return only
    place_point(problem, block, lane)
    call(problem.code.due, block.address)
    highest = -math.inf
    for place in range(block.count[lane, PENDING]):
        event = block.pending_event[lane, place]
        priority = block.workspace[problem.at.priorities + event, lane]
        if block.pending_ready[lane, place] and priority > highest:
            only, highest = place, priority
    return only


@compiled_function
def _perform(problem: Problem, block: Block, lane: int, place: int) -> int:
    """Give species their new values."""
    at, table = problem.at, block.workspace
    event = block.pending_event[lane, place]
    first, last = problem.first_action[event], problem.first_action[event + 1]
    if not problem.early[event] and last > first:
        place_point(problem, block, lane)
        call(problem.code.actions, block.address)
        for i in range(last - first):
            block.pending_values[lane, place, i] = table[at.actions + first + i, lane]
    for i in range(last - first):
        species = problem.assigned[first + i]
        table[at.values + species, lane] = block.pending_values[lane, place, i]
        block.count[lane, RESTART] = 1
    if problem.stops[event]:
        block.lane[lane, STOPPED] = block.lane[lane, TIME]
    _forget(block, lane, place)
    return _OK
