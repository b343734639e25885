"""The queue of a facility in machine code: one loop over a time-ordered heap.

Every lot is at one place at a time, so a lot is an event: its next moment stands in the heap, its
phase says what that moment is. Units are granted through a ring of the present moment, so that
lots of one moment act in the order in which they were called, as in a process simulation.
"""

import numpy as np

from progenitor.engine._compiled import compiled, compiled_part
from progenitor.engine._queue_heap import fill_hole, is_due, push
from progenitor.engine._queue_room import (
    ARRIVES,
    ATTEMPT,
    CALLED,
    COUNTERS,
    ENDED,
    ENDS,
    FRESH,
    HEAP,
    HOLE,
    LOT_BITS,
    LOT_MASK,
    NEXT,
    OPENS,
    PHASE,
    POSITION,
    REQUESTED,
    RING_FIRST,
    RING_LAST,
    STAGE,
    STARTED,
    WEEK,
    WORDS,
    Plan,
    Room,
)

__all__ = ["run_queue"]


@compiled
def run_queue(plan: Plan, room: Room) -> None:
    """Let every lot of every replicate pass its stages."""
    lots = plan.arrivals.shape[1]
    for replicate in range(plan.arrivals.shape[0]):
        _empty(plan, room)
        pointer = 0
        arriving = plan.arrivals[replicate, plan.order[replicate, 0]] if lots > 0 else np.inf
        room.times[lots + 1] = arriving
        while True:
            if _is_called(room, arriving):
                lot = room.ring[room.counts[RING_FIRST] & (len(room.ring) - 1)] & LOT_MASK
                room.counts[RING_FIRST] += 1
                if lot >= lots:
                    _serve(replicate, lot - lots, room)
                    continue
                room.state[lot, POSITION] += 1
                _go_on(replicate, lot, plan, room)
                continue
            fill_hole(room)
            if pointer < lots and (room.counts[HEAP] == 0 or arriving <= room.times[0]):
                lot = plan.order[replicate, pointer]
                pointer += 1
                room.times[lots] = arriving
                arriving = np.inf
                if pointer < lots:
                    arriving = plan.arrivals[replicate, plan.order[replicate, pointer]]
                room.times[lots + 1] = arriving
                _arrive(replicate, lot, plan, room)
            elif room.counts[HEAP] > 0:
                room.times[lots] = room.times[0]
                room.counts[HOLE] = 1
                _wake(replicate, room.keys[0] & LOT_MASK, plan, room)
            else:
                break
        room.last[replicate] = room.times[lots]


@compiled_part
def _empty(plan: Plan, room: Room) -> None:
    """Make every unit free and every line empty."""
    for resource in range(len(plan.capacity)):
        room.free[resource] = plan.capacity[resource]
        room.lines[resource] = 0
        for level in range(room.waiting.shape[1]):
            room.waiting[resource, level, 0] = -1
    for counter in range(COUNTERS):
        room.counts[counter] = 0


@compiled_part
def _is_called(room: Room, arriving: float) -> bool:
    """Whether a lot that was granted a unit acts before anything else of this moment."""
    first = room.counts[RING_FIRST]
    if first == room.counts[RING_LAST]:
        return False
    now = room.times[len(room.state)]
    if arriving <= now:
        return False
    if not is_due(room, now):
        return True
    fill_hole(room)
    return bool(room.ring[first & (len(room.ring) - 1)] < room.keys[0])


@compiled_part
def _is_alone(room: Room) -> bool:
    """Whether nothing else happens at this moment."""
    now = room.times[len(room.state)]
    if room.counts[RING_FIRST] != room.counts[RING_LAST]:
        return False
    return bool(room.times[len(room.state) + 1] > now and not is_due(room, now))


@compiled_part
def _arrive(replicate: int, lot: int, plan: Plan, room: Room) -> None:
    """Let a lot come to its first stage."""
    for word in range(WORDS):
        room.state[lot, word] = 0
    room.state[lot, FRESH] = 1
    room.moments[replicate, lot, 0, 0, REQUESTED] = room.times[len(room.state)]
    _go_on(replicate, lot, plan, room)


@compiled_part
def _wake(replicate: int, lot: int, plan: Plan, room: Room) -> None:
    """Let the moment come that a lot waited for."""
    if room.state[lot, PHASE] == ENDS:
        _end(replicate, lot, plan, room)
    elif room.state[lot, PHASE] == OPENS:
        _start(replicate, lot, plan, room)
    else:
        attempt, stage = room.state[lot, ATTEMPT], room.state[lot, STAGE]
        room.moments[replicate, lot, attempt, stage, REQUESTED] = room.times[len(room.state)]
        _go_on(replicate, lot, plan, room)


@compiled_part
def _go_on(replicate: int, lot: int, plan: Plan, room: Room) -> None:
    """Ask for the next units the stage needs, or begin when all are there."""
    now = room.times[len(room.state)]
    stage, place = room.state[lot, STAGE], room.state[lot, POSITION]
    which = room.state[lot, FRESH]
    while place < plan.lists.shape[2] and plan.lists[which, stage, place] >= 0:
        resource = plan.lists[which, stage, place]
        if room.free[resource] == 0 or room.lines[resource] > 0:
            room.state[lot, POSITION] = place
            _line_up(lot, resource, plan.levels[replicate, lot, room.state[lot, ATTEMPT]], room)
            _serve(replicate, resource, room)
            return
        room.free[resource] -= 1
        room.busy[replicate, resource] -= now
        if not _is_alone(room):
            room.state[lot, POSITION] = place
            _call(lot, room)
            return
        place += 1
    opens = _next_opening(now, stage, plan)
    if opens > now:
        room.state[lot, PHASE] = OPENS
        push(now + (opens - now), lot, room)
    else:
        _start(replicate, lot, plan, room)


@compiled_part
def _start(replicate: int, lot: int, plan: Plan, room: Room) -> None:
    """Begin the work of a stage."""
    now = room.times[len(room.state)]
    attempt, stage = room.state[lot, ATTEMPT], room.state[lot, STAGE]
    room.moments[replicate, lot, attempt, stage, STARTED] = now
    room.state[lot, PHASE] = ENDS
    push(now + plan.durations[replicate, lot, attempt, stage], lot, room)


@compiled_part
def _end(replicate: int, lot: int, plan: Plan, room: Room) -> None:
    """Give units back, go on, and let those in line have them.

    They are called after whatever the lot itself asks for next, as its units are given back by
    events of their own; only where other things happen at the same moment must those be queued.
    """
    now = room.times[len(room.state)]
    attempt, stage = room.state[lot, ATTEMPT], room.state[lot, STAGE]
    room.moments[replicate, lot, attempt, stage, ENDED] = now
    failed = plan.stops[replicate, lot, attempt] == stage
    which = 1 if failed else 2
    alone = _is_alone(room)
    for place in range(plan.lists.shape[2]):
        resource = plan.lists[which, stage, place]
        if resource < 0:
            break
        room.free[resource] += 1
        room.busy[replicate, resource] += now
        if not alone:
            _call(len(room.state) + resource, room)
    _leave(replicate, lot, failed, plan, room)
    if alone:
        for place in range(plan.lists.shape[2]):
            resource = plan.lists[which, stage, place]
            if resource < 0:
                break
            _serve(replicate, resource, room)


@compiled_part
def _leave(replicate: int, lot: int, failed: bool, plan: Plan, room: Room) -> None:  # noqa: FBT001
    """Go on to the next stage or the next attempt, or be done."""
    now = room.times[len(room.state)]
    attempt, stage = room.state[lot, ATTEMPT], room.state[lot, STAGE]
    room.state[lot, POSITION] = 0
    if failed:
        if attempt + 1 < plan.stops.shape[2]:
            room.state[lot, ATTEMPT] = attempt + 1
            room.state[lot, STAGE] = plan.restart[0]
            room.state[lot, FRESH] = 1
            room.state[lot, PHASE] = ARRIVES
            push(now + plan.restart_wait[replicate, lot], lot, room)
    elif stage + 1 < room.moments.shape[3]:
        room.state[lot, STAGE] = stage + 1
        room.state[lot, FRESH] = 0
        room.moments[replicate, lot, attempt, stage + 1, REQUESTED] = now
        _go_on(replicate, lot, plan, room)


@compiled_part
def _serve(replicate: int, resource: int, room: Room) -> None:
    """Hand a free unit to the first in line, the lower level before the higher."""
    if room.free[resource] == 0 or room.lines[resource] == 0:
        return
    level = 0
    while room.waiting[resource, level, 0] < 0:
        level += 1
    first = room.waiting[resource, level, 0]
    room.waiting[resource, level, 0] = room.state[first, NEXT]
    room.lines[resource] -= 1
    room.free[resource] -= 1
    room.busy[replicate, resource] -= room.times[len(room.state)]
    _call(first, room)


@compiled_part
def _line_up(lot: int, resource: int, level: int, room: Room) -> None:
    """Put a lot at the end of a line."""
    room.state[lot, NEXT] = -1
    if room.waiting[resource, level, 0] < 0:
        room.waiting[resource, level, 0] = lot
    else:
        room.state[room.waiting[resource, level, 1], NEXT] = lot
    room.waiting[resource, level, 1] = lot
    room.lines[resource] += 1


@compiled_part
def _call(who: int, room: Room) -> None:
    """Call a lot that was granted a unit, or a resource with a unit to give, at this moment."""
    seat = room.counts[RING_LAST] & (len(room.ring) - 1)
    room.ring[seat] = (room.counts[CALLED] << LOT_BITS) | who
    room.counts[RING_LAST] += 1
    room.counts[CALLED] += 1


@compiled_part
def _next_opening(now: float, stage: int, plan: Plan) -> float:
    """Next moment at which everyone whose hours bind the stage is at work."""
    if plan.gated[stage] == 0:
        return now
    day = int(now)
    for ahead in range(WEEK + 1):
        weekday = (day + ahead) % WEEK
        begins = day + ahead + plan.hours[stage, weekday, 0]
        ends = day + ahead + plan.hours[stage, weekday, 1]
        if now < ends and begins < ends:
            return float(max(now, begins))
    return now
