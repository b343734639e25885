"""From a lot to a treated patient: who is infused, with what, and what the body then does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.cohort import Numbers
from progenitor.engine import Dose, SolverOptions, Trajectories, simulate, uniforms
from progenitor.manufacture import Batch
from progenitor.product import PHENOTYPES
from progenitor.study._plan import ArmSetup, Plan
from progenitor.trial import waiting_attrition

__all__ = ["Infusions", "infusions", "treat"]


@final
@dataclass(frozen=True, slots=True)
class Infusions:
    """What became of every enrolled patient up to infusion.

    Parameters
    ----------
    infused
        Whether the product was given, (patient,).
    lost_waiting
        Whether the patient progressed, died or withdrew while waiting, (patient,).
    too_few
        Whether the released lot held less than the smallest dose, (patient,).
    dose
        CAR+ cells given, (patient,); NaN where none were.
    infusion_day
        Days from enrolment to infusion, (patient,); NaN where there was none.
    exit_day
        Days from enrolment to leaving without infusion, (patient,); NaN for the infused.
    """

    infused: Bool[np.ndarray, " patient"]
    lost_waiting: Bool[np.ndarray, " patient"]
    too_few: Bool[np.ndarray, " patient"]
    dose: Float[np.ndarray, " patient"]
    infusion_day: Float[np.ndarray, " patient"]
    exit_day: Float[np.ndarray, " patient"]


def infusions(
    plan: Plan,
    arm: ArmSetup,
    numbers: Numbers,
    batch: Batch,
    *,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
) -> Infusions:
    """Decide who is infused: the lot must be released in time and hold a dose.

    The achieved dose is the smaller of the assigned dose and the lot. The chance of being lost
    while waiting uses one number per patient, the same in every arm: a faster product loses a
    subset of the patients a slower one loses.
    """
    product = batch.product
    chance = uniforms(plan.seed, "waiting", draw=draw, patient=patient)
    wait = np.where(product.released, product.vein_to_vein, np.inf)
    lost, lost_day = waiting_attrition(numbers["waiting/attrition_hazard"], wait, chance)
    failed_day = np.where(product.released, np.inf, batch.decided_day)
    lost &= ~(failed_day < lost_day)
    weight = numbers["host/body_weight"]
    dose = np.minimum(arm.target_per_kg * weight, product.total)
    too_few = product.released & ~lost & (dose < arm.minimum_per_kg * weight)
    infused = product.released & ~lost & ~too_few
    exit_day = np.where(lost, lost_day, np.where(product.released, wait, batch.decided_day))
    return Infusions(
        infused=infused,
        lost_waiting=lost,
        too_few=too_few,
        dose=np.where(infused, dose, np.nan),
        infusion_day=np.where(infused, wait, np.nan),
        exit_day=np.where(infused, np.nan, exit_day),
    )


def treat(
    plan: Plan,
    arm: ArmSetup,
    numbers: Numbers,
    batch: Batch,
    given: Infusions,
    *,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
    options: SolverOptions | None = None,
) -> Trajectories:
    """Simulate the infused patients from enrolment; the result holds only them, in order."""
    who = np.flatnonzero(given.infused)
    day = given.infusion_day[who]
    parameters = {symbol: numbers[address][who] for symbol, address in arm.body.symbols.items()}
    parameters |= _protocol_inputs(plan, batch, day, who)
    doses = [
        Dose(arm.body.conditioning_species, day + offset, np.ones(len(who)))
        for offset in plan.file.regimen.lymphodepletion.days
    ]
    cells = given.dose[who, np.newaxis] * batch.product.composition[who]
    doses += [
        Dose(arm.body.dose_species[phenotype], day, cells[:, column])
        for column, phenotype in enumerate(PHENOTYPES)
    ]
    return simulate(
        arm.body.model,
        parameters,
        times=day[:, np.newaxis] + plan.days,
        doses=doses,
        seed=plan.seed,
        draw=draw[who],
        patient=patient[who],
        options=options or SolverOptions(),
    )


def _protocol_inputs(
    plan: Plan,
    batch: Batch,
    day: Float[np.ndarray, " patient"],
    who: Int[np.ndarray, " patient"],
) -> Mapping[str, Float[np.ndarray, " patient"]]:
    """Inputs of the model that the protocol and the lot decide."""
    conditioning_begins = min(plan.file.regimen.lymphodepletion.days)
    return {
        "bridging_stop_day": day + conditioning_begins,
        "vector_copies_per_car_cell": batch.product.vcn_per_car_cell[who],
    }
