"""What the queue of a facility is asked, and the room in which it works."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

__all__ = [
    "ARRIVES",
    "ATTEMPT",
    "CALLED",
    "COUNTERS",
    "ENDED",
    "ENDS",
    "FRESH",
    "HEAP",
    "HOLE",
    "LOT_BITS",
    "LOT_MASK",
    "NEXT",
    "OPENS",
    "PHASE",
    "POSITION",
    "REQUESTED",
    "RING_FIRST",
    "RING_LAST",
    "STAGE",
    "STARTED",
    "WEEK",
    "WORDS",
    "Plan",
    "Room",
]

STAGE: Final = 0
ATTEMPT: Final = 1
PHASE: Final = 2
POSITION: Final = 3
NEXT: Final = 4
FRESH: Final = 5
WORDS: Final = 6
"""Rows of the state of a lot."""

HEAP: Final = 0
RING_FIRST: Final = 1
RING_LAST: Final = 2
CALLED: Final = 3
HOLE: Final = 4
COUNTERS: Final = 5
"""Counters: lots in the heap, ends of the ring, events called so far, whether the top is empty."""

ARRIVES: Final = 0
OPENS: Final = 1
ENDS: Final = 2

REQUESTED: Final = 0
STARTED: Final = 1
ENDED: Final = 2

WEEK: Final = 7

LOT_BITS: Final = 24
LOT_MASK: Final = (1 << LOT_BITS) - 1
"""A key is the count of calls so far above, and who is called below these bits."""


class Plan(NamedTuple):
    """What is asked of the facility.

    Parameters
    ----------
    arrivals, order
        When lots arrive, and their order in time.
    durations
        Of each stage of each attempt.
    stops
        Stage after which an attempt fails, -1 for none.
    levels
        Rank in the line: 0 goes first.
    restart_wait, restart
        Time before another attempt, and (one number) the stage it begins with.
    lists
        Resources by stage, filled up with -1: to get when coming from the stage before, to get
        when starting there, to give back when going on.
    capacity
        Units of each resource.
    hours, gated
        Hours of each day of the week in which a stage may begin; whether hours bind it.
    """

    arrivals: Float64[np.ndarray, "replicate lot"]
    order: Int64[np.ndarray, "replicate lot"]
    durations: Float64[np.ndarray, "replicate lot attempt stage"]
    stops: Int64[np.ndarray, "replicate lot attempt"]
    levels: Int64[np.ndarray, "replicate lot attempt"]
    restart_wait: Float64[np.ndarray, "replicate lot"]
    restart: Int64[np.ndarray, " one"]
    lists: Int64[np.ndarray, "list stage place"]
    capacity: Int64[np.ndarray, " resource"]
    hours: Float64[np.ndarray, "stage day edge"]
    gated: Int64[np.ndarray, " stage"]


class Room(NamedTuple):
    """Room to work in, and what is written.

    Parameters
    ----------
    state
        Of each lot: stage, attempt, phase, place in its list, next in line, whether it starts.
    free, lines, waiting
        Units left of each resource, lots in line for it, and first and last of each line.
    times, keys, ring, counts
        The heap (behind it the present and the next arrival), the ring (its length a power of
        two), and counters.
    moments
        Written: request, start and end of each stage of each attempt.
    busy
        Written: unit-days held, from a grant to its return.
    last
        Written: when the last thing happened.
    """

    state: Int64[np.ndarray, "lot word"]
    free: Int64[np.ndarray, " resource"]
    lines: Int64[np.ndarray, " resource"]
    waiting: Int64[np.ndarray, "resource level end"]
    times: Float64[np.ndarray, " place"]
    keys: Int64[np.ndarray, " place"]
    ring: Int64[np.ndarray, " seat"]
    counts: Int64[np.ndarray, " counter"]
    moments: Float64[np.ndarray, "replicate lot attempt stage moment"]
    busy: Float64[np.ndarray, "replicate resource"]
    last: Float64[np.ndarray, " replicate"]
