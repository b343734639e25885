"""Codes of response and what an assessment of all visits found."""

from dataclasses import dataclass
from enum import IntEnum
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import DesignError

__all__ = ["Response", "ResponseAssessment", "check_visits"]


@final
class Response(IntEnum):
    """Response of a tumour at a visit; the greater the better.

    Examples
    --------
    >>> Response(3).name, Response.COMPLETE > Response.STABLE
    ('PARTIAL', True)
    """

    NOT_EVALUABLE = 0
    PROGRESSIVE = 1
    STABLE = 2
    PARTIAL = 3
    COMPLETE = 4


@final
@dataclass(frozen=True, slots=True, eq=False)
class ResponseAssessment:
    """Responses by visit and over all visits, as codes of :class:`Response`.

    Parameters
    ----------
    response
        Code at each visit; 0 at visits not assessed and after progression (patient, visit).
    best
        Best overall response (patient,).
    progression_day
        Day of the visit that found progression, NaN for none (patient,).
    best_change
        Smallest size up to progression as change from baseline in %, NaN if none (patient,).
    last_visit_day
        Day of the last assessed visit, 0 for none, NaN without a baseline (patient,).
    """

    response: Int[np.ndarray, "patient visit"]
    best: Int[np.ndarray, " patient"]
    progression_day: Float[np.ndarray, " patient"]
    best_change: Float[np.ndarray, " patient"]
    last_visit_day: Float[np.ndarray, " patient"]

    @property
    def complete(self) -> Bool[np.ndarray, " patient"]:
        """Best response CR."""
        return np.asarray(self.best == Response.COMPLETE)

    @property
    def objective(self) -> Bool[np.ndarray, " patient"]:
        """Best response CR or PR."""
        return np.asarray(self.best >= Response.PARTIAL)


def check_visits(
    visit_days: Float[np.ndarray, " visit"],
    size: Float[np.ndarray, "patient visit"],
    baseline: Float[np.ndarray, " patient"],
) -> None:
    """Refuse visits, sizes or baselines that no response can be read from.

    Raises
    ------
    DesignError
        If visits do not increase, a size is negative or a baseline is not above 0.

    Examples
    --------
    >>> check_visits(np.array([28.0, 28.0]), np.array([[1.0, -1.0]]), np.array([2.0]))
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: response cannot be assessed: visits do not increase; a size is...
    """
    problems = []
    if not np.all(np.isfinite(visit_days)) or np.any(np.diff(visit_days) <= 0.0):
        problems.append("visits do not increase")
    if np.any(size < 0.0):
        problems.append("a size is negative")
    if np.any(baseline <= 0.0):
        problems.append("a baseline is not above 0")
    if problems:
        raise DesignError(
            f"response cannot be assessed: {'; '.join(problems)}. Fix: give increasing visit days, "
            "sizes of 0 or more and a measurable baseline (NaN for patients without data)"
        )
