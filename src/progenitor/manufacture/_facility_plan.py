"""A facility and its lots as the tables that the compiled queue reads."""

import functools
from itertools import pairwise
from typing import Any, Final

import numpy as np
from jaxtyping import Float, Int, UInt32

from progenitor.manufacture._resource import WEEKDAYS, Resource, Shift

__all__ = ["queue_plan", "queue_room", "stage_hours"]

_SAMPLE: Final = 64
"""Lots from which the span of the calendar is guessed; nothing but speed depends on it."""

_SPANS: Final = 4.0
"""The calendar spans so many times the mean of the longest stage."""

_EXACT: Final = 2.0**38
"""Numbers of buckets stay whole: below 2^52 with 4,096 buckets and three moments a stage."""


def queue_plan(
    resources: tuple[Resource, ...],
    needs: tuple[tuple[str, ...], ...],
    arrivals: Float[np.ndarray, "replicate lot"],
    durations: Float[np.ndarray, "replicate lot attempt stage"],
    stops: Int[np.ndarray, "replicate lot attempt"],
    levels: Int[np.ndarray, "replicate lot attempt"],
    restart_stage: int,
    waits: Float[np.ndarray, "replicate lot"],
    longest: float,
) -> Any:
    """Return the queue's `Plan`; `longest` is the greatest of all times."""
    from progenitor.engine._queue_room import BUCKETS, Plan

    lists, begins = _lists(resources, needs)
    return Plan(
        shape=np.array(durations.shape, dtype=np.int64),
        arrivals=np.ascontiguousarray(arrivals),
        order=_order(arrivals),
        durations=np.ascontiguousarray(durations).ravel(),
        stops=stops.astype(np.uint32).ravel(),
        levels=levels.astype(np.uint32).ravel(),
        restart_wait=np.ascontiguousarray(waits),
        restart=np.array([restart_stage], dtype=np.uint32),
        lists=lists,
        begins=begins,
        capacity=np.array([one.units for one in resources], dtype=np.int64),
        hours=np.stack([stage_hours(resources, names) for names in needs]),
        gated=np.array([_is_gated(resources, names) for names in needs], dtype=np.uint32),
        scale=np.array([BUCKETS / _span(durations, longest)]),
    )


def _order(arrivals: Float[np.ndarray, "replicate lot"]) -> UInt32[np.ndarray, "replicate lot"]:
    """Lots in order of arrival; at the same time in their own."""
    if (arrivals[:, 1:] >= arrivals[:, :-1]).all():
        return np.tile(np.arange(arrivals.shape[1], dtype=np.uint32), (len(arrivals), 1))
    return np.argsort(arrivals, axis=1, kind="stable").astype(np.uint32)


def _span(durations: Float[np.ndarray, "replicate lot attempt stage"], longest: float) -> float:
    """Days that the calendar of the queue covers at a time."""
    if not durations.size:
        return 1.0
    sample = durations[0, :: max(durations.shape[1] // _SAMPLE, 1)]
    usual = _SPANS * sample.mean(axis=(0, 1)).max()
    longest = max(longest, len(WEEKDAYS))
    return float(max(usual, longest * (durations[0].size + 1) / _EXACT))


def queue_room(plan: Any, levels: int) -> Any:
    """Return the `Room` in which a plan is run."""
    from progenitor.engine._queue_room import BUCKETS, COUNTERS, LEVELS, UNITS, WORDS, Room

    replicates, lots, _, stages = (int(size) for size in plan.shape)
    resources = len(plan.capacity)
    counts = np.zeros(COUNTERS, dtype=np.int64)
    counts[LEVELS] = levels
    return Room(
        state=np.empty(lots * WORDS, dtype=np.uint32),
        when=np.empty(lots),
        units=np.empty(resources * UNITS, dtype=np.int64),
        waiting=np.empty(resources * levels * 2, dtype=np.uint32),
        open=np.empty(stages * 2),
        times=np.empty(max(lots, int(plan.capacity.max(initial=0))) + 1),
        keys=np.empty(lots + 1, dtype=np.int64),
        bits=np.empty(BUCKETS // 64, dtype=np.int64),
        ends=np.empty(BUCKETS * 2, dtype=np.uint32),
        ring=np.empty(1 << (lots * (resources + 1)).bit_length(), dtype=np.uint32),
        counts=counts,
        moments=np.empty(plan.durations.size * 3),
        released=np.empty((replicates, lots), dtype=np.bool_),
        busy=np.zeros((replicates, resources)),
        last=np.zeros(replicates),
    )


def _lists(
    resources: tuple[Resource, ...], needs: tuple[tuple[str, ...], ...]
) -> tuple[UInt32[np.ndarray, " place"], UInt32[np.ndarray, " list"]]:
    """Resources to get on going on, to get on starting, and to give back; and where each begins."""
    from progenitor.engine._queue_room import NONE

    held = [frozenset(), *(frozenset(names) for names in needs), frozenset()]
    going = [now - before for before, now in pairwise(held[:-1])]
    leaving = [now - after for now, after in pairwise(held[1:])]
    lists: list[int] = []
    begins = []
    for wanted in (*going, *held[1:-1], *leaving):
        begins.append(len(lists))
        lists += [place for place, one in enumerate(resources) if one.name in wanted]
        lists.append(int(NONE))
    return np.array(lists, dtype=np.uint32), np.array(begins, dtype=np.uint32)


def _is_gated(resources: tuple[Resource, ...], names: tuple[str, ...]) -> bool:
    return any(one.shift is not None and one.name in names for one in resources)


def stage_hours(
    resources: tuple[Resource, ...], names: tuple[str, ...]
) -> Float[np.ndarray, "day edge"]:
    """Return the hours of each day of the week in which everybody a stage needs is at work."""
    found = (one.shift for one in resources if one.name in names)
    return _common_hours(tuple(shift for shift in found if shift is not None))


@functools.lru_cache(maxsize=64)
def _common_hours(shifts: tuple[Shift, ...]) -> Float[np.ndarray, "day edge"]:
    """Hours in which everybody works; read-only."""
    hours = [shift.opening for shift in shifts] or [np.tile([0.0, 1.0], (len(WEEKDAYS), 1))]
    begins = np.max([opening[:, 0] for opening in hours], axis=0)
    ends = np.min([opening[:, 1] for opening in hours], axis=0)
    common = np.stack([begins, ends], axis=1)
    common.setflags(write=False)
    return common
