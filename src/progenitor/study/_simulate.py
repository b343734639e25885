"""The unit of work of a run: make the lots, treat the patients, read them out, in every arm."""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.cohort import Numbers, sample_numbers
from progenitor.engine import uniforms
from progenitor.manufacture import Batch, doses_of, manufacture, split_cost
from progenitor.study._chunk import Chunk
from progenitor.study._effort import Effort, timed
from progenitor.study._measured import as_measured
from progenitor.study._plan import ArmSetup, Plan, correlations, setup_arms, used_ids
from progenitor.study._queueing import Queue, Streams, delayed, lost_in_queue, queued
from progenitor.study._readout import follow_up, read_out
from progenitor.study._shard import Shard
from progenitor.study._toxicity import toxicity_curves
from progenitor.study._treat import WAITING, Infusions, infusions, protocol, treat

__all__ = ["make_lots_of", "patient_numbers", "simulate_chunk"]

_Lots: TypeAlias = tuple[Batch, Queue | None]


def simulate_chunk(plan: Plan, chunk: Chunk) -> Shard:
    """Simulate the patients of a chunk under every arm.

    Parameters
    ----------
    plan
        The study, its seed and the draws kept.
    chunk
        Which draw and which patients.

    Returns
    -------
    Shard
        One row per arm and patient: the lot, the infusion, every endpoint and the curves.
    """
    who = _Who.of(plan, chunk)
    numbers = patient_numbers(plan, draw=who.draw, patient=who.patient)
    lots: dict[str, _Lots] = {}
    parts = [_arm_rows(plan, arm, numbers, who, lots) for arm in setup_arms(plan)]
    names = dict.fromkeys(name for part in parts for name in part[0])
    outcomes = {
        name: np.concatenate([part[0].get(name, _nothing(name, who)) for part in parts])
        for name in names
    }
    series = {name: np.concatenate([part[1][name] for part in parts]) for name in parts[0][1]}
    return Shard(outcomes, series, plan.days, sum((part[2] for part in parts), start=Effort()))


def _nothing(name: str, who: "_Who") -> Float[np.ndarray, " patient"]:
    """Fill a column that an arm lacks: no such cells or costs, and an unknown outcome."""
    none = 0.0 if name.startswith(("lot_", "cost_")) else np.nan
    return np.full(who.patient.size, none)


@final
@dataclass(frozen=True, slots=True)
class _Who:
    """The patients of a chunk: place of the draw in the run, its candidate number, the patient."""

    place: Int[np.ndarray, " patient"]
    draw: Int[np.ndarray, " patient"]
    patient: Int[np.ndarray, " patient"]

    @classmethod
    def of(cls, plan: Plan, chunk: Chunk) -> "_Who":
        patient = np.arange(chunk.first_patient, chunk.first_patient + chunk.patients)
        place = np.repeat(np.arange(chunk.draw, chunk.draw + chunk.draws), chunk.patients)
        return cls(place, np.array(plan.draws)[place], np.tile(patient, chunk.draws))


def patient_numbers(
    plan: Plan,
    *,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
    typical: bool = False,
) -> Numbers:
    """Sample every number the run uses for these patients, who are also the donors."""
    catalogue = plan.catalogue
    ids = [name for name in used_ids(plan) if catalogue.parameter(name).used is not None]
    return sample_numbers(
        catalogue,
        ids,
        seed=plan.seed,
        draw=draw,
        patient=patient,
        correlations=correlations(plan),
        typical=typical,
    )


def _arm_rows(
    plan: Plan,
    arm: ArmSetup,
    numbers: Numbers,
    who: _Who,
    lots: dict[str, _Lots],
) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Float[np.ndarray, "patient time"]], Effort]:
    """One arm of a chunk: outcome columns, curves, and what the solver did.

    The lots of a product are made once and kept: arms and doses of it share them.
    """
    keys = {"draw": who.draw, "patient": who.patient}
    seconds: list[float] = []
    with timed(seconds):
        if arm.product not in lots:
            lots[arm.product] = _made(plan, arm, numbers, who)
    batch, queue = lots[arm.product]
    given = infusions(plan, arm, numbers, batch, **keys)
    asked = protocol(plan, arm, numbers, batch, given)
    with timed(seconds):
        trajectories = treat(plan, arm, asked, **keys)
    seen = follow_up(plan, trajectories, given, **keys)
    outcomes: dict[str, np.ndarray[Any, Any]] = {
        "draw": who.place,
        "arm": np.full(who.patient.size, arm.index),
        "patient": who.patient,
        "status": seen.status,
        "failed": seen.status != 0,
    }
    outcomes |= _lot_columns(batch, given)
    if queue is not None:
        chance = uniforms(plan.seed, WAITING, **keys)
        hazard = numbers["waiting/attrition_hazard"]
        lost = lost_in_queue(hazard, batch, queue, given.lost_waiting, chance)
        outcomes |= _queue_columns(queue) | {"lost_in_queue": lost}
    outcomes["lot_doses"] = _doses_for(arm, numbers, batch)
    outcomes |= read_out(plan, numbers, given, seen, **keys)
    outcomes["dose_per_kg"] = given.dose / numbers[arm.address("host/body_weight")]
    curves = toxicity_curves(plan, arm, numbers, trajectories, given, seen.grades)
    return outcomes, dict(seen.series) | curves, Effort(sum(seconds), len(asked.who))


def _made(plan: Plan, arm: ArmSetup, numbers: Numbers, who: _Who) -> _Lots:
    """Make the lots of an arm's product; where they queue, with the days of the queue."""
    batch = make_lots_of(plan, arm, numbers, draw=who.draw, patient=who.patient)
    if arm.facility is None:
        return batch, None
    streams = Streams.of(who.draw, who.patient, size=arm.facility.patients)
    draw, patient = streams.draw, streams.patient
    donors = patient_numbers(plan, draw=draw, patient=patient)
    everybody = make_lots_of(plan, arm, donors, draw=draw, patient=patient)
    queue = queued(arm.facility, everybody, streams, seed=plan.seed)
    return delayed(batch, queue), queue


def make_lots_of(
    plan: Plan,
    arm: ArmSetup,
    numbers: Numbers,
    *,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
) -> Batch:
    """Make the product of an arm for these donors; its composition as measured, if it was."""
    batch = manufacture(
        arm.recipe, numbers, seed=plan.seed, draw=draw, lot=patient, solver=plan.culture_solver
    )
    if arm.composition is None:
        return batch
    lots = as_measured(
        batch.product, arm.composition, seed=plan.seed, product=arm.product, draw=draw
    )
    return replace(batch, product=lots)


def _lot_columns(batch: Batch, given: Infusions) -> dict[str, np.ndarray[Any, Any]]:
    """Describe the lot and what became of it."""
    lot = batch.product
    columns: dict[str, np.ndarray[Any, Any]] = {
        "lot_released": lot.released,
        "lot_failure": lot.failure,
        "lot_cells": lot.total,
        "lot_viability": lot.viability,
        "lot_car_fraction": lot.car_fraction,
        "lot_vcn_per_cell": lot.vcn_per_cell,
        "lot_vcn_per_car_cell": lot.vcn_per_car_cell,
        "lot_cost": lot.cost,
        "lot_process_days": lot.process_days,
        "vein_to_vein": lot.vein_to_vein,
        "infused": given.infused,
        "lost_waiting": given.lost_waiting,
        "too_few_cells": given.too_few,
        "dose": given.dose,
        "exit_day": given.exit_day,
    }
    for column, phenotype in enumerate(lot.phenotypes):
        columns[f"lot_{phenotype}"] = lot.composition[:, column]
    for line, amount in split_cost(batch).items():
        columns[f"cost_{line}"] = amount
    return columns


def _queue_columns(queue: Queue) -> dict[str, np.ndarray[Any, Any]]:
    """Describe how the lots queued."""
    columns: dict[str, np.ndarray[Any, Any]] = {
        "collection_day": queue.collected,
        "queue_wait": queue.wait,
    }
    for place in range(queue.demand.shape[1]):
        columns[f"resource_{place}_demand"] = queue.demand[:, place]
        columns[f"resource_{place}_use"] = queue.utilisation[:, place]
    return columns


def _doses_for(arm: ArmSetup, numbers: Numbers, batch: Batch) -> Float[np.ndarray, " patient"]:
    """Doses that each lot of a bank holds for a patient like this one: 1 where it is not banked.

    Who is to have more cells than a bag holds takes several bags, so the lot serves fewer.
    """
    doses = doses_of(batch)
    fill = next((step for step in arm.recipe.steps if step.step.name == "fill"), None)
    if fill is None:
        return doses
    setting = {name: np.full(doses.size, value) for name, value in fill.constants.items()}
    setting |= {name: numbers[arm.recipe.used(to)] for name, to in fill.references.items()}
    cells = setting["dose"] * np.where(
        setting["receptor_needed"] > 0, 1.0, batch.product.car_fraction
    )
    wanted = arm.target_per_kg * numbers["host/body_weight"]
    bags = np.ceil(np.divide(wanted, cells, out=np.ones_like(wanted), where=cells > 0))
    served: Float[np.ndarray, " patient"] = doses / np.clip(bags, 1.0, doses)
    return served
