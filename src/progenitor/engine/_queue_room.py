"""What the queue of a facility is asked, and the room in which it works."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64, UInt32

__all__ = [
    "ARRIVES",
    "BUCKETS",
    "CALLED",
    "CELL",
    "COUNTERS",
    "ENDS",
    "FREE",
    "HEAP",
    "LEVELS",
    "LINES",
    "LINK",
    "LOT_BITS",
    "LOT_MASK",
    "NONE",
    "OPENS",
    "PHASE",
    "PLACE",
    "PUSHED",
    "RING_FIRST",
    "RING_LAST",
    "ROW",
    "STAGE",
    "STOP",
    "UNITS",
    "USED_WORDS",
    "WEEK",
    "WORDS",
    "Plan",
    "Room",
]

CELL: Final = 0
STAGE: Final = 1
STOP: Final = 2
ROW: Final = 3
PLACE: Final = 4
PHASE: Final = 5
LINK: Final = 6
WORDS: Final = 8
"""Words of the state of a lot: its place among all durations, its stage, the stage after which the
attempt fails, the attempt among all attempts, its place in a list of resources, what its next
moment is, and who stands behind it."""

FREE: Final = 0
LINES: Final = 1
UNITS: Final = 2
"""Words of the state of a resource: units left, and lots in line for one."""

HEAP: Final = 0
PUSHED: Final = 1
RING_FIRST: Final = 2
RING_LAST: Final = 3
USED_WORDS: Final = 4
LEVELS: Final = 5
COUNTERS: Final = 8
"""Counters: lots in the heap, pushed there so far, ends of the ring, words of the calendar in which
a bit stands, levels in a line."""

ARRIVES: Final = 0
OPENS: Final = 1
ENDS: Final = 2
CALLED: Final = 3
"""What the next moment of a lot is."""

NONE: Final = np.uint32(0xFFFFFFFF)
"""No lot, no resource, no stage."""

WEEK: Final = 7

BUCKETS: Final = 4096
"""Of the calendar: 64 words of 64 bits, so that the next one that is used is found in two looks."""

LOT_BITS: Final = 24
LOT_MASK: Final = (1 << LOT_BITS) - 1
"""A key of the heap is the count of pushes so far above, and the lot below these bits."""


class Plan(NamedTuple):
    """What is asked of the facility.

    Whole numbers that name a place have no sign: the machine need not ask whether to count from the
    end.

    Parameters
    ----------
    shape
        Replicates, lots, attempts, stages.
    arrivals, order
        When lots arrive, and their order in time.
    durations
        Of each stage of each attempt of each lot.
    stops
        Stage after which an attempt fails, NONE for none.
    levels
        Rank in the line: 0 goes first.
    restart_wait, restart
        Time before another attempt, and (one number) the stage it begins with.
    lists, begins
        Resources, each list ended by NONE, and where those of a stage begin: to get when coming
        from the stage before, to get when starting there, to give back when going on.
    capacity
        Units of each resource.
    hours, gated
        Hours of each day of the week in which a stage may begin; whether hours bind it.
    scale
        (One number) buckets of the calendar a day.
    """

    shape: Int64[np.ndarray, " four"]
    arrivals: Float64[np.ndarray, "replicate lot"]
    order: UInt32[np.ndarray, "replicate lot"]
    durations: Float64[np.ndarray, " cell"]
    stops: UInt32[np.ndarray, " row"]
    levels: UInt32[np.ndarray, " row"]
    restart_wait: Float64[np.ndarray, "replicate lot"]
    restart: UInt32[np.ndarray, " one"]
    lists: UInt32[np.ndarray, " place"]
    begins: UInt32[np.ndarray, " list"]
    capacity: Int64[np.ndarray, " resource"]
    hours: Float64[np.ndarray, "stage day edge"]
    gated: UInt32[np.ndarray, " stage"]
    scale: Float64[np.ndarray, " one"]


class Room(NamedTuple):
    """Room to work in, and what is written.

    Parameters
    ----------
    state, when
        Words of each lot, and when its next moment is.
    units, waiting
        Words of each resource, and first and last of each of its lines.
    open
        Hours last looked up for each stage: from, to.
    times, keys
        The heap.
    bits, ends
        The calendar: which buckets are used, and first and last lot of each.
    ring, counts
        Who acts at the present moment (its length a power of two), and counters.
    moments
        Written: request, start and end of each stage of each attempt.
    released
        Written: whether a lot passed.
    busy
        Written: unit-days held, from a grant to its return.
    last
        Written: when the last thing happened.
    """

    state: UInt32[np.ndarray, " word"]
    when: Float64[np.ndarray, " lot"]
    units: Int64[np.ndarray, " word"]
    waiting: UInt32[np.ndarray, " end"]
    open: Float64[np.ndarray, " edge"]
    times: Float64[np.ndarray, " place"]
    keys: Int64[np.ndarray, " place"]
    bits: Int64[np.ndarray, " word"]
    ends: UInt32[np.ndarray, " end"]
    ring: UInt32[np.ndarray, " seat"]
    counts: Int64[np.ndarray, " counter"]
    moments: Float64[np.ndarray, " moment"]
    released: Bool[np.ndarray, "replicate lot"]
    busy: Float64[np.ndarray, "replicate resource"]
    last: Float64[np.ndarray, " replicate"]
