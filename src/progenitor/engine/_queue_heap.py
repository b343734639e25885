"""The time-ordered heap of the queue: of equal moments the one called first stands higher."""

from progenitor.engine._compiled import compiled_part
from progenitor.engine._queue_room import CALLED, HEAP, HOLE, LOT_BITS, Room

__all__ = ["fill_hole", "is_due", "push"]


@compiled_part
def is_due(room: Room, now: float) -> bool:
    """Whether anything in the heap happens at this moment."""
    size = room.counts[HEAP]
    if room.counts[HOLE] == 0:
        return bool(size > 0 and room.times[0] <= now)
    return bool((size > 1 and room.times[1] <= now) or (size > 2 and room.times[2] <= now))


@compiled_part
def push(time: float, lot: int, room: Room) -> None:
    """Put a lot into the heap; into the hole at its top if there is one."""
    key = (room.counts[CALLED] << LOT_BITS) | lot
    room.counts[CALLED] += 1
    if room.counts[HOLE]:
        room.counts[HOLE] = 0
        _sink(time, key, room)
        return
    place = room.counts[HEAP]
    room.counts[HEAP] += 1
    while place > 0:
        parent = (place - 1) >> 1
        if room.times[parent] <= time:
            break
        room.times[place] = room.times[parent]
        room.keys[place] = room.keys[parent]
        place = parent
    room.times[place] = time
    room.keys[place] = key


@compiled_part
def fill_hole(room: Room) -> None:
    """Fill the hole that a lot left at the top of the heap."""
    if room.counts[HOLE]:
        room.counts[HOLE] = 0
        room.counts[HEAP] -= 1
        size = room.counts[HEAP]
        if size > 0:
            _sink(room.times[size], room.keys[size], room)


@compiled_part
def _sink(time: float, key: int, room: Room) -> None:
    """Let a moment sink from the top to its place; of equals the one called first is higher."""
    size = room.counts[HEAP]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        other = min(child + 1, size - 1)
        child += (other - child) * _before(other, room.times[child], room.keys[child], room)
        if not _before(child, time, key, room):
            break
        room.times[place] = room.times[child]
        room.keys[place] = room.keys[child]
        place = child
    room.times[place] = time
    room.keys[place] = key


@compiled_part
def _before(place: int, time: float, key: int, room: Room) -> int:
    """1 if what stands at a place of the heap comes before another moment; without a branch."""
    mine = room.times[place]
    return int(mine < time) | (int(mine == time) & int(room.keys[place] < key))
