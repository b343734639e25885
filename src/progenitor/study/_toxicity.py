"""Grades of toxicity day by day, by which dose-limiting toxicities are judged."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.cohort import Numbers
from progenitor.engine import Trajectories
from progenitor.study._plan import ArmSetup, Plan
from progenitor.study._treat import Infusions
from progenitor.trial import CytokineReleaseCourse, Cytopenia, published_endpoint

__all__ = ["reaction_grades", "toxicity_curves"]

_Curve = Float[np.ndarray, "patient time"]

_PRESSURE: Final = {
    "fluids": ("vitals/fluid_threshold", 2.0),
    "one_vasopressor": ("vitals/vasopressor_threshold", 3.0),
    "several_vasopressors": ("vitals/several_vasopressors_threshold", 4.0),
}
_OXYGEN: Final = {
    "low_flow_oxygen": ("vitals/low_flow_threshold", 2.0),
    "high_flow_oxygen": ("vitals/high_flow_threshold", 3.0),
    "positive_pressure": ("vitals/positive_pressure_threshold", 4.0),
}
_TREATMENTS: Final = ("tocilizumab_given", "steroid_given", "steroid_for_neurotoxicity")
_VITALS: Final = ("body_temperature", "latent_arterial_pressure", "latent_oxygen_saturation")
_LATE: Final = 28.0


def toxicity_curves(
    plan: Plan, arm: ArmSetup, numbers: Numbers, trajectories: Trajectories, given: Infusions,
    grades: Mapping[str, _Curve],
) -> dict[str, _Curve]:  # fmt: skip
    """Return the grades of every toxicity the body knows at every look, NaN where not infused.

    Only for studies with a trial that looks for a dose.

    Parameters
    ----------
    plan, arm, numbers
        The study, the arm and the numbers of its patients.
    trajectories, given
        The infused patients, and who they are.
    grades
        What :func:`~progenitor.study._readout.follow_up` keeps of the body's own grades.
    """
    if not plan.windows:
        return {}
    who = np.flatnonzero(given.infused)
    crs = np.full((given.infused.size, len(plan.days)), np.nan)
    own = {name: numbers[arm.address(name)][who] for name in _thresholds()}
    began = given.infusion_day[who]
    since = {name: trajectories.event_time(name) - began for name in trajectories.events}
    vitals = {name: trajectories.observable(name) for name in _VITALS}
    crs[who] = reaction_grades(plan.days, vitals, own, since)
    curves = {"grade_of_crs": crs}
    nothing = np.full(crs.shape, np.nan)
    curves["grade_of_icans"] = grades.get("icans_grade", nothing)
    curves["grade_of_gvhd"] = grades.get("gvhd_grade", nothing)
    curves["grade_of_late_neutropenia"] = nothing
    if "neutrophils_in_blood" in grades:
        counts = published_endpoint(Cytopenia, plan.catalogue, line="neutrophils")
        late = plan.days >= _LATE
        severe = counts.evaluate(plan.days, np.maximum(grades["neutrophils_in_blood"], 0.0)).grade
        curves["grade_of_late_neutropenia"] = np.where(late, severe, 0.0)
    return curves


def _thresholds() -> tuple[str, ...]:
    return (
        "vitals/fever_threshold",
        *(address for address, _ in (*_PRESSURE.values(), *_OXYGEN.values())),
    )


def reaction_grades(
    days: Float[np.ndarray, " time"],
    vitals: Mapping[str, _Curve],
    own: Mapping[str, Float[np.ndarray, " patient"]],
    since: Mapping[str, Float[np.ndarray, " patient"]],
) -> _Curve:
    """Grade cytokine release at every look from vital signs then and what began since the last.

    A patient whose first fever came before infusion has none, as in the highest grade.

    Parameters
    ----------
    days
        Days since infusion of the looks (time,).
    vitals
        Body temperature, arterial pressure and oxygen saturation at the looks.
    own
        Limits of each patient, by catalogue id.
    since
        Event → its first day since infusion, NaN for never.
    """
    temperature = vitals["body_temperature"]
    fever = temperature > own["vitals/fever_threshold"][:, np.newaxis]
    fever = (fever | _began(days, since["fever"])) & ~(since["fever"] < 0.0)[:, np.newaxis]
    treated = np.full(len(temperature), np.nan)
    for name in _TREATMENTS:
        treated = np.fmin(treated, since.get(name, treated))
    grades = CytokineReleaseCourse().evaluate(
        days,
        fever=fever,
        pressure=_needed(days, vitals["latent_arterial_pressure"], own, since,
                         _PRESSURE),
        oxygen=_needed(days, vitals["latent_oxygen_saturation"], own, since,
                       _OXYGEN),
        treated_day=treated,
    )  # fmt: skip
    return grades.grade


def _needed(
    days: Float[np.ndarray, " time"],
    vital: _Curve,
    own: Mapping[str, Float[np.ndarray, " patient"]],
    since: Mapping[str, Float[np.ndarray, " patient"]],
    levels: Mapping[str, tuple[str, float]],
) -> _Curve:
    """Code of the support a vital sign asks for at each look, or asked for since the last one.

    A sign that a patient brought along and that never crossed its limit is no reaction.
    """
    code = np.zeros(vital.shape)
    for event, (address, grade) in levels.items():
        begun = days >= since[event][:, np.newaxis]
        asked = (vital < own[address][:, np.newaxis]) & begun | _began(days, since[event])
        code = np.where(asked, grade, code)
    return code


def _began(
    days: Float[np.ndarray, " time"], first: Float[np.ndarray, " patient"]
) -> Bool[np.ndarray, "patient time"]:
    """Mark the look at which something is first known to have begun."""
    place = np.searchsorted(days, np.where(np.isnan(first), np.inf, first))
    return np.asarray(place[:, np.newaxis] == np.arange(len(days)))
