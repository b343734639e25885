"""Many dose-finding trials at once: on mechanistic patients, and as planned on paper."""

from dataclasses import dataclass
from typing import cast, final

import numpy as np
from jaxtyping import Int

from progenitor.study._trial_section import Trial, given
from progenitor.study.trials._dose_designs import COHORT
from progenitor.study.trials._dose_patients import DosePatientsOfArm
from progenitor.trial import (
    AbstractDoseFinding,
    DoseTrials,
    conduct_dose_finding,
    conduct_feasible,
    toxicity_outcomes,
)
from progenitor.trial._feasible_trials import FeasibilityPolicy

__all__ = ["LEAST", "POLICY", "TOLERANCE", "DoseRuns", "fixed_runs", "policy_runs"]

POLICY = "exclude"
LEAST = 0.5
TOLERANCE = 0.2
_PAPER = "dose-finding:planned on paper"


@final
@dataclass(frozen=True, slots=True, eq=False)
class DoseRuns:
    """How many trials ended; trial k is on parameter draw k mod D.

    Parameters
    ----------
    selected
        Dose chosen, from 0; -1 for none (replicate,).
    treated, toxic
        Patients and toxicities that counted at each dose (replicate, dose).
    """

    selected: Int[np.ndarray, " replicate"]
    treated: Int[np.ndarray, "replicate dose"]
    toxic: Int[np.ndarray, "replicate dose"]


def policy_runs(
    design: AbstractDoseFinding,
    patients: DosePatientsOfArm,
    trial: Trial,
    policy: str,
    *,
    seed: int,
) -> DoseRuns:
    """Conduct trials on infused patients, those below their dose dealt with by a policy.

    Designs that look at responses count everybody at the assigned dose.
    """
    bank = patients.bank(trial.tolerance or TOLERANCE)
    size, cohort = given(trial.patients, "patients"), trial.cohort or COHORT
    start = (trial.start or 1) - 1
    if trial.design == "boin12":
        places, draws = _places(patients, size, trial.replicates, seed)
        found = conduct_dose_finding(
            design,
            np.isfinite(patients.toxic_day[draws[:, np.newaxis], places]),
            responses=patients.response[draws[:, np.newaxis], places],
            cohort=cohort,
            start=start,
        )
        return DoseRuns(found.selected, found.state.treated, found.state.toxic)
    trials = conduct_feasible(
        design,
        bank,
        policy=cast("FeasibilityPolicy", policy),
        patients=size,
        replicates=trial.replicates,
        seed=seed,
        cohort=cohort,
        start=start,
        enrol_at_most=3 * size,
        least=trial.least_feasible or LEAST,
    )
    return DoseRuns(trials.selected, trials.state.treated, trials.state.toxic)


def fixed_runs(
    design: AbstractDoseFinding, patients: DosePatientsOfArm, trial: Trial, *, seed: int
) -> DoseTrials:
    """Conduct trials as a planner would: one toxicity rate for each dose, everybody gets the dose.

    The rates are those of all infused virtual patients of all draws; patients are independent and
    nothing is manufactured.
    """
    who = patients.evaluated
    rates = np.isfinite(patients.toxic_day)[who].mean(axis=0)
    outcomes = toxicity_outcomes(
        rates,
        patients=given(trial.patients, "patients"),
        replicates=trial.replicates,
        seed=seed,
        purpose=_PAPER,
    )
    responses = None
    if trial.design == "boin12":
        responses = toxicity_outcomes(
            patients.response[who].mean(axis=0),
            patients=given(trial.patients, "patients"),
            replicates=trial.replicates,
            seed=seed,
            purpose=f"{_PAPER}, response",
        )
    return conduct_dose_finding(
        design,
        outcomes,
        responses=responses,
        cohort=trial.cohort or COHORT,
        start=(trial.start or 1) - 1,
    )


def _places(
    patients: DosePatientsOfArm, size: int, replicates: int, seed: int
) -> tuple[Int[np.ndarray, "replicate patient"], Int[np.ndarray, " replicate"]]:
    """Draw infused patients for trials, with replacement; trial k from draw k mod D."""
    from progenitor.engine import uniforms

    draws = np.arange(replicates) % patients.draws
    number = np.arange(replicates * size)
    chance = uniforms(seed, "dose-finding:patient", number // size, number % size)
    if (strata := patients.strata()) is not None:
        rows = draws[:, np.newaxis]
        came = strata.came_before(rows, np.arange(size))
        return strata.choose(rows, came, chance.reshape(replicates, size)), draws
    among = patients.infused_places()
    index = (chance * among.shape[1]).astype(np.intp).reshape(replicates, size)
    return among[draws[:, np.newaxis], index], draws
