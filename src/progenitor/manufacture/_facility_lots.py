"""Lots of a recipe in a facility: their steps become stages, their failures come back.

The days of a batch are those of its recipe; only waiting for a slot is left to the queue. Steps
that wait for a slot are named by the caller, and take no time of their own.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine import uniforms
from progenitor.errors import InputError, Problem
from progenitor.manufacture._batch import Batch
from progenitor.manufacture._facility import (
    Facility,
    FacilityRun,
    Stage,
    run_facility,
    stage_problems,
)
from progenitor.manufacture._recipe import Recipe

__all__ = [
    "LotRoute",
    "facility_problems",
    "facility_resources",
    "facility_waits",
    "lot_route",
    "slot_days",
]

SLOT: Final = "slot_wait"
"""Label of the step of a recipe that waits for a slot."""

BANK: Final = "bank"
"""Step after which a product waits for patients, and no patient for it."""

CLINIC: Final = "clinic"
"""Steps that need it happen elsewhere and hold nothing of the facility."""


@final
@dataclass(frozen=True, slots=True)
class LotRoute:
    """Stages of the lots of a batch.

    Parameters
    ----------
    stages
        Steps that hold the same resources, one after the other, are one stage.
    durations
        Days, (lot, stage).
    stops
        Stage after which a lot fails, -1 for none, (lot,).
    """

    stages: tuple[Stage, ...]
    durations: Float[np.ndarray, "lot stage"]
    stops: Int[np.ndarray, " lot"]


def lot_route(batch: Batch, facility: Facility, *, replaced: tuple[str, ...] = (SLOT,)) -> LotRoute:
    """Turn the steps of a batch into stages of a facility.

    Parameters
    ----------
    batch
        Lots made by one recipe.
    facility
        Resources it does not have are taken to be there whenever needed.
    replaced
        Labels of steps whose time the queue decides.
    """
    needs = _needs(batch.recipe, facility)
    stages: list[Stage] = []
    days: list[Float[np.ndarray, " lot"]] = []
    stops = np.full(len(batch.lot), -1, dtype=np.int64)
    for number, (entry, held) in enumerate(zip(batch.log, needs, strict=True)):
        took = np.where(entry.active, entry.day_out - entry.day_in, 0.0)
        if entry.label in replaced:
            took = np.zeros_like(took)
        if stages and stages[-1].needs == held:
            stages[-1] = Stage(f"{stages[-1].label}, {entry.label}", held)
            days[-1] = days[-1] + took
        else:
            stages.append(Stage(entry.label, held))
            days.append(took)
        last = number + 1 == len(batch.log)
        after = np.zeros_like(entry.active) if last else batch.log[number + 1].active
        stops[entry.active & ~after & ~batch.product.released] = len(stages) - 1
    return LotRoute(tuple(stages), np.stack(days, axis=1), stops)


def slot_days(batch: Batch, *, replaced: tuple[str, ...] = (SLOT,)) -> Float[np.ndarray, " lot"]:
    """Return the days that the recipe itself waits for a slot, which the queue replaces, (lot,).

    Parameters
    ----------
    batch
        Lots made by one recipe.
    replaced
        Labels of the steps that wait.
    """
    waits = [
        np.where(entry.active, entry.day_out - entry.day_in, 0.0)
        for entry in batch.log
        if entry.label in replaced
    ]
    return sum(waits, np.zeros(len(batch.lot)))


def facility_problems(recipe: Recipe, facility: Facility) -> list[Problem]:
    """Return why lots of a recipe cannot queue in a facility.

    Parameters
    ----------
    recipe, facility
        What is made, and where.
    """
    if any(step.step.name == BANK for step in recipe.steps):
        message = f"lots of '{recipe.name}' are banked before anybody orders them: nobody waits"
        return [Problem(message, "leave the facility out for this product")]
    needs = _needs(recipe, facility)
    if not any(needs):
        message = f"'{recipe.name}' needs nothing the facility has ({', '.join(facility.names)})"
        return [Problem(message, f"give some of {', '.join(facility_resources(recipe))}")]
    stages = [Stage(step.label, one) for step, one in zip(recipe.steps, needs, strict=True)]
    changes = [two for one, two in pairwise(stages) if two.needs != one.needs]
    return stage_problems(facility, (stages[0], *changes))


def facility_resources(recipe: Recipe) -> tuple[str, ...]:
    """Return what a recipe needs of a facility, what its steps at the clinic need left out.

    Parameters
    ----------
    recipe
        What is made.
    """
    steps = [step.step.resources for step in recipe.steps]
    return tuple(sorted({name for names in steps if CLINIC not in names for name in names}))


def _needs(recipe: Recipe, facility: Facility) -> list[tuple[str, ...]]:
    """Resources of each step; a kept one from the first to the last step that needs it."""
    clinical = [CLINIC in step.step.resources for step in recipe.steps]
    wanted = [
        set() if at_clinic else set(step.step.resources)
        for step, at_clinic in zip(recipe.steps, clinical, strict=True)
    ]
    for one in facility.resources:
        places = [place for place, names in enumerate(wanted) if one.name in names]
        if one.kept and places:
            for place in range(places[0], places[-1] + 1):
                wanted[place].add(one.name)
    return [tuple(name for name in facility.names if name in names) for names in wanted]


def facility_waits(
    batch: Batch,
    facility: Facility,
    arrivals: Float[np.ndarray, " lot"] | Float[np.ndarray, "replicate lot"],
    *,
    replaced: tuple[str, ...] = (SLOT,),
    attempts: int = 2,
    restart_wait: float = 0.0,
    seed: int = 1,
) -> FacilityRun:
    """Run the lots of a batch through a facility, in the order in which patients come.

    ``.wait`` is what waiting adds to the days of the recipe, and ``.duration`` the days from the
    collection to the infusion. A failed lot is made again: with the days and the fate of another
    lot of the batch, drawn at random, and before those who wait for their first.

    Parameters
    ----------
    batch
        Lots made by one recipe; lot i is that of patient i.
    facility
        What they wait for.
    arrivals
        Day on which each patient is ready for collection, (lot,) or (replicate, lot).
    replaced
        Labels of steps whose time the queue decides.
    attempts
        Most lots begun for one patient, from 1.
    restart_wait
        Days from a failure to another attempt.
    seed
        Of the lots that stand for remakes.

    Raises
    ------
    InputError
        When arrivals and lots do not fit, or a number cannot be.
    """
    arrivals = np.atleast_2d(np.asarray(arrivals, dtype=np.float64))
    lots = len(batch.lot)
    problems = []
    if arrivals.ndim != 2 or arrivals.shape[1] != lots:
        message = f"{arrivals.shape[-1]} patients come, {lots} lots are made"
        problems.append(Problem(message, "give as many of both", field="arrivals"))
    if attempts < 1:
        fix = "allow at least one attempt"
        problems.append(Problem(f"attempts is {attempts}", fix, field="attempts"))
    if problems:
        raise InputError(problems)
    route = lot_route(batch, facility, replaced=replaced)
    replicates = len(arrivals)
    which = _lots_of_attempts(replicates, lots, attempts, seed)
    levels = np.ones((replicates, lots, attempts), dtype=np.int64)
    levels[..., 1:] = 0
    return run_facility(
        facility,
        route.stages,
        arrivals,
        route.durations[which],
        stops=route.stops[which],
        levels=levels,
        restart_wait=restart_wait,
    )


def _lots_of_attempts(
    replicates: int, lots: int, attempts: int, seed: int
) -> Int[np.ndarray, "replicate lot attempt"]:
    """Lot of the batch that stands for each attempt; its own for the first."""
    replicate, lot = (one.ravel() for one in np.indices((replicates, lots)))
    which = np.empty((replicates, lots, attempts), dtype=np.int64)
    which[..., 0] = np.arange(lots)
    for attempt in range(1, attempts):
        chance = uniforms(seed, f"facility/attempt/{attempt}", replicate, lot)
        which[..., attempt] = (chance * lots).astype(np.int64).reshape(replicates, lots)
    return which
