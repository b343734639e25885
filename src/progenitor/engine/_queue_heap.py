"""The time-ordered heap of the queue: of equal moments the one pushed first stands higher.

It holds what the calendar cannot: moments of the bucket at hand, and those beyond the last one.
"""

from typing import Any

import numpy as np

from progenitor.engine._compiled import compiled_part
from progenitor.engine._queue_room import HEAP, LOT_BITS, PUSHED, Room

__all__ = ["pop_heap", "push_heap"]


@compiled_part
def push_heap(time: float, lot: Any, room: Room) -> None:
    """Put a lot into the heap."""
    key = (room.counts[PUSHED] << LOT_BITS) | lot
    room.counts[PUSHED] += 1
    place = np.uint64(room.counts[HEAP])
    room.counts[HEAP] += 1
    while place > 0:
        parent = (place - np.uint64(1)) >> np.uint64(1)
        if room.times[parent] <= time:
            break
        room.times[place] = room.times[parent]
        room.keys[place] = room.keys[parent]
        place = parent
    room.times[place] = time
    room.keys[place] = key


@compiled_part
def pop_heap(room: Room) -> None:
    """Take away the top of the heap; an empty one shows infinity there."""
    room.counts[HEAP] -= 1
    size = np.uint64(room.counts[HEAP])
    time, key = room.times[size], room.keys[size]
    room.times[size] = np.inf
    if size == 0:
        return
    place = np.uint64(0)
    while True:
        child = place + place + np.uint64(1)
        if child >= size:
            break
        other = child + np.uint64(1)
        if other < size and _before(other, room.times[child], room.keys[child], room):
            child = other
        if not _before(child, time, key, room):
            break
        room.times[place] = room.times[child]
        room.keys[place] = room.keys[child]
        place = child
    room.times[place] = time
    room.keys[place] = key


@compiled_part
def _before(place: Any, time: float, key: int, room: Room) -> bool:
    """Whether what stands at a place of the heap comes before another moment."""
    mine = room.times[place]
    return bool(mine < time or (mine == time and room.keys[place] < key))
