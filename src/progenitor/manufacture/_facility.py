"""A facility with a queue: lots arrive, wait for suites, staff and the laboratory, and may return.

A stage begins when a lot holds a unit of everything it needs, asked for one after the other in the
order in which the facility lists its resources, and when everybody whose hours bind it is at work.
Among those who wait, the lower level goes first and then who asked first. A lot that fails comes
back after a wait, for another attempt.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem
from progenitor.manufacture._facility_plan import queue_plan, queue_room, stage_hours
from progenitor.manufacture._resource import Resource

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
    longest = [_greatest(values) for values in (arrivals, durations, waits)]
    problems = stage_problems(facility, stages)
    problems += _lot_problems(arrivals, durations, stops, levels, waits, whole, longest)
    if not 0 <= restart_stage < max(len(stages), 1):
        fix = f"give a stage from 0 to {len(stages) - 1}"
        problems.append(Problem(f"restart_stage is {restart_stage}", fix, field="restart_stage"))
    if problems:
        raise InputError(problems)
    durations = np.broadcast_to(durations, whole)
    needs = tuple(stage.needs for stage in stages)
    plan = queue_plan(
        facility.resources,
        needs,
        arrivals,
        durations,
        stops,
        levels,
        restart_stage,
        waits,
        longest=max(longest),
    )
    return _run(facility, stages, arrivals, plan, int(levels.max(initial=0)) + 1)


def _greatest(values: Float[np.ndarray, "..."]) -> float:
    """Return the greatest value; something below zero or not finite where one is.

    The bits of a number from 0 up are in the order of the numbers; those of infinity, of what is no
    number and of what is below zero come after them.
    """
    if not values.size:
        return 0.0
    greatest = float(values.view(np.uint64).max().view(np.float64))
    if greatest == 0:  # a zero with a sign may stand before others
        return float(values.max()) if values.min() >= 0 else math.nan
    return greatest


def _run(
    facility: Facility,
    stages: tuple[Stage, ...],
    arrivals: Float[np.ndarray, "replicate lot"],
    plan: Any,
    levels: int,
) -> FacilityRun:
    room = queue_room(plan, levels)
    station = _station(facility, stages, plan, levels)
    if station is None:
        from progenitor.engine._queue_kernel import run_queue

        run_queue(plan, room)
    else:
        from progenitor.engine._queue_station import run_station

        run_station(plan, station, room)
    moments = room.moments.reshape(*plan.shape, 3)
    requested, started, ended = (moments[..., k] for k in range(3))
    span = room.last - arrivals.min(axis=1, initial=np.inf)
    open_days = span[:, np.newaxis] * plan.capacity
    return FacilityRun(
        facility=facility,
        stages=stages,
        arrivals=arrivals,
        requested=requested,
        started=started,
        ended=ended,
        released=room.released,
        utilisation=np.divide(
            room.busy, open_days, out=np.zeros_like(room.busy), where=open_days > 0
        ),
    )


def _station(facility: Facility, stages: tuple[Stage, ...], plan: Any, levels: int) -> int | None:
    """Return the only resource of the only stage, if lots simply pass it in their order."""
    if len(stages) > 1 or plan.shape[2] > 1 or len(set(stages[0].needs)) != 1 or levels > 1:
        return None
    resource = facility.names.index(stages[0].needs[0])
    return None if facility.resources[resource].shift is not None else resource


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
    hours = stage_hours(facility.resources, stage.needs)
    return bool((hours[:, 0] < hours[:, 1]).any())


def _lot_problems(
    arrivals: Float[np.ndarray, "replicate lot"],
    durations: Float[np.ndarray, "replicate lot ..."],
    stops: Int[np.ndarray, "replicate lot attempt"],
    levels: Int[np.ndarray, "replicate lot attempt"],
    waits: Float[np.ndarray, "replicate lot"],
    whole: tuple[int, ...],
    longest: list[float],
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
    days = (("arrivals", arrivals), ("durations", durations), ("restart_wait", waits))
    for (name, values), greatest in zip(days, longest, strict=True):
        bad = values[~((values >= 0) & np.isfinite(values))] if not 0 <= greatest < np.inf else []
        if len(bad):
            message = f"{len(bad)} of {values.size} {name} are no days, the first {bad[0]:g}"
            problems.append(Problem(message, "give finite days from 0 up", field=name))
    if stops.size and not -1 <= stops.min() <= stops.max() < whole[-1]:
        message = f"stops go from {stops.min()} to {stops.max()}"
        fix = f"give a stage from 0 to {whole[-1] - 1}, or -1 for none"
        problems.append(Problem(message, fix, field="stops"))
    if levels.size and not 0 <= levels.min() <= levels.max() < _LEVELS:
        message = f"levels go from {levels.min()} to {levels.max()}"
        problems.append(Problem(message, f"give 0 to {_LEVELS - 1}", field="levels"))
    return problems
