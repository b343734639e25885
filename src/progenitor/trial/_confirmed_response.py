"""Best response over all visits, with and without the confirmation that criteria ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

__all__ = ["BestResponse", "ConfirmedAssessment", "best_response"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class ConfirmedAssessment:
    """Responses by visit and the best of them, confirmed and not.

    Parameters
    ----------
    response
        Code at each visit; 0 where not assessed and after progression (patient, visit).
    best, best_unconfirmed
        Best overall response with and without confirmation (patient,).
    response_day, unconfirmed_response_day
        First day of an objective response that was confirmed, and of any; NaN for none (patient,).
    progression_day
        Day of the visit that found progression, NaN for none (patient,).
    best_change
        Smallest size up to progression as change from baseline in %, NaN if none (patient,).
    last_visit_day
        Day of the last assessed visit, 0 for none, NaN without a baseline (patient,).
    """

    response: Int[np.ndarray, "patient visit"]
    best: Int[np.ndarray, " patient"]
    best_unconfirmed: Int[np.ndarray, " patient"]
    response_day: Float[np.ndarray, " patient"]
    unconfirmed_response_day: Float[np.ndarray, " patient"]
    progression_day: Float[np.ndarray, " patient"]
    best_change: Float[np.ndarray, " patient"]
    last_visit_day: Float[np.ndarray, " patient"]

    @classmethod
    def of(
        cls,
        response: Int[np.ndarray, "patient visit"],
        best: "BestResponse",
        progression_day: Float[np.ndarray, " patient"],
        best_change: Float[np.ndarray, " patient"],
        last_visit_day: Float[np.ndarray, " patient"],
    ) -> "ConfirmedAssessment":
        """Put responses by visit and the best of them together."""
        found = (best.confirmed, best.unconfirmed, best.confirmed_day, best.unconfirmed_day)
        return cls(response, *found, progression_day, best_change, last_visit_day)

    @property
    def objective(self) -> Bool[np.ndarray, " patient"]:
        """A confirmed objective response."""
        return np.asarray(~np.isnan(self.response_day))


@final
@dataclass(frozen=True, slots=True, eq=False)
class BestResponse:
    """Best overall response of each patient, and the first day of an objective one, NaN for none.

    Parameters
    ----------
    confirmed, unconfirmed
        Codes (patient,).
    confirmed_day, unconfirmed_day
        Days (patient,).
    """

    confirmed: Int[np.ndarray, " patient"]
    unconfirmed: Int[np.ndarray, " patient"]
    confirmed_day: Float[np.ndarray, " patient"]
    unconfirmed_day: Float[np.ndarray, " patient"]


def best_response(
    days: Float[np.ndarray, " visit"],
    response: Int[np.ndarray, "patient visit"],
    levels: Sequence[int],
    objective: int,
    *,
    stable: int = 2,
    interval: float = 0.0,
    minimum_stable: float = 0.0,
) -> BestResponse:
    """Find the best response of each patient.

    A response is confirmed if a later visit, at least ``interval`` days on, is as good, and no
    assessed visit between them is worse; visits that could not be assessed between them do no harm.
    A response that is not confirmed counts as stable disease. Stable disease counts from
    ``minimum_stable`` days on; before, the patient is progressive if progression follows and not
    evaluable otherwise.

    Parameters
    ----------
    days
        Days of the visits since baseline (visit,).
    response
        Codes, the greater the better: 0 not evaluable, 1 progressive (patient, visit).
    levels
        Codes that need confirmation, best first.
    objective
        Least code of an objective response.
    stable
        Code of stable disease.
    interval, minimum_stable
        Days.

    References
    ----------
    Eisenhauer et al. 2009, European Journal of Cancer 45:228, doi:10.1016/j.ejca.2008.10.026,
    Table 3 and section 4.6.

    Examples
    --------
    >>> days, codes = np.array([42.0, 84.0, 126.0]), np.array([[3, 0, 3], [4, 1, 0]])
    >>> best = best_response(days, codes, levels=(4, 3), objective=3, interval=28.0)
    >>> best.confirmed.tolist(), best.unconfirmed.tolist(), best.confirmed_day.tolist()
    ([3, 2], [3, 4], [42.0, nan])
    """
    patients = len(response)
    late = (response >= stable) & (days >= minimum_stable)
    floor = np.where((response == 1).any(axis=1), 1, 0)
    floor = np.where(late.any(axis=1), stable, floor)
    confirmed, unconfirmed = floor.copy(), floor.copy()
    days_found = [np.full(patients, np.inf), np.full(patients, np.inf)]
    for level in reversed(levels):
        reached = response >= level
        for best, kept, held in (
            (confirmed, 0, _confirmed(days, response, level, interval)),
            (unconfirmed, 1, reached),
        ):
            found = held.any(axis=1)
            np.maximum(best, np.where(found, level, 0), out=best)
            if level >= objective and len(days):
                day = np.where(found, days[held.argmax(axis=1)], np.inf)
                days_found[kept] = np.minimum(days_found[kept], day)
    first, any_first = (np.where(np.isinf(day), np.nan, day) for day in days_found)
    return BestResponse(confirmed, unconfirmed, first, any_first)


def _confirmed(
    days: Float[np.ndarray, " visit"],
    response: Int[np.ndarray, "patient visit"],
    level: int,
    interval: float,
) -> Bool[np.ndarray, "patient visit"]:
    """Mark the visits whose response of at least this level a later visit confirms."""
    reached = response >= level
    answer = np.zeros_like(reached)
    for visit in range(len(days)):
        held = reached[:, visit].copy()
        for later in range(visit + 1, len(days)):
            if days[later] - days[visit] >= interval:
                answer[:, visit] |= held & reached[:, later]
            held &= reached[:, later] | (response[:, later] == 0)
    return answer
