"""From a lot to a treated patient: who is infused, with what, and what the body then does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.cohort import Numbers
from progenitor.engine import Dose, Trajectories, simulate, uniforms
from progenitor.manufacture import Batch
from progenitor.study._plan import ArmSetup, Plan
from progenitor.trial import waiting_attrition

__all__ = [
    "WAITING",
    "Infusions",
    "Protocol",
    "edits_of",
    "foreign",
    "infusions",
    "protocol",
    "treat",
]

WAITING: Final = "waiting"
"""Purpose of the random numbers that decide who is lost while waiting."""

_RESIDUAL_RECEPTOR: Final = "edit/residual_tcr_share"
_MISMATCH: Final = "mhc_mismatch"
_WITHOUT_CLASS_I: Final = "edit/b2m_knockout_share"


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
    chance = uniforms(plan.seed, WAITING, draw=draw, patient=patient)
    wait = np.where(product.released, product.vein_to_vein, np.inf)
    lost, lost_day = waiting_attrition(numbers["waiting/attrition_hazard"], wait, chance)
    failed_day = np.where(product.released, np.inf, batch.decided_day)
    lost &= ~(failed_day < lost_day)
    weight = numbers[arm.address("host/body_weight")]
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


def edits_of(batch: Batch) -> Mapping[str, Float[np.ndarray, " lot"]]:
    """Name what the edits of the lots replace among the numbers of a body, by catalogue id.

    Cells with their own receptor for every receptor-bearing one, and the share without class I.
    Lots whose recipe cuts nothing replace nothing.
    """
    state, found = batch.log[-1].state, {}
    if "trac" in state.loci:
        car = np.maximum(state.car_fraction, np.finfo(float).tiny)
        found[_RESIDUAL_RECEPTOR] = (1 - state.edited("trac")) / car
    if "b2m" in state.loci:
        found[_WITHOUT_CLASS_I] = state.edited("b2m")
    return found


def foreign(batch: Batch) -> Bool[np.ndarray, " lot"]:
    """Return which lots are of another tissue type than the patient of the same number, (lot,)."""
    return np.asarray(batch.log[-1].state.hla != batch.lot)


@final
@dataclass(frozen=True, slots=True)
class Protocol:
    """What the engine is asked to simulate for the infused patients, in order.

    Parameters
    ----------
    who
        Positions of the infused among everybody enrolled, (infused,).
    parameters
        Symbol of the model → value, (infused,).
    times
        Days since enrolment of every look, (infused, time).
    doses
        Conditioning, and the product by phenotype.
    """

    who: Int[np.ndarray, " infused"]
    parameters: Mapping[str, Float[np.ndarray, " infused"]]
    times: Float[np.ndarray, "infused time"]
    doses: tuple[Dose, ...]


def protocol(
    plan: Plan,
    arm: ArmSetup,
    numbers: Numbers,
    batch: Batch,
    given: Infusions,
    *,
    days: Float[np.ndarray, " time"] | None = None,
) -> Protocol:
    """Write down what the infused patients of an arm receive; time 0 is enrolment.

    ``days`` since infusion at which they are looked at are those of the plan unless given. Lots of
    another donor are mismatched and the patient's own are not, unless the arm sets it.
    """
    who = np.flatnonzero(given.infused)
    day = given.infusion_day[who]
    conditioning = plan.file.regimen.lymphodepletion.days
    parameters = {name: np.full(len(who), on) for name, on in arm.body.switches.items()}
    parameters |= {symbol: numbers[address][who] for symbol, address in arm.body.symbols.items()}
    parameters |= {
        "bridging_stop_day": day + min(conditioning),
        "vector_copies_per_car_cell": batch.product.vcn_per_car_cell[who],
    }
    made = edits_of(batch)
    if _MISMATCH in parameters and _MISMATCH not in (plan.file.arms[arm.arm].set or {}):
        parameters[_MISMATCH] = foreign(batch)[who].astype(float)
    parameters |= {
        symbol: made[address][who]
        for symbol, address in arm.body.symbols.items()
        if address in made
    }
    doses = [
        Dose(arm.body.conditioning_species, day + offset, np.ones(len(who)))
        for offset in conditioning
    ]
    cells = given.dose[who, np.newaxis] * batch.product.composition[who]
    doses += [
        Dose(arm.body.dose_species[phenotype], day, cells[:, column])
        for column, phenotype in enumerate(batch.product.phenotypes)
    ]
    looks = plan.days if days is None else days
    return Protocol(who, parameters, day[:, np.newaxis] + looks, tuple(doses))


def treat(
    plan: Plan,
    arm: ArmSetup,
    protocol: Protocol,
    *,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
) -> Trajectories:
    """Simulate the infused patients from enrolment; the result holds only them, in order."""
    return simulate(
        arm.body.model,
        protocol.parameters,
        times=protocol.times,
        doses=protocol.doses,
        seed=plan.seed,
        draw=draw[protocol.who],
        patient=patient[protocol.who],
        options=plan.solver,
    )
