"""Outcomes that need a body with the observable: duration, relapse, aplasia, grades of toxicity."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from jaxtyping import Float

from progenitor.cohort import Numbers
from progenitor.evidence import Catalogue
from progenitor.study._response import Assessed
from progenitor.trial import (
    BCellAplasia,
    Cytopenia,
    DurationOfResponse,
    EventFreeSurvival,
    Haematotoxicity,
    IntervalPersistence,
    published_endpoint,
)

__all__ = ["NOT_MODELLED", "late_effects", "not_modelled"]

_Columns = dict[str, np.ndarray[Any, Any]]
_Curves = Mapping[str, Float[np.ndarray, "patient time"]]

NOT_MODELLED: Final = {
    "neurotoxicity (ICANS)": ("icans_grade",),
    "graft-versus-host disease (MAGIC)": ("gvhd_grade",),
    "neutropenia beyond day 28 and haematotoxicity (ICAHT)": ("neutrophils_in_blood",),
    "HLH-like syndrome (IEC-HS)": ("ferritin_in_blood",),
    "infections": ("infection_hazard",),
}
"""Endpoints and the observables of which a body needs one."""

_YEAR: Final = 365.0
_SEVERE: Final = 3.0


def not_modelled(observables: frozenset[str]) -> tuple[str, ...]:
    """Name the endpoints that a body with these observables cannot show.

    Examples
    --------
    >>> not_modelled(frozenset({"icans_grade", "gvhd_grade"}))[-1]
    'infections'
    """
    return tuple(name for name, any_of in NOT_MODELLED.items() if observables.isdisjoint(any_of))


def late_effects(
    visits: Sequence[float],
    catalogue: Catalogue,
    numbers: Numbers,
    seen: Any,
    response: Assessed,
) -> _Columns:
    """Return the outcomes that the body has observables for, as columns (patient,).

    Parameters
    ----------
    visits
        Days of response assessment, at which blood is sampled for the cells too.
    catalogue, numbers
        Where published limits are, and the numbers of the patients.
    seen
        The patients as followed up.
    response
        Their responses.
    """
    columns = _durations(numbers, seen, response) | _aplasia(numbers, seen)
    columns |= _persistence(np.asarray(visits), numbers, seen, response)
    known = np.where(seen.evaluable, 1.0, np.nan)
    columns["icans_grade_3_day"] = np.full(known.size, np.nan)
    for event in ("icans", "gvhd"):
        if f"{event}_grade" in seen.grades:
            columns |= _graded(event, seen.days, seen.grades[f"{event}_grade"], known)
    if "neutrophils_in_blood" in seen.grades:
        columns |= _neutropenia(catalogue, seen.days, seen.grades["neutrophils_in_blood"], known)
    return columns


def _durations(numbers: Numbers, seen: Any, response: Assessed) -> _Columns:
    """Duration of response and event-free survival of the infused.

    Failure to respond by the day of judgement is an event on day 0.
    """
    last = np.where(seen.evaluable, response.last_visit_day, np.nan)
    lasting = DurationOfResponse(new_therapy="ignore").evaluate(
        response.response_day,
        progression_day=response.progression_day,
        death_day=seen.death_day,
        last_visit_day=last,
    )
    free = EventFreeSurvival(
        analysis_set="infused",
        time_zero="infusion",
        respond_by=float(numbers["endpoint/efs_respond_by"][0]),
        failure_dated="time zero",
    ).evaluate(
        response.response_day,
        relapse_day=response.progression_day,
        death_day=seen.death_day,
        last_visit_day=last,
        days_from="infusion",
    )
    return {
        "dor_time": lasting.time,
        "dor_event": lasting.event,
        "dor_12_months": lasting.event_free_at(_YEAR),
        "efs_time": free.time,
        "efs_event": free.event,
        "efs_12_months": free.event_free_at(_YEAR),
    }


def _aplasia(numbers: Numbers, seen: Any) -> _Columns:
    """B-cell aplasia from the looks at blood; what has not ended by the last look is ongoing."""
    level = seen.curve("b_cells_in_blood")
    if "b_cells_in_blood" not in seen.observables:
        return {}
    limit = float(numbers["endpoint/b_cell_recovery_level"][0])
    found = BCellAplasia(recovery_level=limit).evaluate(seen.days, np.maximum(level, 0.0))
    known = np.where(seen.evaluable, 1.0, np.nan)
    return {
        "aplasia": known * np.isfinite(found.onset_day),
        "aplasia_days": np.where(found.recovered == 1.0, found.duration, np.nan),
        "aplasia_ended": found.recovered,
    }


def _persistence(
    visits: Float[np.ndarray, " visit"], numbers: Numbers, seen: Any, response: Assessed
) -> _Columns:
    """Between which visits the cells were lost; progression and death compete."""
    level = seen.curve(seen.level)
    if not seen.level:
        return {}
    samples = level[:, np.searchsorted(seen.days, visits)]
    limit = float(numbers["assay/car_t_lower_limit"][0])
    ended = np.fmin(response.progression_day, seen.death_day)
    found = IntervalPersistence(limit).evaluate(
        visits, np.maximum(samples, 0.0), np.where(seen.evaluable, ended, np.nan)
    )
    known = np.where(seen.evaluable, 1.0, np.nan)
    return {
        "loss_after": found.lower * known,
        "loss_by": found.upper * known,
        "loss_cause": found.cause * known,
    }


def _graded(
    event: str,
    days: Float[np.ndarray, " time"],
    grade: Float[np.ndarray, "patient time"],
    known: Float[np.ndarray, " patient"],
) -> _Columns:
    """Highest grade, first days of any and of severe grade, and whether they were reached."""
    peak = np.where(np.isnan(grade), -1.0, grade).max(axis=1)
    columns = {
        f"{event}_grade": np.where(np.isnan(known), np.nan, peak),
        f"{event}_onset": _first(days, grade, 1.0) * known,
        f"{event}_any_grade": known * (peak >= 1.0),
        f"{event}_grade_3": known * (peak >= _SEVERE),
        f"{event}_grade_3_day": _first(days, grade, _SEVERE),
    }
    if event == "gvhd":
        columns["gvhd_grade_2"] = known * (peak >= _SEVERE - 1.0)
    return columns


def _neutropenia(
    catalogue: Catalogue,
    days: Float[np.ndarray, " time"],
    neutrophils: Float[np.ndarray, "patient time"],
    known: Float[np.ndarray, " patient"],
) -> _Columns:
    """Severe neutropenia not over by day 28, and early and late haematotoxicity."""
    counts = np.maximum(neutrophils, 0.0)
    late = published_endpoint(Cytopenia, catalogue, line="neutrophils").evaluate(days, counts)
    graded = published_endpoint(Haematotoxicity, catalogue).evaluate(days, counts)
    return {
        "neutropenia_beyond_28": late.prolonged * known,
        "icaht_early_3": np.where(np.isnan(graded.early), np.nan, graded.early >= _SEVERE) * known,
        "icaht_late_3": np.where(np.isnan(graded.late), np.nan, graded.late >= _SEVERE) * known,
    }


def _first(
    days: Float[np.ndarray, " time"], grade: Float[np.ndarray, "patient time"], least: float
) -> Float[np.ndarray, " patient"]:
    """First look at a grade or a higher one, NaN for never."""
    reached = grade >= least
    return np.where(reached.any(axis=1), days[reached.argmax(axis=1)], np.nan)
