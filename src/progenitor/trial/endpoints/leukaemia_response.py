"""Remission and relapse of acute lymphoblastic leukaemia at visits."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.trial._confirmed_response import ConfirmedAssessment, best_response
from progenitor.trial._criteria import address
from progenitor.trial._thresholds import at_least, check_days, refuse

__all__ = ["LeukaemiaCode", "LeukaemiaResponse"]


@final
class LeukaemiaCode(IntEnum):
    """Response of leukaemia at a visit; the greater the better.

    Examples
    --------
    >>> LeukaemiaCode(3).name
    'INCOMPLETE_RECOVERY'
    """

    NOT_EVALUABLE = 0
    RELAPSE = 1
    NO_RESPONSE = 2
    INCOMPLETE_RECOVERY = 3
    COMPLETE = 4


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LeukaemiaResponse:
    """CR, CRi, no response or relapse from marrow, blood, counts and other sites.

    Remission is marrow blasts below the limit, none in blood and none elsewhere. It is **CR** if
    neutrophils and platelets exceed their limits, **CRi** if either does not or was not counted.
    After a remission **relapse** is marrow blasts from the limit on, blasts in blood or leukaemia
    elsewhere; nothing after it counts. A visit before remission without a marrow sample is not
    evaluable; in remission it is judged by blood and other sites, as the remission stands until
    disproved. Best response counts if it is maintained for ``sustained`` days, else it is no
    response (``best_unconfirmed`` ignores this).

    Parameters
    ----------
    marrow_blasts
        Share of blasts from which there is no remission.
    neutrophils, platelets
        Counts above which a remission is complete, cells/µL.
    sustained
        Days for which a remission must be seen.

    Raises
    ------
    DesignError
        If a number is out of range.

    References
    ----------
    Gökbuget et al. 2024, Blood 143:1891, doi:10.1182/blood.2023020794 (response); Maude et al.
    2018, New England Journal of Medicine 378:439, doi:10.1056/NEJMoa1709866 (28 days).

    Examples
    --------
    >>> response = LeukaemiaResponse(
    ...     marrow_blasts=0.05, neutrophils=1000.0, platelets=1e5, sustained=28.0)
    >>> found = response.evaluate(
    ...     np.array([28.0, 60.0, 90.0]), marrow=np.array([[0.01, np.nan, 0.2]]),
    ...     neutrophils=np.array([[800.0, 2000.0, 2000.0]]), platelets=np.full((1, 3), 2e5))
    >>> found.response.tolist(), found.best.tolist(), found.progression_day.tolist()
    ([[3, 4, 1]], [3], [90.0])
    """

    marrow_blasts: float = field(metadata=address("endpoint/leukaemia_marrow_blasts"))
    neutrophils: float = field(metadata=address("endpoint/leukaemia_neutrophils"))
    platelets: float = field(metadata=address("endpoint/leukaemia_platelets"))
    sustained: float = field(metadata=address("endpoint/leukaemia_sustained"))

    def __post_init__(self) -> None:
        checks = [
            (not 0.0 < self.marrow_blasts < 1.0, f"marrow_blasts is {self.marrow_blasts:g}"),
            (not self.neutrophils > 0.0, f"neutrophils is {self.neutrophils:g}"),
            (not self.platelets > 0.0, f"platelets is {self.platelets:g}"),
            (not self.sustained >= 0.0, f"sustained is {self.sustained:g}"),
        ]
        refuse("limits of remission", checks, "give a share between 0 and 1, counts above 0, days")

    def evaluate(
        self,
        visit_days: Float[np.ndarray, " visit"],
        *,
        marrow: Float[np.ndarray, "patient visit"],
        neutrophils: Float[np.ndarray, "patient visit"],
        platelets: Float[np.ndarray, "patient visit"],
        blood_blasts: Float[np.ndarray, "patient visit"] | None = None,
        extramedullary: Bool[np.ndarray, "patient visit"] | None = None,
    ) -> ConfirmedAssessment:
        """Assess every patient at every visit.

        Parameters
        ----------
        visit_days
            Increasing days (visit,).
        marrow
            Share of blasts, NaN where not sampled.
        neutrophils, platelets
            Cells/µL without growth factor or transfusion; both NaN where not seen at all.
        blood_blasts
            Blasts in blood, any unit; NaN where not looked at.
        extramedullary
            Leukaemia elsewhere, such as in the central nervous system.

        Raises
        ------
        DesignError
            If visits do not increase, a value is negative or a share exceeds 1.
        """
        blood = np.zeros(marrow.shape) if blood_blasts is None else blood_blasts
        other = np.zeros(marrow.shape, dtype=bool) if extramedullary is None else extramedullary
        low = any(np.any(values < 0.0) for values in (marrow, neutrophils, platelets, blood))
        checks = [check_days(visit_days), (low, "a value is below 0")]
        checks.append((bool(np.any(marrow > 1.0)), "a share of blasts exceeds 1"))
        refuse("remission cannot be assessed", checks, "give increasing days, shares and counts")
        disease = at_least(marrow, self.marrow_blasts) | (blood > 0.0) | other
        counted = ~np.isnan(neutrophils) | ~np.isnan(platelets) | ~np.isnan(marrow)
        recovered = (neutrophils > self.neutrophils) & (platelets > self.platelets)
        response = np.zeros(marrow.shape, dtype=np.int8)
        remission, relapsed = np.zeros((2, len(marrow)), dtype=bool)
        for visit in range(len(visit_days)):
            here, proof = disease[:, visit], ~np.isnan(marrow[:, visit])
            good = np.where(recovered[:, visit], LeukaemiaCode.COMPLETE, 3)
            clear = np.where(proof | remission, np.where(counted[:, visit], good, 0), 0)
            code = np.where(here, np.where(remission, LeukaemiaCode.RELAPSE, 2), clear)
            response[:, visit] = np.where(relapsed, LeukaemiaCode.NOT_EVALUABLE, code)
            remission |= response[:, visit] >= LeukaemiaCode.INCOMPLETE_RECOVERY
            relapsed |= response[:, visit] == LeukaemiaCode.RELAPSE
        best = best_response(
            visit_days, response, levels=(4, 3), objective=3, interval=self.sustained
        )
        back = np.where(response == LeukaemiaCode.RELAPSE, visit_days, np.inf).min(
            axis=1, initial=np.inf
        )
        last = np.where(response > 0, visit_days, 0.0).max(axis=1, initial=0.0)
        unknown = np.full(len(marrow), np.nan)
        progressed = np.where(np.isinf(back), np.nan, back)
        return ConfirmedAssessment.of(response, best, progressed, unknown, last)
