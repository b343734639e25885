"""The unit of work of an experiment: some subjects, through every condition of a part."""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.cohort import Numbers, sample_numbers
from progenitor.engine import Dose, Trajectories, simulate
from progenitor.study._chunk import Chunk
from progenitor.study._effort import Effort, timed
from progenitor.study._shard import Shard
from progenitor.study.experiment._animal_bank import donor_ids, sample_mice
from progenitor.study.experiment._condition import Condition, Given
from progenitor.study.experiment._plan import ExperimentPlan, curve_names, sampled_ids
from progenitor.study.experiment._read import read_courses

__all__ = ["Asked", "asked_of", "simulate_part", "subject_numbers"]


@final
@dataclass(frozen=True, slots=True)
class Asked:
    """What the engine is asked of one condition.

    Parameters
    ----------
    parameters
        Symbol of the model → value, (subject,).
    doses
        Conditioning, and what is given.
    times
        Days of every look, (subject, time).
    """

    parameters: dict[str, Float[np.ndarray, " subject"]]
    doses: tuple[Dose, ...]
    times: Float[np.ndarray, "subject time"]


def simulate_part(plan: ExperimentPlan, chunk: Chunk) -> Shard:
    """Simulate the subjects of a chunk under every condition of the plan's part.

    Parameters
    ----------
    plan
        The experiment, its seed and the part.
    chunk
        Which draws and which subjects.

    Returns
    -------
    Shard
        One row per condition and subject: every readout, and the curves where they are kept.
    """
    subject = np.arange(chunk.first_patient, chunk.first_patient + chunk.patients)
    draw = np.repeat(np.arange(chunk.draw, chunk.draw + chunk.draws), chunk.patients)
    patient = np.tile(subject, chunk.draws)
    numbers = subject_numbers(plan, draw=draw, patient=patient)
    rows = [
        _rows(plan, index, condition, numbers, draw=draw, patient=patient)
        for index, condition in enumerate(plan.part.conditions)
    ]
    outcomes = {
        name: np.concatenate([row.outcomes[name] for row in rows]) for name in rows[0].outcomes
    }
    series = {name: np.concatenate([row.series[name] for row in rows]) for name in rows[0].series}
    return Shard(outcomes, series, rows[0].days, sum((row.effort for row in rows), start=Effort()))


def subject_numbers(
    plan: ExperimentPlan,
    *,
    draw: Int[np.ndarray, " subject"],
    patient: Int[np.ndarray, " subject"],
    typical: bool = False,
) -> Numbers:
    """Sample every number the part uses, the same for a subject in all its conditions."""
    trial = plan.file.animal_trial
    if trial is not None:
        return sample_mice(
            plan.catalogue,
            sampled_ids(plan.part),
            donor_ids(plan.part, trial),
            plan.file,
            seed=plan.seed,
            draw=draw,
            patient=patient,
            correlations=plan.correlations,
            typical=typical,
        )
    return sample_numbers(
        plan.catalogue,
        sampled_ids(plan.part),
        seed=plan.seed,
        draw=draw,
        patient=patient,
        correlations=plan.correlations,
        typical=typical,
    )


def asked_of(plan: ExperimentPlan, condition: Condition, numbers: Numbers, subjects: int) -> Asked:
    """Write down what the subjects of a condition live through; time 0 is day 0."""
    own = {address: np.full(subjects, value) for address, value in condition.fixed.items()}
    own |= {
        address: factor * numbers[address]
        for address, factor in condition.factors.items()
        if address in numbers
    }
    values = {**numbers, **own}
    parameters = {symbol: values[address] for symbol, address in condition.body.symbols.items()}
    parameters |= {name: np.full(subjects, value) for name, value in condition.inputs.items()}
    doses = [
        Dose(condition.body.conditioning_species, np.full(subjects, day), np.ones(subjects))
        for day in condition.conditioning
    ]
    for given in condition.given:
        doses += _doses(given, values.get(condition.weight_id), subjects)
    times = np.tile(plan.days, (subjects, 1))
    return Asked(parameters, tuple(doses), times)


def _doses(given: Given, weight: Float[np.ndarray, " subject"] | None, subjects: int) -> list[Dose]:
    amount = np.full(subjects, given.amount)
    if given.per_kilogram and weight is not None:
        amount = amount * weight
    return [Dose(given.species, np.full(subjects, day), amount) for day in given.days]


def _rows(
    plan: ExperimentPlan,
    index: int,
    condition: Condition,
    numbers: Numbers,
    *,
    draw: Int[np.ndarray, " subject"],
    patient: Int[np.ndarray, " subject"],
) -> Shard:
    """Simulate one condition of a chunk."""
    seconds: list[float] = []
    asked = asked_of(plan, condition, numbers, len(draw))
    with timed(seconds):
        found = simulate(
            condition.body.model,
            asked.parameters,
            times=asked.times,
            doses=asked.doses,
            seed=plan.seed,
            draw=draw,
            patient=patient,
            options=plan.solver,
        )
    read = read_courses(plan, condition.body, found, draw=draw, patient=patient)
    outcomes: dict[str, np.ndarray[Any, Any]] = {
        "draw": draw,
        "arm": np.full(len(draw), index),
        "patient": patient,
        "status": found.status,
        "failed": found.status != 0,
        **read.outcomes,
    }
    if not plan.part.curves:
        return Shard(outcomes, {}, np.zeros(0), Effort(seconds[0], len(draw)))
    curves = {name: _curve(found, name, read.followed) for name in curve_names(plan.file)}
    return Shard(outcomes, curves, plan.days, Effort(seconds[0], len(draw)))


def _curve(
    found: Trajectories, name: str, followed: Float[np.ndarray, " subject"]
) -> Float[np.ndarray, "subject time"]:
    """Return a course until the subject is followed no more; NaN where the model has none."""
    if name not in found.observables:
        return np.full(found.times.shape, np.nan)
    return np.where(found.times <= followed[:, np.newaxis], found.observable(name), np.nan)
