"""A facility with a queue: lots arrive, wait for suites, staff and the laboratory, and may return.

A stage begins when a lot holds a unit of everything it needs, asked for one after the other in the
order in which the facility lists its resources, and when everybody whose hours bind it is at work.
Among those who wait, the lower level goes first and then who asked first. A lot that fails comes
back after a wait, for another attempt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem
from progenitor.manufacture._resource import WEEKDAYS, Resource

__all__ = ["Facility", "FacilityRun", "Stage", "run_facility", "stage_problems"]

_LEVELS: Final = 16


@final
@dataclass(frozen=True, slots=True)
class Stage:
    """Something that happens to a lot, and the resources it holds meanwhile.

    Parameters
    ----------
    label
        What it is called.
    needs
        Names of resources, a unit each; a resource needed by the next stage too is kept.
    """

    label: str
    needs: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Facility:
    """Resources in the order in which lots ask for them.

    Parameters
    ----------
    resources
        Suites first, then devices, then people: a lot that keeps one may only wait for later ones,
        or two lots could wait for each other for ever.

    Raises
    ------
    InputError
        Listing every resource that cannot be.

    Examples
    --------
    >>> site = Facility((Resource("clean room", 2), Resource("QC laboratory", 1)))
    >>> site.names
    ('clean room', 'QC laboratory')
    """

    resources: tuple[Resource, ...]

    def __post_init__(self) -> None:
        problems = [problem for resource in self.resources for problem in resource.problems]
        names = self.names
        problems += [
            Problem(f"resource '{name}' is listed twice", "keep one of them", field=name)
            for name in sorted({name for name in names if names.count(name) > 1})
        ]
        if problems:
            raise InputError(problems)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the resources."""
        return tuple(resource.name for resource in self.resources)


@final
@dataclass(frozen=True, slots=True)
class FacilityRun:
    """When everything happened; days since the start, NaN for what never did.

    Parameters
    ----------
    facility, stages
        Where, and what.
    arrivals
        (replicate, lot).
    requested, started, ended
        (replicate, lot, attempt, stage).
    released
        Whether an attempt passed in the end, (replicate, lot).
    utilisation
        Share of unit-days held between the first arrival and the last end, (replicate, resource).
    """

    facility: Facility
    stages: tuple[Stage, ...]
    arrivals: Float[np.ndarray, "replicate lot"]
    requested: Float[np.ndarray, "replicate lot attempt stage"]
    started: Float[np.ndarray, "replicate lot attempt stage"]
    ended: Float[np.ndarray, "replicate lot attempt stage"]
    released: Bool[np.ndarray, "replicate lot"]
    utilisation: Float[np.ndarray, "replicate resource"]

    @property
    def stage_wait(self) -> Float[np.ndarray, "replicate lot attempt stage"]:
        """Days from asking to beginning, (replicate, lot, attempt, stage)."""
        return np.asarray(self.started - self.requested)

    @property
    def wait(self) -> Float[np.ndarray, "replicate lot"]:
        """Days a lot waited in all, over stages and attempts, (replicate, lot)."""
        return np.asarray(np.nansum(self.stage_wait, axis=(2, 3)))

    @property
    def finished(self) -> Float[np.ndarray, "replicate lot"]:
        """Day on which the last stage of the last attempt ended, (replicate, lot)."""
        ends = np.where(np.isnan(self.ended), -np.inf, self.ended)
        return np.asarray(ends.max(axis=(2, 3)))

    @property
    def duration(self) -> Float[np.ndarray, "replicate lot"]:
        """Days from arrival to the end, NaN for lots that never passed, (replicate, lot)."""
        return np.where(self.released, self.finished - self.arrivals, np.nan)

    @property
    def attempts(self) -> Int[np.ndarray, "replicate lot"]:
        """Attempts begun, (replicate, lot)."""
        return np.asarray((~np.isnan(self.requested)).any(axis=3).sum(axis=2))


def run_facility(
    facility: Facility,
    stages: Sequence[Stage],
    arrivals: Float[np.ndarray, "replicate lot"],
    durations: Float[np.ndarray, "replicate lot ..."],
    *,
    stops: Int[np.ndarray, "replicate lot attempt"] | None = None,
    levels: Int[np.ndarray, "replicate lot attempt"] | None = None,
    restart_stage: int = 0,
    restart_wait: Float[np.ndarray, "replicate lot"] | float = 0.0,
) -> FacilityRun:
    """Run lots through a facility; every replicate is a facility of its own.

    Parameters
    ----------
    facility, stages
        Where, and what every lot passes in turn.
    arrivals
        Day on which each lot arrives, (replicate, lot).
    durations
        Days each stage takes, (replicate, lot, stage), or (replicate, lot, attempt, stage).
    stops
        Stage after which an attempt fails, -1 for one that passes, (replicate, lot, attempt); the
        attempts allowed are as many. By default one attempt, which passes.
    levels
        Rank in the line, 0 first, below 16, (replicate, lot, attempt).
    restart_stage, restart_wait
        Stage another attempt begins with, and days before it.

    Raises
    ------
    InputError
        Listing everything that does not fit.

    Examples
    --------
    One suite, three lots a day apart that need two days each.

    >>> site = Facility((Resource("clean room", 1),))
    >>> run = run_facility(site, [Stage("culture", ("clean room",))],
    ...                    np.array([[0.0, 1.0, 2.0]]), np.full((1, 3, 1), 2.0))
    >>> run.started[0, :, 0, 0], run.wait, run.utilisation
    (array([0., 2., 4.]), array([[0., 1., 2.]]), array([[1.]]))
    """
    stages = tuple(stages)
    arrivals = np.asarray(arrivals, dtype=np.float64)
    stops = np.full((*arrivals.shape, 1), -1) if stops is None else np.asarray(stops)
    levels = np.zeros_like(stops) if levels is None else np.asarray(levels)
    durations = np.asarray(durations, dtype=np.float64)
    if durations.ndim == 3:
        durations = durations[:, :, np.newaxis]
    waits = np.broadcast_to(np.asarray(restart_wait, dtype=np.float64), arrivals.shape)
    whole = (*arrivals.shape, stops.shape[-1], len(stages))
    problems = stage_problems(facility, stages)
    problems += _lot_problems(arrivals, durations, stops, levels, waits, whole)
    if not 0 <= restart_stage < max(len(stages), 1):
        fix = f"give a stage from 0 to {len(stages) - 1}"
        problems.append(Problem(f"restart_stage is {restart_stage}", fix, field="restart_stage"))
    if problems:
        raise InputError(problems)
    durations = np.broadcast_to(durations, whole)
    return _run(facility, stages, arrivals, durations, stops, levels, restart_stage, waits)


def _run(
    facility: Facility,
    stages: tuple[Stage, ...],
    arrivals: Float[np.ndarray, "replicate lot"],
    durations: Float[np.ndarray, "replicate lot attempt stage"],
    stops: Int[np.ndarray, "replicate lot attempt"],
    levels: Int[np.ndarray, "replicate lot attempt"],
    restart_stage: int,
    waits: Float[np.ndarray, "replicate lot"],
) -> FacilityRun:
    from progenitor.engine._queue_kernel import run_queue
    from progenitor.engine._queue_room import Plan

    resources = len(facility.resources)
    plan = Plan(
        arrivals=np.ascontiguousarray(arrivals),
        order=np.argsort(arrivals, axis=1, kind="stable").astype(np.int64),
        durations=np.ascontiguousarray(durations),
        stops=np.ascontiguousarray(stops, dtype=np.int64),
        levels=np.ascontiguousarray(levels, dtype=np.int64),
        restart_wait=np.ascontiguousarray(waits),
        restart=np.array([restart_stage], dtype=np.int64),
        lists=_lists(facility, stages),
        capacity=np.array([one.units for one in facility.resources], dtype=np.int64),
        hours=np.stack([_hours(facility, stage) for stage in stages]),
        gated=np.array([_is_gated(facility, stage) for stage in stages], dtype=np.int64),
    )
    room = _room(durations.shape, resources, int(levels.max(initial=0)) + 1)
    run_queue(plan, room)
    requested, started, ended = (room.moments[..., k] for k in range(3))
    span = room.last - arrivals.min(axis=1, initial=np.inf)
    open_days = span[:, np.newaxis] * plan.capacity
    return FacilityRun(
        facility=facility,
        stages=stages,
        arrivals=arrivals,
        requested=requested,
        started=started,
        ended=ended,
        released=_released(stops, ended),
        utilisation=np.divide(
            room.busy, open_days, out=np.zeros_like(room.busy), where=open_days > 0
        ),
    )


def _room(shape: tuple[int, ...], resources: int, levels: int) -> Any:
    """Room for lots of (replicate, lot, attempt, stage)."""
    from progenitor.engine._queue_room import COUNTERS, WORDS, Room

    replicates, lots = shape[:2]
    return Room(
        state=np.zeros((lots, WORDS), dtype=np.int64),
        free=np.zeros(resources, dtype=np.int64),
        lines=np.zeros(resources, dtype=np.int64),
        waiting=np.zeros((resources, levels, 2), dtype=np.int64),
        times=np.zeros(lots + 2),
        keys=np.zeros(lots, dtype=np.int64),
        ring=np.zeros(1 << (lots + resources).bit_length(), dtype=np.int64),
        counts=np.zeros(COUNTERS, dtype=np.int64),
        moments=np.full((*shape, 3), np.nan),
        busy=np.zeros((replicates, resources)),
        last=np.zeros(replicates),
    )


def _released(
    stops: Int[np.ndarray, "replicate lot attempt"],
    ended: Float[np.ndarray, "replicate lot attempt stage"],
) -> Bool[np.ndarray, "replicate lot"]:
    passed = ~np.isnan(ended[..., -1]) & (stops < 0)
    return np.asarray(passed.any(axis=2))


def _lists(facility: Facility, stages: tuple[Stage, ...]) -> Int[np.ndarray, "list stage place"]:
    """Resources to get on going on, to get on starting, and to give back; -1 fills up."""
    lists = np.full((3, len(stages), max(len(facility.resources), 1)), -1, dtype=np.int64)
    held: list[frozenset[str]] = [frozenset(stage.needs) for stage in stages]
    for place, needs in enumerate(held):
        before = held[place - 1] if place else frozenset()
        after = held[place + 1] if place + 1 < len(held) else frozenset()
        for row, wanted in enumerate((needs - before, needs, needs - after)):
            indices = [i for i, name in enumerate(facility.names) if name in wanted]
            lists[row, place, : len(indices)] = indices
    return lists


def _is_gated(facility: Facility, stage: Stage) -> bool:
    return any(one.shift is not None and one.name in stage.needs for one in facility.resources)


def _hours(facility: Facility, stage: Stage) -> Float[np.ndarray, "day edge"]:
    """Hours of each day of the week in which everybody a stage needs is at work."""
    hours = [one.opening for one in facility.resources if one.name in stage.needs]
    if not hours:
        return np.tile([0.0, 1.0], (len(WEEKDAYS), 1))
    begins = np.max([opening[:, 0] for opening in hours], axis=0)
    ends = np.min([opening[:, 1] for opening in hours], axis=0)
    return np.stack([begins, ends], axis=1)


def stage_problems(facility: Facility, stages: tuple[Stage, ...]) -> list[Problem]:
    """Return unknown resources, and orders in which two lots could wait for each other."""
    names = facility.names
    problems = [] if stages else [Problem("there is no stage", "give at least one", field="stages")]
    problems += [
        Problem(
            f"stage '{stage.label}' needs '{need}', which the facility does not have",
            f"give one of {', '.join(names) or 'its resources'}, or leave it out",
            field=f"stages.{stage.label}",
        )
        for stage in stages
        for need in stage.needs
        if need not in names
    ]
    problems += [
        Problem(
            f"stage '{stage.label}' needs people who are never at work at the same time",
            "let their hours overlap",
            field=f"stages.{stage.label}",
        )
        for stage in stages
        if not _ever_open(facility, stage)
    ]
    for before, stage in pairwise(stages):
        kept = [names.index(name) for name in before.needs if name in stage.needs and name in names]
        asked = [
            names.index(name) for name in stage.needs if name not in before.needs and name in names
        ]
        problems += [
            Problem(
                f"stage '{stage.label}' keeps '{names[one]}' while it waits for '{names[other]}'",
                f"list '{names[one]}' before '{names[other]}': lots could wait for each other",
                field="resources",
            )
            for one in kept
            for other in asked
            if other < one
        ]
    return problems


def _ever_open(facility: Facility, stage: Stage) -> bool:
    hours = _hours(facility, stage)
    return bool((hours[:, 0] < hours[:, 1]).any())


def _lot_problems(
    arrivals: Float[np.ndarray, "replicate lot"],
    durations: Float[np.ndarray, "replicate lot ..."],
    stops: Int[np.ndarray, "replicate lot attempt"],
    levels: Int[np.ndarray, "replicate lot attempt"],
    waits: Float[np.ndarray, "replicate lot"],
    whole: tuple[int, ...],
) -> list[Problem]:
    problems = []
    if arrivals.ndim != 2 or stops.shape[:-1] != arrivals.shape or levels.shape != stops.shape:
        message = f"arrivals {arrivals.shape}, stops {stops.shape} and levels {levels.shape}"
        fix = "give (replicate, lot), and (replicate, lot, attempt) twice"
        return [Problem(f"shapes differ: {message}", fix, field="arrivals")]
    try:
        np.broadcast_to(durations, whole)
    except ValueError:
        fix = f"give {whole}, or without the attempts"
        problems.append(Problem(f"durations have shape {durations.shape}", fix, field="durations"))
    for name, values in (("arrivals", arrivals), ("durations", durations), ("restart_wait", waits)):
        bad = values[~((values >= 0) & np.isfinite(values))]
        if bad.size:
            message = f"{bad.size} of {values.size} {name} are no days, the first {bad[0]:g}"
            problems.append(Problem(message, "give finite days from 0 up", field=name))
    if stops.size and not -1 <= stops.min() <= stops.max() < whole[-1]:
        message = f"stops go from {stops.min()} to {stops.max()}"
        fix = f"give a stage from 0 to {whole[-1] - 1}, or -1 for none"
        problems.append(Problem(message, fix, field="stops"))
    if levels.size and not 0 <= levels.min() <= levels.max() < _LEVELS:
        message = f"levels go from {levels.min()} to {levels.max()}"
        problems.append(Problem(message, f"give 0 to {_LEVELS - 1}", field="levels"))
    return problems
