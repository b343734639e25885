"""From trajectories to what a trial records: one row per patient, with every endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.cohort import Numbers
from progenitor.engine import Trajectories, uniforms
from progenitor.study._late_effects import late_effects
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._product_level import PRODUCT_SERIES, level_in_blood
from progenitor.study._response import Assessed, TumourCourse, assess
from progenitor.study._treat import Infusions
from progenitor.trial import (
    CellularKinetics,
    CytokineReleaseSyndrome,
    MinimalResidualDisease,
    Persistence,
    ProgressionFreeSurvival,
)

__all__ = ["GRADES", "SERIES", "YEAR", "FollowUp", "follow_up", "read_out"]

SERIES: Final = {
    "car_t_in_blood": "CAR-T cells in blood",
    "transgene_in_blood": "CAR transgene in blood",
    "tscm_in_blood": "Tscm CAR-T cells in blood",
    "tumour_cells_total": "Tumour cells",
    "b_cells_in_blood": "B cells in blood",
    "interleukin_6_level": "Interleukin-6",
    "interleukin_15_level": "Interleukin-15",
    "lymphocytes_in_blood": "Host T lymphocytes in blood",
    **PRODUCT_SERIES,
}
"""Observables kept as curves where the body of an arm has them, and their words."""

GRADES: Final[tuple[str, ...]] = ("icans_grade", "gvhd_grade", "neutrophils_in_blood")
"""Observables of toxicity that only some bodies have."""

YEAR: Final = 365.0
_RESIDUAL_DISEASE_FROM: Final = 90.0
_SUPPORT: Final = (
    "one_vasopressor",
    "several_vasopressors",
    "low_flow_oxygen",
    "high_flow_oxygen",
    "positive_pressure",
)
_Columns = dict[str, np.ndarray[Any, Any]]


@final
@dataclass(frozen=True, slots=True)
class FollowUp:
    """Curves of all enrolled patients, NaN where not infused, failed or already dead.

    Parameters
    ----------
    days
        Days since infusion, (time,).
    series
        Observable → (patient, time).
    events
        Event → days since infusion, (patient,); NaN for never.
    death_day
        Days since infusion, (patient,); NaN for the living.
    evaluable
        Infused and simulated to the end, (patient,).
    status
        Solver status, (patient,); 0 for patients who were not simulated.
    grades
        Those of ``GRADES`` that the body has, (patient, time).
    observables
        Everything the body shows, whoever is infused.
    """

    days: Float[np.ndarray, " time"]
    series: Mapping[str, Float[np.ndarray, "patient time"]]
    events: Mapping[str, Float[np.ndarray, " patient"]]
    death_day: Float[np.ndarray, " patient"]
    evaluable: Bool[np.ndarray, " patient"]
    status: np.ndarray[Any, Any]
    grades: Mapping[str, Float[np.ndarray, "patient time"]] = field(default_factory=dict)
    observables: frozenset[str] = frozenset(SERIES)

    @property
    def level(self) -> str:
        """Curve by which the cells of the product are counted in blood; empty where none is."""
        return level_in_blood(self.observables)

    def curve(self, name: str) -> Float[np.ndarray, "patient time"]:
        """Return a curve, unknown throughout where no body has it."""
        unknown = np.full((len(self.evaluable), len(self.days)), np.nan)
        return self.series.get(name, unknown)


def follow_up(
    plan: Plan,
    trajectories: Trajectories,
    given: Infusions,
    *,
    draw: np.ndarray[Any, Any],
    patient: np.ndarray[Any, Any],
) -> FollowUp:
    r"""Lay the simulated patients out over everybody enrolled and end their curves at death.

    A patient dies when the hazard accumulated since infusion first reaches :math:`-\ln u`, with
    one :math:`u` per patient, the same in every arm.
    """
    days, who = plan.days, np.flatnonzero(given.infused)
    status = np.zeros(len(patient), dtype=np.int8)
    status[who] = trajectories.status
    hazard = _spread(trajectories.observable("cumulative_hazard"), who, len(patient))
    fate = -np.log(uniforms(plan.seed, "death", draw=draw, patient=patient))
    death = _first_crossing(days, hazard - hazard[:, :1], fate)
    alive = ~(days > death[:, np.newaxis])
    unknown = np.full((len(who), len(days)), np.nan)
    seen = {
        name: trajectories.observable(name) if name in trajectories.observables else unknown
        for name in _kept(plan)
    }
    series = {
        name: np.where(alive, _spread(values, who, len(patient)), np.nan)
        for name, values in seen.items()
    }
    grades = {
        name: np.where(alive, _spread(trajectories.observable(name), who, len(patient)), np.nan)
        for name in GRADES
        if name in trajectories.observables
    }
    events = {
        name: _spread(trajectories.event_time(name), who, len(patient)) - given.infusion_day
        for name in trajectories.events
    }
    evaluable = given.infused & (status == 0)
    shown = frozenset(trajectories.observables)
    return FollowUp(days, series, events, death, evaluable, status, grades, shown)


def _kept(plan: Plan) -> list[str]:
    """Return the observables that some arm has: all arms keep the same curves."""
    known = {one.name for arm in setup_arms(plan) for one in arm.body.model.observables}
    return [name for name in SERIES if name in known]


def read_out(
    plan: Plan, numbers: Numbers, given: Infusions, seen: FollowUp, **keys: Any
) -> _Columns:
    """Return every endpoint as a column, (patient,).

    Parameters
    ----------
    keys
        ``draw`` and ``patient``, which key the assay's random numbers.
    """
    response = _response(plan, numbers, seen)
    columns = _kinetics(plan, numbers, seen) | _survival(given, seen, response)
    columns |= _safety(seen) | _residual_disease(plan, numbers, seen, **keys)
    columns |= late_effects(plan.file.visits.response, plan.catalogue, numbers, seen, response)
    evaluable = np.where(seen.evaluable, 1.0, np.nan)
    columns["best_response"] = np.where(seen.evaluable, response.best, 0).astype(np.int8)
    columns["best_change"] = response.best_change
    columns["objective_response"] = evaluable * response.objective
    columns["complete_response"] = evaluable * response.complete
    columns["progression_day"] = response.progression_day
    columns["response_day"] = response.response_day
    columns["death_day"] = seen.death_day
    if response.very_good is not None:
        columns["very_good_response"] = evaluable * response.very_good
    if plan.criteria == "leukaemia" and "mrd_negative" in columns:
        columns["mrd_remission"] = columns["mrd_negative"] * columns["objective_response"]
    return columns


def _kinetics(plan: Plan, numbers: Numbers, seen: FollowUp) -> _Columns:
    """Cellular kinetics in cells per microlitre and in copies per microgram of DNA.

    Cmax, Tmax and AUC are read while levels are followed closely, so that a late expansion on
    relapse is not taken for the peak; Tlast is read over the whole follow-up.
    """
    limit = float(numbers["assay/car_t_lower_limit"][0])
    level, copies = seen.curve(seen.level), seen.curve("transgene_in_blood")
    close = seen.days <= plan.file.visits.kinetics_until
    kinetics = CellularKinetics(lower_limit_of_quantification=limit, level_days=())
    columns = dict(kinetics.evaluate(seen.days[close], level[:, close]))
    later = kinetics.evaluate(seen.days, level)
    columns |= {name: later[name] for name in ("clast", "tlast")}
    transgene = CellularKinetics(
        lower_limit_of_quantification=float(numbers["assay/transgene_lower_limit"][0]),
        level_days=(),
    )
    found = transgene.evaluate(seen.days[close], copies[:, close])
    columns["transgene_cmax"] = found["cmax"]
    columns["persistence_12_months"] = Persistence(YEAR, limit).evaluate(seen.days, level)
    b_cells = Persistence(YEAR, float(numbers["endpoint/b_cell_recovery_level"][0]))
    columns["b_cells_12_months"] = b_cells.evaluate(seen.days, seen.curve("b_cells_in_blood"))
    return columns


def _response(plan: Plan, numbers: Numbers, seen: FollowUp) -> Assessed:
    """Response on the study's visits by the criteria of the disease; infusion is the baseline."""
    tumour = seen.series["tumour_cells_total"]
    course = TumourCourse(seen.days, tumour, np.asarray(plan.file.visits.response))
    return assess(plan.criteria, plan.catalogue, numbers, course)


def _survival(given: Infusions, seen: FollowUp, response: Assessed) -> _Columns:
    """Progression-free survival from infusion (infused) and from enrolment (ITT).

    Leaving the study without infusion counts as an event in the ITT set (composite strategy).
    """
    infused = ProgressionFreeSurvival(analysis_set="infused", time_zero="infusion")
    last = np.where(seen.evaluable, response.last_visit_day, np.nan)
    from_infusion = infused.evaluate(
        response.progression_day, seen.death_day, last, days_from="infusion"
    )
    itt = ProgressionFreeSurvival(analysis_set="itt", time_zero="enrolment")
    wait = given.infusion_day
    from_enrolment = itt.evaluate(
        np.where(given.infused, response.progression_day + wait, given.exit_day),
        seen.death_day + wait,
        np.where(given.infused, last + wait, given.exit_day),
        days_from="enrolment",
    )
    return {
        "pfs_time": from_infusion.time,
        "pfs_event": from_infusion.event,
        "pfs_12_months": from_infusion.event_free_at(YEAR),
        "pfs_itt_time": from_enrolment.time,
        "pfs_itt_event": from_enrolment.event,
        "pfs_itt_12_months": from_enrolment.event_free_at(YEAR),
    }


def _safety(seen: FollowUp) -> _Columns:
    """Cytokine release syndrome from the interventions, and who received tocilizumab."""
    grades = CytokineReleaseSyndrome().evaluate(
        fever=seen.events["fever"],
        hypotension=seen.events["fluids"],
        evaluable=seen.evaluable,
        **{name: seen.events[name] for name in _SUPPORT},
    )
    known = np.where(seen.evaluable, 1.0, np.nan)
    pressure, oxygen = seen.events["several_vasopressors"], seen.events["positive_pressure"]
    fourth = CytokineReleaseSyndrome().evaluate(
        fever=seen.events["fever"],
        several_vasopressors=pressure,
        positive_pressure=oxygen,
        evaluable=seen.evaluable,
    )
    third = CytokineReleaseSyndrome().evaluate(
        fever=seen.events["fever"],
        one_vasopressor=np.fmin(seen.events["one_vasopressor"], pressure),
        high_flow_oxygen=np.fmin(seen.events["high_flow_oxygen"], oxygen),
        evaluable=seen.evaluable,
    )
    return {
        "crs_grade_3_day": np.where(third.grade >= _SEVERE, third.peak_day, np.nan),
        "crs_grade_4_day": np.where(fourth.grade > _SEVERE, fourth.peak_day, np.nan),
        "crs_grade": grades.grade,
        "crs_onset": grades.onset_day,
        "crs_any_grade": known * (grades.grade >= 1),
        "crs_grade_3": known * (grades.grade >= _SEVERE),
        "tocilizumab": known * np.isfinite(seen.events["tocilizumab_given"]),
        "interleukin_6_peak": _peak(seen.curve("interleukin_6_level")),
    }


_SEVERE: Final = 3


def _residual_disease(plan: Plan, numbers: Numbers, seen: FollowUp, **keys: Any) -> _Columns:
    """Residual disease at the first response visit from three months on; missing is positive."""
    visits = [day for day in plan.file.visits.response if day >= _RESIDUAL_DISEASE_FROM]
    if not visits:
        return {}
    assay = MinimalResidualDisease(
        sensitivity=float(numbers["assay/mrd_sensitivity"][0]),
        cells_sampled=float(numbers["assay/mrd_cells_sampled"][0]),
    )
    cells = seen.series["tumour_cells_total"][:, np.searchsorted(seen.days, visits[0])]
    fraction = np.minimum(cells / numbers["assay/mrd_reference_cells"], 1.0)[:, np.newaxis]
    chance = uniforms(plan.seed, f"residual disease:{visits[0]:g}", **keys)[:, np.newaxis]
    negative = assay.evaluate(fraction, chance)[:, 0]
    return {"mrd_negative": np.where(seen.evaluable, negative, np.nan)}


def _spread(
    values: np.ndarray[Any, Any], who: np.ndarray[Any, Any], patients: int
) -> np.ndarray[Any, Any]:
    """Put the rows of the simulated patients where they belong among all, NaN elsewhere."""
    full = np.full((patients, *values.shape[1:]), np.nan)
    full[who] = values
    return full


def _first_crossing(
    days: Float[np.ndarray, " time"],
    hazard: Float[np.ndarray, "patient time"],
    fate: Float[np.ndarray, " patient"],
) -> Float[np.ndarray, " patient"]:
    """Day on which a rising curve first reaches a height, linear between days; NaN if never."""
    reached = hazard >= fate[:, np.newaxis]
    after = np.maximum(reached.argmax(axis=1), 1)
    rows = np.arange(len(fate))
    low, high = hazard[rows, after - 1], hazard[rows, after]
    rise = np.where(high > low, high - low, 1.0)
    share = np.clip((fate - low) / rise, 0.0, 1.0)
    day = days[after - 1] + share * (days[after] - days[after - 1])
    return np.where(reached.any(axis=1), day, np.nan)


def _peak(values: Float[np.ndarray, "patient time"]) -> Float[np.ndarray, " patient"]:
    """Largest known value, NaN where none is known."""
    highest = np.where(np.isnan(values), -np.inf, values).max(axis=1)
    return np.where(np.isfinite(highest), highest, np.nan)
