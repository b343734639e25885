"""The calendar of the queue: moments to come, by bucket, each bucket in the order of the pushes.

A lot is hung behind the last one of its bucket, and only the bucket at hand is put in order; where
buckets hold about one lot that costs less than a heap, and where they hold many it is the heap.
The bucket at hand, as far as it was pushed in order of time, is a *run* of linked lots; what is out
of order, and what is later than the last bucket, stands in the heap. Of equal moments the run's
comes first: the heap's was pushed later, unless it came from beyond the last bucket, and then the
whole bucket goes into the heap.
"""

from typing import Any

import numpy as np
from numba.cpython.unsafe.numbers import trailing_zeros

from progenitor.engine._compiled import compiled_part
from progenitor.engine._queue_heap import push_heap
from progenitor.engine._queue_room import BUCKETS, HEAP, LINK, NONE, USED_WORDS, WORDS, Room

__all__ = ["next_bucket", "push"]

_MASK = BUCKETS - 1


@compiled_part
def push(time: float, lot: Any, edge: float, scale: float, room: Room) -> None:
    """Let a lot have a moment; `edge` is the number of the first bucket that is not at hand."""
    number = time * scale
    if (number >= edge + _MASK) | (number < edge):
        push_heap(time, lot, room)
        return
    bucket = np.int64(number) & _MASK
    word = bucket >> 6
    bit = np.int64(1) << (bucket & 63)
    known = room.bits[word]
    room.when[lot] = time
    room.state[WORDS * lot + LINK] = NONE
    if known & bit:
        room.state[WORDS * room.ends[2 * bucket + 1] + LINK] = lot
    else:
        room.bits[word] = known | bit
        room.counts[USED_WORDS] |= np.int64(1) << word
        room.ends[2 * bucket] = lot
    room.ends[2 * bucket + 1] = lot


@compiled_part
def next_bucket(base: Any, scale: float, room: Room) -> Any:
    """Take the next bucket at hand; return the first lot of its run, and its number."""
    number = _next_used(base + 1, room)
    if number < 0:
        return NONE, base
    top = room.times[0] * scale
    if top < number:
        return NONE, np.int64(top)
    bucket = number & _MASK
    word = bucket >> 6
    left = room.bits[word] & ~(np.int64(1) << (bucket & 63))
    room.bits[word] = left
    if left == 0:
        room.counts[USED_WORDS] &= ~(np.int64(1) << word)
    lot = room.ends[2 * bucket]
    if lot == room.ends[2 * bucket + 1] and room.counts[HEAP] == 0:
        return lot, number
    if top >= number + 1:
        _make_run(lot, room)
        return lot, number
    while lot != NONE:
        push_heap(room.when[lot], lot, room)
        lot = room.state[WORDS * lot + LINK]
    return NONE, number


@compiled_part
def _make_run(lot: Any, room: Room) -> None:
    """Leave those in the bucket that stand in order of time, and put the others into the heap."""
    time = room.when[lot]
    after = room.state[WORDS * lot + LINK]
    while after != NONE:
        following = room.state[WORDS * after + LINK]
        if room.when[after] >= time:
            time = room.when[after]
            room.state[WORDS * lot + LINK] = after
            lot = after
        else:
            push_heap(room.when[after], after, room)
        after = following
    room.state[WORDS * lot + LINK] = NONE


@compiled_part
def _next_used(base: Any, room: Room) -> Any:
    """Return the number of the first used bucket from a number on, -1 for none."""
    place = base & _MASK
    word: Any = place >> 6
    bits = room.bits[word] & (np.int64(-1) << (place & 63))
    if bits == 0:
        used = room.counts[USED_WORDS]
        if used == 0:
            return np.int64(-1)
        later = used & (np.int64(-2) << word) if word < 63 else np.int64(0)
        word = np.int64(trailing_zeros(later if later != 0 else used)) & 63
        bits = room.bits[word]
    found = (word << 6) + np.int64(trailing_zeros(bits))
    return base + ((found - place) & _MASK)
