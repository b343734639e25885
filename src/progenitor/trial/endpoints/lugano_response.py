"""Response of lymphoma at visits by the Lugano 2014 classification."""

from dataclasses import dataclass, field
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import DesignError
from progenitor.trial._criteria import address
from progenitor.trial._response import Response, ResponseAssessment, check_visits

__all__ = ["LuganoResponse"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LuganoResponse:
    r"""Classify each visit by PET first and by the sum of products of diameters (SPD) otherwise.

    In this order: **CR** if PET is negative, whatever residual mass is left; **PD** if SPD rose by
    at least ``progression_increase`` from its nadir (baseline included) to at least
    ``measurable_size``, or PET is positive again after a CR (new FDG-avid disease); **PR** if SPD
    fell by at least ``partial_decrease`` from baseline; **SD** otherwise. Nothing after PD counts:
    neither later shrinkage nor a later best change. A visit without a size is not evaluable.

    ``measurable_size`` is needed because any growth from a nadir near 0 is a large relative one.
    The classification asks it of single nodes (1.5 cm in the longest diameter); a model with one
    burden asks it of the SPD. Increments of 0.5 and 1 cm, spleen and marrow are not modelled.

    Parameters
    ----------
    partial_decrease, progression_increase
        Fractions of baseline and of nadir.
    complete_cells
        Number of tumour cells below which PET is negative, used by :meth:`pet_negative`.
    measurable_size
        Smallest SPD that can be progression, in the unit of the sizes.
    metabolic_relapse
        Whether a positive PET after a CR is progression by itself.

    Raises
    ------
    DesignError
        If a threshold is out of range.

    References
    ----------
    Cheson et al. 2014, Journal of Clinical Oncology 32:3059, doi:10.1200/JCO.2013.54.8800, Table 3.

    Examples
    --------
    >>> lugano = LuganoResponse(partial_decrease=0.5, progression_increase=0.5,
    ...                         complete_cells=1e7, measurable_size=2.25)
    >>> days, pet = np.array([28.0, 90.0, 180.0]), np.array([[False, False, False]])
    >>> found = lugano.evaluate(days, np.array([[8.0, 4.0, 6.0]]), pet, np.array([10.0]))
    >>> found.response.tolist(), found.best.tolist(), found.best_change.tolist()
    ([[2, 3, 1]], [3], [-60.0])
    """

    partial_decrease: float = field(metadata=address("endpoint/partial_response_decrease"))
    progression_increase: float = field(metadata=address("endpoint/progression_increase"))
    complete_cells: float = field(metadata=address("endpoint/pet_detection_cells"))
    measurable_size: float = field(metadata=address("endpoint/measurable_size"))
    metabolic_relapse: bool = True

    def __post_init__(self) -> None:
        fine = 0.0 < self.partial_decrease < 1.0 and self.progression_increase > 0.0
        if not (fine and self.complete_cells > 0.0 and self.measurable_size > 0.0):
            raise DesignError(
                f"Lugano thresholds out of range: {self}. Fix: give 0 < partial_decrease < 1 and "
                "the other three above 0"
            )

    def pet_negative(self, cells: Float[np.ndarray, "*any"]) -> Bool[np.ndarray, "*any"]:
        """PET is negative where fewer cells are left than it can show; NaN is not negative."""
        return cells < self.complete_cells

    def evaluate(
        self,
        visit_days: Float[np.ndarray, " visit"],
        size: Float[np.ndarray, "patient visit"],
        metabolic: Bool[np.ndarray, "patient visit"],
        baseline: Float[np.ndarray, " patient"],
    ) -> ResponseAssessment:
        """Assess every patient at every visit.

        Parameters
        ----------
        visit_days
            Days of the visits after baseline, increasing (visit,).
        size
            SPD at each visit, NaN where not assessed: missed, dead, after new therapy.
        metabolic
            True where PET is negative.
        baseline
            SPD before treatment, above 0; NaN for a patient without data, such as one whose
            simulation failed (patient,).

        Raises
        ------
        DesignError
            If visits do not increase, a size is negative or a baseline is not above 0.
        """
        check_visits(visit_days, size, baseline)
        response = np.zeros(size.shape, dtype=np.int8)
        nadir, complete = baseline.copy(), np.zeros(baseline.size, dtype=bool)
        progressed = np.full(baseline.size, np.nan)
        lowest, last = np.full(baseline.size, np.nan), np.where(np.isnan(baseline), np.nan, 0.0)
        for visit, day in enumerate(visit_days):
            now, negative = size[:, visit], metabolic[:, visit]
            assessed = np.isfinite(now) & np.isfinite(baseline) & np.isnan(progressed)
            code = self._classify(now, negative, baseline, nadir, complete)
            response[:, visit] = np.where(assessed, code, Response.NOT_EVALUABLE)
            progressed = np.where(assessed & (code == Response.PROGRESSIVE), day, progressed)
            complete |= assessed & (code == Response.COMPLETE)
            nadir = np.where(assessed, np.minimum(nadir, now), nadir)
            lowest = np.where(assessed, np.fmin(lowest, now), lowest)
            last = np.where(assessed, day, last)
        best = response.max(axis=1, initial=Response.NOT_EVALUABLE)
        change = 100.0 * (lowest / baseline - 1.0)
        return ResponseAssessment(response, best, progressed, change, last)

    def _classify(
        self,
        size: Float[np.ndarray, " patient"],
        negative: Bool[np.ndarray, " patient"],
        baseline: Float[np.ndarray, " patient"],
        nadir: Float[np.ndarray, " patient"],
        complete: Bool[np.ndarray, " patient"],
    ) -> Int[np.ndarray, " patient"]:
        grown = (size >= (1.0 + self.progression_increase) * nadir) & (size >= self.measurable_size)
        relapsed = complete & self.metabolic_relapse
        shrunk = size <= (1.0 - self.partial_decrease) * baseline
        codes = (Response.COMPLETE, Response.PROGRESSIVE, Response.PARTIAL)
        return np.select((negative, grown | relapsed, shrunk), codes, Response.STABLE)
