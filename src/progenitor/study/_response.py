"""Response of the tumour at visits, by the criteria of the disease."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.cohort import Numbers
from progenitor.evidence import Catalogue
from progenitor.trial import (
    ConfirmedAssessment,
    ImwgResponse,
    LeukaemiaCode,
    LeukaemiaResponse,
    LuganoResponse,
    MyelomaResponse,
    RecistResponse,
    Response,
    bidimensional_size,
    published_endpoint,
    unidimensional_size,
)

__all__ = ["Assessed", "TumourCourse", "assess", "m_protein"]

_Patient = Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class TumourCourse:
    """What is assessed: tumour cells of each patient at all looks, and on which days visits are.

    Parameters
    ----------
    days
        Days since infusion of every look, (time,).
    cells
        Tumour cells, NaN after death, (patient, time); the first look is the baseline.
    visits
        Days of response assessment, (visit,).
    """

    days: Float[np.ndarray, " time"]
    cells: Float[np.ndarray, "patient time"]
    visits: Float[np.ndarray, " visit"]

    @property
    def at_visits(self) -> Float[np.ndarray, "patient visit"]:
        """Tumour cells at the visits."""
        return self.cells[:, np.searchsorted(self.days, self.visits)]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Assessed:
    """Responses of all patients over all visits.

    Parameters
    ----------
    best
        Best overall response as the code of the criteria (patient,).
    best_change
        Smallest size as change from baseline in %; NaN where response is not a size (patient,).
    objective, complete
        Objective and complete response (patient,).
    response_day, progression_day
        First day of the objective response and of progression; NaN for none (patient,).
    last_visit_day
        Last assessed visit, 0 for none, NaN without a baseline (patient,).
    very_good
        Very good partial response or better, where the criteria know one (patient,).
    """

    best: Int[np.ndarray, " patient"]
    best_change: _Patient
    objective: Bool[np.ndarray, " patient"]
    complete: Bool[np.ndarray, " patient"]
    response_day: _Patient
    progression_day: _Patient
    last_visit_day: _Patient
    very_good: Bool[np.ndarray, " patient"] | None = None


def assess(criteria: str, catalogue: Catalogue, numbers: Numbers, course: TumourCourse) -> Assessed:
    """Assess every patient; infusion is the baseline.

    Parameters
    ----------
    criteria
        Name of the criteria.
    catalogue
        Where their limits are.
    numbers
        Numbers of the patients, by catalogue id.
    course
        The tumour of each patient.
    """
    return _METHODS[criteria](catalogue, numbers, course)


def _lugano(_catalogue: Catalogue, numbers: Numbers, course: TumourCourse) -> Assessed:
    """Lugano response: PET by the number of cells, sizes from one sphere."""
    number = {name: float(values[0]) for name, values in numbers.items() if len(values)}
    density = number["endpoint/tumour_cell_density"]
    lugano = LuganoResponse(
        partial_decrease=number["endpoint/partial_response_decrease"],
        progression_increase=number["endpoint/progression_increase"],
        complete_cells=number["endpoint/pet_detection_cells"],
        measurable_size=number["endpoint/measurable_size"],
        metabolic_relapse=False,
    )
    cells = course.at_visits
    limit = numbers["endpoint/pet_detection_cells"][:, np.newaxis]
    found = lugano.evaluate(
        course.visits,
        bidimensional_size(cells, cells_per_cm3=density),
        cells < limit,
        bidimensional_size(course.cells[:, 0], cells_per_cm3=density),
    )
    better = found.response >= Response.PARTIAL
    first = np.where(better.any(axis=1), course.visits[better.argmax(axis=1)], np.nan)
    return Assessed(
        found.best, found.best_change, found.objective, found.complete, first,
        found.progression_day, found.last_visit_day,
    )  # fmt: skip


def _recist(catalogue: Catalogue, numbers: Numbers, course: TumourCourse) -> Assessed:
    """RECIST 1.1: the sum of diameters of one sphere, gone where it is too small to be seen."""
    density = float(numbers["endpoint/tumour_cell_density"][0])
    visible = numbers["endpoint/recist_visible_size"][:, np.newaxis]
    size = unidimensional_size(course.at_visits, cells_per_cm3=density)
    found = published_endpoint(RecistResponse, catalogue).evaluate(
        course.visits,
        size,
        unidimensional_size(course.cells[:, 0], cells_per_cm3=density),
        targets_gone=size < visible,
    )
    return _confirmed(found, complete=Response.COMPLETE)


def _leukaemia(catalogue: Catalogue, numbers: Numbers, course: TumourCourse) -> Assessed:
    """CR or CRi by marrow blasts; counts are not modelled, so the two are not told apart."""
    share = _of_marrow(course.at_visits, numbers)
    uncounted = np.full(share.shape, np.nan)
    found = published_endpoint(LeukaemiaResponse, catalogue).evaluate(
        course.visits, marrow=share, neutrophils=uncounted, platelets=uncounted
    )
    baseline = np.isnan(course.cells[:, 0])
    remission = _confirmed(found, complete=LeukaemiaCode.INCOMPLETE_RECOVERY)
    last = np.where(baseline, np.nan, remission.last_visit_day)
    return Assessed(
        remission.best, remission.best_change, remission.objective, remission.complete,
        remission.response_day, remission.progression_day, last,
    )  # fmt: skip


def _imwg(catalogue: Catalogue, numbers: Numbers, course: TumourCourse) -> Assessed:
    """IMWG response by serum M-protein, immunofixation and the share of the marrow."""
    places = np.concatenate([[0], np.searchsorted(course.days, course.visits)])
    serum = m_protein(
        course.days,
        course.cells,
        at_infusion=numbers["multiple_myeloma/m_protein_at_enrolment"],
        half_life=numbers["multiple_myeloma/m_protein_half_life"],
    )[:, places]
    limit = numbers["assay/immunofixation_limit"][:, np.newaxis]
    found = published_endpoint(ImwgResponse, catalogue).evaluate(
        np.concatenate([[0.0], course.visits]),
        serum=serum,
        marrow=_of_marrow(course.cells, numbers)[:, places],
        immunofixation_negative=serum < limit,
    )
    return _confirmed(
        found, complete=MyelomaResponse.COMPLETE, very_good=MyelomaResponse.VERY_GOOD_PARTIAL
    )


def m_protein(
    days: Float[np.ndarray, " time"],
    cells: Float[np.ndarray, "patient time"],
    *,
    at_infusion: _Patient,
    half_life: _Patient,
) -> Float[np.ndarray, "patient time"]:
    r"""Return serum M-protein that myeloma cells secrete and the body loses.

    .. math:: M' = k\,(M_0\,T / T(0) - M), \qquad k = \ln 2 / t_{1/2}

    solved exactly for the mean number of cells between two looks, so that a marker lags the
    tumour by weeks as it does in patients.

    Examples
    --------
    >>> days, cells = np.array([0.0, 21.0, 42.0]), np.array([[1e10, 0.0, 0.0]])
    >>> gone = m_protein(days, cells, at_infusion=np.array([4.0]), half_life=np.array([21.0]))
    >>> gone.tolist()
    [[4.0, 3.0, 1.5]]
    """
    serum = np.empty_like(cells)
    serum[:, 0] = np.where(np.isnan(cells[:, 0]), np.nan, at_infusion)
    first = np.where(cells[:, 0] > 0.0, cells[:, 0], np.nan)
    for look in range(1, len(days)):
        kept = 0.5 ** ((days[look] - days[look - 1]) / half_life)
        made = at_infusion * 0.5 * (cells[:, look - 1] + cells[:, look]) / first
        serum[:, look] = serum[:, look - 1] * kept + made * (1.0 - kept)
    return serum


def _of_marrow(
    cells: Float[np.ndarray, "patient any"], numbers: Numbers
) -> Float[np.ndarray, "patient any"]:
    """Share of the marrow that tumour cells make up."""
    return np.minimum(cells / numbers["assay/mrd_reference_cells"][:, np.newaxis], 1.0)


def _confirmed(
    found: ConfirmedAssessment, *, complete: int, very_good: int | None = None
) -> Assessed:
    """Take the confirmed responses of an assessment."""
    return Assessed(
        best=found.best,
        best_change=found.best_change,
        objective=found.objective,
        complete=np.asarray(found.best >= complete),
        response_day=found.response_day,
        progression_day=found.progression_day,
        last_visit_day=found.last_visit_day,
        very_good=None if very_good is None else np.asarray(found.best >= very_good),
    )


_METHODS: Final[Mapping[str, Callable[[Catalogue, Numbers, TumourCourse], Assessed]]] = {
    "lugano": _lugano,
    "recist": _recist,
    "leukaemia": _leukaemia,
    "imwg": _imwg,
}
