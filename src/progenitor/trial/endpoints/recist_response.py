"""Response of solid tumours at visits by RECIST 1.1."""

from dataclasses import dataclass, field, fields
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial._confirmed_response import ConfirmedAssessment, best_response
from progenitor.trial._criteria import address
from progenitor.trial._response import Response
from progenitor.trial._thresholds import at_least, at_most, check_days, refuse

__all__ = ["RecistResponse"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RecistResponse:
    r"""Classify each visit by the sum of diameters, other lesions and new ones.

    With s the sum at a visit, :math:`s_0` at baseline and :math:`s_{min}` the smallest so far
    (baseline included), target lesions are **CR** if they are gone, **PD** if
    :math:`s \ge (1 + progression\_increase) s_{min}` *and* :math:`s - s_{min} \ge` the absolute
    increase, **PR** if :math:`s \le (1 - partial\_decrease) s_0`, **SD** otherwise. The visit is PD
    for a new lesion or progressing other lesions whatever the sum; CR only if other lesions are
    gone too (PR if they remain or were not looked at); not evaluable without the sum. Without
    target lesions (baseline 0) other lesions decide, and those that remain are SD (non-CR/non-PD).
    After a CR any disease is PD: it has come back. Nothing after PD counts.

    Parameters
    ----------
    partial_decrease, progression_increase
        Fractions of baseline and of nadir.
    absolute_increase
        Least rise from nadir for progression, in the unit of the sum.
    confirmation_interval
        Days from a response to the visit that confirms it.
    minimum_stable
        Days from baseline from which disease may be called stable.

    Raises
    ------
    DesignError
        If a number is out of range.

    References
    ----------
    Eisenhauer et al. 2009, Eur J Cancer 45:228, doi:10.1016/j.ejca.2008.10.026, Tables 1 to 3.

    Examples
    --------
    >>> recist = RecistResponse(partial_decrease=0.3, progression_increase=0.2,
    ...     absolute_increase=5.0, confirmation_interval=28.0, minimum_stable=42.0)
    >>> days, size = np.array([42.0, 84.0, 126.0]), np.array([[60.0, 65.0, 80.0]])
    >>> found = recist.evaluate(days, size, np.array([100.0]))
    >>> found.response.tolist(), found.best.tolist(), found.progression_day.tolist()
    ([[3, 3, 1]], [3], [126.0])
    """

    partial_decrease: float = field(metadata=address("endpoint/recist_partial_decrease"))
    progression_increase: float = field(metadata=address("endpoint/recist_progression_increase"))
    absolute_increase: float = field(metadata=address("endpoint/recist_absolute_increase"))
    confirmation_interval: float = field(metadata=address("endpoint/recist_confirmation_interval"))
    minimum_stable: float = field(metadata=address("endpoint/recist_minimum_stable"))

    def __post_init__(self) -> None:
        checks = [
            (not getattr(self, item.name) >= 0.0, f"{item.name} is {getattr(self, item.name):g}")
            for item in fields(self)
        ]
        checks.append((not self.partial_decrease < 1.0, "partial_decrease is not below 1"))
        refuse("RECIST numbers", checks, "give numbers from 0 on, a decrease below 1")

    def evaluate(
        self,
        visit_days: Float[np.ndarray, " visit"],
        size: Float[np.ndarray, "patient visit"],
        baseline: Float[np.ndarray, " patient"],
        *,
        targets_gone: Bool[np.ndarray, "patient visit"] | None = None,
        other_lesions: Int[np.ndarray, "patient visit"] | None = None,
        new_lesion: Bool[np.ndarray, "patient visit"] | None = None,
    ) -> ConfirmedAssessment:
        """Assess every patient at every visit.

        Parameters
        ----------
        visit_days
            Days since baseline, increasing (visit,).
        size
            Sum of diameters (short axes of nodes), NaN where not all were measured.
        baseline
            Before treatment; 0 without target lesions, NaN without data (patient,).
        targets_gone
            Targets gone (nodes below 10 mm); where the sum is 0 if not given.
        other_lesions
            0 not evaluated, 1 unequivocal progression, 2 present, 3 gone or never there.
        new_lesion
            Unequivocal new lesions.

        Raises
        ------
        DesignError
            If days do not increase, a size is negative or a code is unknown.
        """
        others = np.full(size.shape, 3) if other_lesions is None else other_lesions
        low, strange = np.any(size < 0.0) or np.any(baseline < 0.0), (others < 0) | (others > 3)
        checks = [check_days(visit_days), (low, "a sum of diameters is negative")]
        checks.append((bool(np.any(strange)), "a code of other lesions is not 0 to 3"))
        refuse("RECIST cannot be assessed", checks, "give increasing days, sums from 0 on, codes")
        gone = size == 0.0 if targets_gone is None else targets_gone & ~np.isnan(size)
        fresh = np.zeros(size.shape, dtype=bool) if new_lesion is None else new_lesion
        response = np.zeros(size.shape, dtype=np.int8)
        nadir, complete = baseline, np.zeros(baseline.size, dtype=bool)
        progressed, lowest = np.full((2, baseline.size), np.nan)
        last = np.where(np.isnan(baseline), np.nan, 0.0)
        for visit, day in enumerate(visit_days):
            now, open_ = size[:, visit], np.isfinite(baseline) & np.isnan(progressed)
            code = self._classify(now, gone[:, visit], others[:, visit], baseline, nadir)
            back = complete & (code > Response.PROGRESSIVE) & (code < Response.COMPLETE)
            code = np.where(fresh[:, visit] | back, Response.PROGRESSIVE, code)
            code = np.where(open_, code, Response.NOT_EVALUABLE)
            response[:, visit] = code
            progressed = np.where(code == Response.PROGRESSIVE, day, progressed)
            complete |= code == Response.COMPLETE
            nadir = np.where(open_, np.fmin(nadir, now), nadir)
            lowest = np.where(open_, np.fmin(lowest, now), lowest)
            last = np.where(code > 0, day, last)
        gap, least = self.confirmation_interval, self.minimum_stable
        best = best_response(visit_days, response, (4, 3), 3, interval=gap, minimum_stable=least)
        change = 100.0 * (lowest / np.where(baseline > 0.0, baseline, np.nan) - 1.0)
        return ConfirmedAssessment.of(response, best, progressed, change, last)

    def _classify(
        self,
        size: Float[np.ndarray, " patient"],
        gone: Bool[np.ndarray, " patient"],
        others: Int[np.ndarray, " patient"],
        baseline: Float[np.ndarray, " patient"],
        nadir: Float[np.ndarray, " patient"],
    ) -> Int[np.ndarray, " patient"]:
        grown = at_least(size, (1.0 + self.progression_increase) * nadir)
        grown &= at_least(size - nadir, self.absolute_increase) & (baseline > 0.0) & ~gone
        shrunk = at_most(size, (1.0 - self.partial_decrease) * baseline)
        by_others = np.array([0, 1, 2, 4])[others]
        tests = (grown | (others == 1), baseline == 0.0, np.isnan(size), gone & (others == 3))
        found = np.select((*tests, gone | shrunk), (1, by_others, 0, 4, 3), 2)
        return np.asarray(found, dtype=np.int8)
