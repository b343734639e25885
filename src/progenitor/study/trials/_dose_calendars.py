"""Dose-finding trials day by day: accrual, manufacture, stagger, windows, and who is left."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine import uniforms
from progenitor.study._trial_section import Trial, given
from progenitor.study.results import ExamplePatient, ExampleTrial, FlowStep
from progenitor.study.trials._dose_designs import COHORT, TIMED
from progenitor.study.trials._dose_patients import DosePatientsOfArm
from progenitor.study.trials._dose_runs import LEAST, TOLERANCE
from progenitor.trial import (
    AbstractDoseFinding,
    CalendarPatients,
    CalendarTrial,
    ConductRules,
    Departure,
    DoseFeasibility,
    MinimumFollowUp,
    ProductResult,
    Replacement,
    SentinelGap,
    conduct_calendar,
)

__all__ = [
    "calendar_trials",
    "conduct_rules",
    "example_trial",
    "mean_flow",
    "one_calendar_trial",
    "selected_of",
    "who_may_come",
]

_COME = 6
"""Patients who may come for every patient that counts."""


def conduct_rules(trial: Trial, doses: Sequence[float]) -> ConductRules:
    """Return how the trial is conducted besides its design."""
    policy = trial.feasibility or "exclude"
    replaced: set[Departure] = {"lost", "not manufactured", "out of specification", "not followed"}
    if policy == "exclude":
        replaced.add("below dose")
    holds: list[SentinelGap | MinimumFollowUp] = []
    if trial.stagger is not None:
        holds.append(SentinelGap(trial.stagger))
    if trial.design in TIMED:
        holds.append(MinimumFollowUp(0.0))
    return ConductRules(
        tuple(doses),
        cohort=trial.cohort or COHORT,
        patients=given(trial.patients, "patients"),
        window=given(trial.window, "window"),
        holds=tuple(holds),
        replacement=Replacement(frozenset(replaced), trial.tolerance or TOLERANCE),
        start=(trial.start or 1) - 1,
        feasibility=None if policy == "ignore" else DoseFeasibility(trial.least_feasible or LEAST),
    )


def calendar_trials(
    design: AbstractDoseFinding,
    patients: DosePatientsOfArm,
    trial: Trial,
    *,
    trials: int,
    seed: int,
) -> tuple[CalendarTrial, ...]:
    """Conduct trials on a calendar; trial k is on parameter draw k mod D."""
    return tuple(
        one_calendar_trial(design, patients, trial, replicate, seed=seed)
        for replicate in range(trials)
    )


def _who_comes(
    patients: DosePatientsOfArm, trial: Trial, replicate: int, seed: int
) -> CalendarPatients:
    """Draw who comes to one trial, and when; each carries their own lot, waiting and outcomes."""
    draw, who = who_may_come(patients, trial, replicate, seed)
    count = who.size
    arrival = _arrivals(trial, replicate, count, seed)
    waiting = patients.waiting[draw, who]
    failed, lost = patients.lot_failed[draw, who], patients.lost[draw, who]
    leaves = patients.exit_day[draw, who]
    made = np.where(failed & ~lost, leaves, np.where(np.isnan(waiting), np.inf, waiting))
    deadly = "death" in (trial.toxicity or ())
    end = np.full(count, np.inf) if deadly else patients.end_day[draw, who]
    return CalendarPatients(
        arrival=arrival,
        eligible=np.ones(count, dtype=bool),
        to_apheresis=np.zeros(count),
        making=made[:, np.newaxis],
        result=np.where(failed, ProductResult.FAILURE, ProductResult.SUCCESS).astype(np.int64)[
            :, np.newaxis
        ],
        loss=np.where(lost, leaves, np.inf),
        to_infusion=np.zeros(count),
        achieved=np.where(
            patients.infused[draw, who][:, np.newaxis], patients.achieved[draw, who], 0.0
        ),
        toxicity=patients.toxic_day[draw, who],
        end=end,
        response=patients.response[draw, who] if trial.design == "boin12" else None,
    )


def who_may_come(
    patients: DosePatientsOfArm, trial: Trial, replicate: int, seed: int
) -> tuple[int, Int[np.ndarray, " patient"]]:
    """Return the parameter draw of a trial, and the virtual patients who may come in their order.

    Parameters
    ----------
    patients, trial
        Everybody, and the keys of the trial.
    replicate, seed
        Which trial, from 0, and the seed of the study.
    """
    draw, count = replicate % patients.draws, _COME * given(trial.patients, "patients")
    solved = np.flatnonzero(patients.solved[draw] | ~patients.infused[draw])
    keys = np.full(count, replicate), np.arange(count)
    chance = uniforms(seed, "calendar:patient", *keys)
    if patients.facility is None:
        return draw, solved[(chance * solved.size).astype(np.intp)]
    mine = patients.solved[[draw]] | ~patients.infused[[draw]]
    came = patients.facility.arrivals_by(_arrivals(trial, replicate, count, seed))
    return draw, patients.facility.strata(mine).choose(np.zeros(count, dtype=np.intp), came, chance)


def _arrivals(trial: Trial, replicate: int, count: int, seed: int) -> Float[np.ndarray, " patient"]:
    """Day on which each patient comes, at random."""
    gap = given(trial.arrival_every, "arrival_every")
    keys = np.full(count, replicate), np.arange(count)
    return np.cumsum(-gap * np.log(uniforms(seed, "calendar:arrival", *keys)))


def one_calendar_trial(
    design: AbstractDoseFinding,
    patients: DosePatientsOfArm,
    trial: Trial,
    replicate: int,
    *,
    seed: int,
) -> CalendarTrial:
    """Conduct one trial on a calendar, the same as among many.

    Parameters
    ----------
    design, patients, trial, seed
        As for :func:`calendar_trials`.
    replicate
        Which trial, from 0.
    """
    rules = conduct_rules(trial, patients.doses)
    return conduct_calendar(design, _who_comes(patients, trial, replicate, seed), rules)


def mean_flow(trials: Sequence[CalendarTrial]) -> tuple[FlowStep, ...]:
    """Count the patients of all trials from screening to evaluation, with every loss named."""
    steps = Counter[str]()
    fates = Counter[str]()
    short = 0
    for trial in trials:
        steps.update(
            {
                name: trial.flow[name]
                for name in ("screened", "consented", "apheresis", "infused", "evaluable")
            }
        )
        fates.update(trial.fate)
        infused = ~np.isnan(trial.days["infused"])
        fell = infused & ~trial.counted & (np.array(trial.fate) != "not followed")
        short += int(fell.sum())
    before = {
        "lot failed": fates["not manufactured"] + fates["out of specification"],
        "progressed, died or withdrew while waiting": fates["lost"],
        "too few cells": fates["below dose"],
        "trial ended before infusion": steps["apheresis"] - steps["infused"]
        - fates["not manufactured"] - fates["out of specification"] - fates["lost"]
        - fates["below dose"],
    }  # fmt: skip
    after = {
        "below the assigned dose, replaced": short,
        "died or left within the window, replaced": fates["not followed"],
        "window not over": steps["infused"] - steps["evaluable"] - short - fates["not followed"],
    }
    return (
        FlowStep("Screened", steps["screened"]),
        FlowStep(
            "Enrolled and apheresed",
            steps["apheresis"],
            {"no place in a cohort by the end": steps["screened"] - steps["apheresis"]},
        ),
        FlowStep("Infused", steps["infused"], before),
        FlowStep("Evaluable for toxicity", steps["evaluable"], after),
    )


def example_trial(
    trial: CalendarTrial, doses: Sequence[float], window: float, *, number: int
) -> ExampleTrial:
    """Tell one trial: its patients, its decisions, and what happened day by day."""
    days = trial.days
    consented = np.flatnonzero(~np.isnan(days["consented"]))
    rows = tuple(
        _patient(trial, int(who), place, doses, window) for place, who in enumerate(consented, 1)
    )
    words = tuple((day, decision.message) for day, decision in trial.decisions)
    return ExampleTrial(
        patients=rows,
        decisions=words,
        log=tuple(str(entry) for entry in trial.log),
        selected=trial.selected,
        days=trial.cut_off,
        number=number,
    )


def _patient(
    trial: CalendarTrial, who: int, number: int, doses: Sequence[float], window: float
) -> ExamplePatient:
    days: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = trial.days
    infused, level = float(days["infused"][who]), int(trial.level[who])
    end = float(days["done"][who])
    last = max(entry.day for entry in trial.log if entry.patient == who)
    return ExamplePatient(
        number=number,
        level=level,
        screened=float(days["consented"][who]),
        infused=infused,
        end=next(day for day in (end, infused + window, last) if np.isfinite(day)),
        toxic=bool(np.isfinite(days["toxic"][who])),
        delivered=round(float(trial.achieved[who]) / doses[level], 6),
        fate=trial.fate[who],
    )


def selected_of(trials: Sequence[CalendarTrial]) -> Int[np.ndarray, " replicate"]:
    """Dose that each trial chose, from 0; -1 for none."""
    return np.array([trial.selected for trial in trials])
