r"""The queue of one station in machine code, where nobody goes before and nobody comes back.

With :math:`F` the moment at which the first of all units is free again, each lot starts at
:math:`S = \max(A, F)` and its unit is free at :math:`S + D` (Kiefer and Wolfowitz 1955,
https://doi.org/10.1090/S0002-9947-1955-0066587-3): no event need be ordered.
"""

import numpy as np

from progenitor.engine._compiled import compiled, compiled_part
from progenitor.engine._queue_room import Plan, Room

__all__ = ["run_station"]


@compiled
def run_station(plan: Plan, resource: int, room: Room) -> None:
    """Let every lot of every replicate pass one stage that needs one resource."""
    lots = plan.arrivals.shape[1]
    free = room.times[: plan.capacity[resource]]
    for replicate in range(plan.arrivals.shape[0]):
        free[:] = 0.0
        held, last = 0.0, 0.0
        for place in range(lots):
            lot = plan.order[replicate, place]
            cell = np.uint64(replicate * lots + lot)
            arrival = plan.arrivals[replicate, lot]
            start = max(arrival, free[0])
            end = start + plan.durations[cell]
            _replace_first(end, free)
            moment = np.uint64(3) * cell
            room.moments[moment] = arrival
            room.moments[moment + np.uint64(1)] = start
            room.moments[moment + np.uint64(2)] = end
            room.released[replicate, lot] = plan.stops[cell] != 0
            held += end - start
            last = max(last, end)
        room.busy[replicate, resource] = held
        room.last[replicate] = last


@compiled_part
def _replace_first(time: float, heap: np.ndarray) -> None:
    """Put a moment into a heap instead of the first."""
    size = np.uint64(len(heap))
    place = np.uint64(0)
    while True:
        child = place + place + np.uint64(1)
        if child >= size:
            break
        other = child + np.uint64(1)
        if other < size and heap[other] < heap[child]:
            child = other
        if heap[child] >= time:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = time
