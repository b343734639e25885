"""The queue of a facility in machine code: one loop over what happens next.

Every lot is at one place at a time, so a lot is an event: its next moment stands in the calendar,
its phase says what that moment is. Units are granted through a ring of the present moment, so that
lots of one moment act in the order in which they were called, as in a process simulation: first
who arrives, then whose moment was set before, then who was called. Where nothing else happens at a
moment, a lot that is granted a unit goes on at once.
"""

from typing import Any

import numpy as np

from progenitor.engine._compiled import compiled, compiled_part
from progenitor.engine._queue_calendar import next_bucket, push
from progenitor.engine._queue_heap import pop_heap
from progenitor.engine._queue_room import (
    ARRIVES,
    CALLED,
    CELL,
    ENDS,
    FREE,
    LEVELS,
    LINES,
    LINK,
    LOT_MASK,
    NONE,
    OPENS,
    PHASE,
    PLACE,
    RING_FIRST,
    RING_LAST,
    ROW,
    STAGE,
    STOP,
    UNITS,
    WEEK,
    WORDS,
    Plan,
    Room,
)

__all__ = ["run_queue"]


@compiled
def run_queue(plan: Plan, room: Room) -> None:
    """Let every lot of every replicate pass its stages."""
    for replicate in range(plan.arrivals.shape[0]):
        _empty(plan, room)
        room.last[replicate] = _run(replicate, plan, room)


@compiled_part
def _run(replicate: int, plan: Plan, room: Room) -> float:
    """Run one replicate; return when the last thing happened."""
    lots, scale = plan.arrivals.shape[1], plan.scale[0]
    pointer, arriving = 0, _arrival(replicate, 0, plan)
    run, begins = NONE, np.inf
    base, edge, now = np.int64(-1), 0.0, 0.0
    while True:
        soon = min(begins, room.times[0])
        if room.counts[RING_LAST] > 0 and (arriving > now) & (soon > now):
            lot = _next_called(replicate, now, room)
            if lot == NONE:
                continue
        else:
            if soon * scale >= edge:
                run, base = next_bucket(base, scale, room)
                edge = base + 1.0
                begins = _moment(run, room)
                soon = min(begins, room.times[0])
            if arriving <= soon:
                if pointer == lots:
                    return now
                now, lot = arriving, plan.order[replicate, pointer]
                pointer += 1
                arriving = _arrival(replicate, pointer, plan)
                if now * scale - 1.0 >= edge:  # nothing stands before the bucket of now
                    base = np.int64(now * scale) - 1
                    edge = base + 1.0
                _arrive(replicate, lot, plan, room)
            else:
                now = soon
                if begins <= room.times[0]:
                    lot = run
                    run = room.state[WORDS * lot + LINK]
                    begins = _moment(run, room)
                else:
                    lot = np.uint32(room.keys[0] & LOT_MASK)
                    pop_heap(room)
                soon = min(begins, room.times[0])
        alone = (
            (room.counts[RING_FIRST] == room.counts[RING_LAST]) & (arriving > now) & (soon > now)
        )
        time = _act(replicate, lot, now, alone, plan, room)
        if time <= now:
            _call(lot, room)
        elif time < np.inf:
            push(time, lot, edge, scale, room)


@compiled_part
def _next_called(replicate: int, now: float, room: Room) -> Any:
    """Serve the resources that were called, as far as the next lot that was, and return that.

    An empty ring begins anew, so that it stays where the processor has it at hand.
    """
    lots, mask = len(room.when), len(room.ring) - 1
    first, found = room.counts[RING_FIRST], NONE
    while first != room.counts[RING_LAST] and found == NONE:
        who = room.ring[first & mask]
        first += 1
        if who < lots:
            found = who
        else:
            _serve(replicate, np.uint32(who - lots), now, room)
    if first == room.counts[RING_LAST]:
        first = 0
        room.counts[RING_LAST] = 0
    room.counts[RING_FIRST] = first
    return found


@compiled_part
def _empty(plan: Plan, room: Room) -> None:
    """Make every unit free, every line and the calendar empty."""
    for resource in range(len(plan.capacity)):
        room.units[UNITS * resource + FREE] = plan.capacity[resource]
        room.units[UNITS * resource + LINES] = 0
    room.waiting[:] = NONE
    room.bits[:] = 0
    room.counts[:LEVELS] = 0
    room.open[:] = -1.0
    room.times[0] = np.inf


@compiled_part
def _arrival(replicate: int, pointer: int, plan: Plan) -> float:
    """When the next lot arrives."""
    if pointer == plan.order.shape[1]:
        return float(np.inf)
    return float(plan.arrivals[replicate, plan.order[replicate, pointer]])


@compiled_part
def _moment(lot: Any, room: Room) -> float:
    """When the first lot of a run has its moment."""
    return float(room.when[lot]) if lot != NONE else float(np.inf)


@compiled_part
def _arrive(replicate: int, lot: Any, plan: Plan, room: Room) -> None:
    """Let a lot come; nothing has happened to it yet."""
    attempts, stages = plan.shape[2], plan.shape[3]
    row = np.uint64((replicate * plan.shape[1] + lot) * attempts)
    first, last = row * np.uint64(3 * stages), (row + np.uint64(attempts)) * np.uint64(3 * stages)
    room.moments[first:last] = np.nan
    room.released[replicate, lot] = False
    _begin(lot, np.uint32(row), np.uint32(0), plan, room)


@compiled_part
def _begin(lot: Any, row: Any, stage: Any, plan: Plan, room: Room) -> None:
    """Send a lot to the first stage of an attempt."""
    word = WORDS * lot
    room.state[word + ROW] = row
    room.state[word + STAGE] = stage
    room.state[word + CELL] = row * plan.shape[3] + stage
    room.state[word + STOP] = plan.stops[row]
    room.state[word + PHASE] = ARRIVES


@compiled_part
def _act(replicate: int, lot: Any, now: float, alone: bool, plan: Plan, room: Room) -> float:  # noqa: FBT001
    """Let the moment come that a lot waited for; return its next one, infinity for none."""
    cell, stage = room.state[WORDS * lot + CELL], room.state[WORDS * lot + STAGE]
    phase = room.state[WORDS * lot + PHASE]
    if phase == ENDS:
        return _end(replicate, lot, now, alone, plan, room)
    if phase == OPENS:
        return _start(lot, cell, now, plan, room)
    if phase == CALLED:
        place = room.state[WORDS * lot + PLACE] + np.uint32(1)
    else:
        place = plan.begins[len(plan.gated) + stage]
        room.moments[3 * np.int64(cell)] = now
    return _go_on(replicate, lot, np.uint32(place), now, alone, plan, room)


@compiled_part
def _go_on(
    replicate: int, lot: Any, place: Any, now: float, alone: bool, plan: Plan, room: Room  # noqa: FBT001
) -> float:  # fmt: skip
    """Ask for the next units the stage needs, or begin when all are there."""
    resource = plan.lists[place]
    while resource != NONE:
        unit = UNITS * resource
        if (room.units[unit + FREE] == 0) | (room.units[unit + LINES] > 0):
            _wait_for(lot, place, room)
            _line_up(lot, resource, plan.levels[room.state[WORDS * lot + ROW]], room)
            _serve(replicate, resource, now, room)
            return float(np.inf)
        room.units[unit + FREE] -= 1
        room.busy[replicate, resource] -= now
        if not alone:
            _wait_for(lot, place, room)
            return now
        place += np.uint32(1)
        resource = plan.lists[place]
    stage = room.state[WORDS * lot + STAGE]
    if plan.gated[stage]:
        opens = _next_opening(now, stage, plan, room)
        if opens > now:
            room.state[WORDS * lot + PHASE] = OPENS
            return float(now + (opens - now))
    return _start(lot, room.state[WORDS * lot + CELL], now, plan, room)


@compiled_part
def _wait_for(lot: Any, place: Any, room: Room) -> None:
    """Let a lot go on behind a place of its list when it is called."""
    room.state[WORDS * lot + PLACE] = place
    room.state[WORDS * lot + PHASE] = CALLED


@compiled_part
def _start(lot: Any, cell: Any, now: float, plan: Plan, room: Room) -> float:
    """Begin the work of a stage; return its end."""
    room.moments[3 * np.int64(cell) + 1] = now
    room.state[WORDS * lot + PHASE] = ENDS
    return float(now + plan.durations[cell])


@compiled_part
def _end(replicate: int, lot: Any, now: float, alone: bool, plan: Plan, room: Room) -> float:  # noqa: FBT001
    """Give units back, go on, and let those in line have them.

    They are called after whatever the lot itself asks for next, as its units are given back by
    events of their own; only where other things happen at the same moment must those be queued.
    """
    cell, stage = room.state[WORDS * lot + CELL], room.state[WORDS * lot + STAGE]
    room.moments[3 * np.int64(cell) + 2] = now
    failed = room.state[WORDS * lot + STOP] == stage
    place = plan.begins[(1 if failed else 2) * len(plan.gated) + stage]
    first, resource, lines = place, plan.lists[place], 0
    if alone and not failed and stage + 1 < len(plan.gated):
        alone = _asks_little(place, cell + 1, stage + 1, plan, room)
    while resource != NONE:
        room.units[UNITS * resource + FREE] += 1
        room.busy[replicate, resource] += now
        lines |= room.units[UNITS * resource + LINES]
        if not alone:
            _call(np.uint32(len(room.when) + resource), room)
        place += np.uint32(1)
        resource = plan.lists[place]
    time = float(np.inf)
    if failed:
        time = _fail(replicate, lot, now, plan, room)
    elif stage + 1 < len(plan.gated):
        stage += np.uint32(1)
        cell += np.uint32(1)
        room.state[WORDS * lot + STAGE] = stage
        room.state[WORDS * lot + CELL] = cell
        room.moments[3 * np.int64(cell)] = now
        time = _go_on(replicate, lot, plan.begins[stage], now, alone, plan, room)
    else:
        room.released[replicate, lot] = room.state[WORDS * lot + STOP] == NONE
    if alone and lines > 0:
        if time <= now:  # called before those in line
            _call(lot, room)
            time = float(np.inf)
        _serve_list(replicate, first, now, plan, room)
    return time


@compiled_part
def _asks_little(place: Any, cell: Any, stage: Any, plan: Plan, room: Room) -> bool:
    """Tell whether what a lot asks for next can be answered before those in line are called.

    Nobody in line, nothing asked for, or one unit and work that takes time: otherwise those who
    are called act between the lot's own requests, or before work of no length has ended.
    """
    asked = plan.begins[stage]
    if plan.lists[asked] == NONE:
        return True
    if plan.lists[asked + np.uint32(1)] == NONE and plan.durations[cell] > 0:
        return True
    resource = plan.lists[place]
    while resource != NONE:
        if room.units[UNITS * resource + LINES] > 0:
            return False
        place += np.uint32(1)
        resource = plan.lists[place]
    return True


@compiled_part
def _fail(replicate: int, lot: Any, now: float, plan: Plan, room: Room) -> float:
    """Send a lot to its next attempt, if there is one; return when it comes."""
    row = room.state[WORDS * lot + ROW] + np.uint32(1)
    if row % plan.shape[2] == 0:
        return float(np.inf)
    _begin(lot, row, plan.restart[0], plan, room)
    return float(now + plan.restart_wait[replicate, lot])


@compiled_part
def _serve_list(replicate: int, place: Any, now: float, plan: Plan, room: Room) -> None:
    """Hand on all that was given back."""
    resource = plan.lists[place]
    while resource != NONE:
        _serve(replicate, resource, now, room)
        place += np.uint32(1)
        resource = plan.lists[place]


@compiled_part
def _serve(replicate: int, resource: Any, now: float, room: Room) -> None:
    """Hand a free unit to the first in line, the lower level before the higher."""
    unit = UNITS * resource
    if room.units[unit + FREE] == 0 or room.units[unit + LINES] == 0:
        return
    line = np.uint64(2 * room.counts[LEVELS] * resource)
    while room.waiting[line] == NONE:
        line += np.uint64(2)
    first = room.waiting[line]
    room.waiting[line] = room.state[WORDS * first + LINK]
    room.units[unit + LINES] -= 1
    room.units[unit + FREE] -= 1
    room.busy[replicate, resource] -= now
    _call(first, room)


@compiled_part
def _line_up(lot: Any, resource: Any, level: int, room: Room) -> None:
    """Put a lot at the end of a line."""
    room.state[WORDS * lot + LINK] = NONE
    line = np.uint64(2 * (room.counts[LEVELS] * resource + level))
    if room.waiting[line] == NONE:
        room.waiting[line] = lot
    else:
        room.state[WORDS * room.waiting[line + np.uint64(1)] + LINK] = lot
    room.waiting[line + np.uint64(1)] = lot
    room.units[UNITS * resource + LINES] += 1


@compiled_part
def _call(who: Any, room: Room) -> None:
    """Call a lot that was granted a unit, or a resource with a unit to give, at this moment."""
    room.ring[room.counts[RING_LAST] & (len(room.ring) - 1)] = who
    room.counts[RING_LAST] += 1


@compiled_part
def _next_opening(now: float, stage: Any, plan: Plan, room: Room) -> float:
    """Next moment at which everyone whose hours bind the stage is at work."""
    if now < room.open[2 * stage + 1]:
        return float(max(now, room.open[2 * stage]))
    day = int(now)
    for ahead in range(WEEK + 1):
        weekday = (day + ahead) % WEEK
        begins = day + ahead + plan.hours[stage, weekday, 0]
        ends = day + ahead + plan.hours[stage, weekday, 1]
        if now < ends and begins < ends:
            room.open[2 * stage] = begins
            room.open[2 * stage + 1] = ends
            return float(max(now, begins))
    return now
