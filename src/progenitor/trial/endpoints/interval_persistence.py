"""Persistence at 12 or 24 months when loss is only known to lie between two samples."""

from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Float

from progenitor.trial._interval_incidence import IntervalIncidence, interval_incidence
from progenitor.trial._levels import check_limit, observed_levels
from progenitor.trial._thresholds import refuse

__all__ = ["IntervalPersistence", "LossInterval"]


class LossInterval(NamedTuple):
    """Between which days the cells were lost, and what ended the observation.

    ``cause`` is 1 for a loss in (lower, upper], 2 for a competing event on day ``upper`` with cells
    at the last sample before it, 0 for neither by ``lower`` (``upper`` NaN); NaN without samples.
    """

    lower: Float[np.ndarray, " patient"]
    upper: Float[np.ndarray, " patient"]
    cause: Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True)
class IntervalPersistence:
    """When CAR-positive cells were lost, between samples, with competing events.

    Cells are lost after the last quantifiable sample and by the next, a dip before it is none. A
    patient who was never quantifiable lost them by the first sample. Samples after a competing
    event (death, relapse, new therapy, transplantation) do not count: cells no longer persist or
    vanish by themselves. A patient with cells at the last sample before the event is taken to have
    had them until then, so long gaps before events flatter persistence.

    Parameters
    ----------
    lower_limit_of_quantification
        In the unit of the level.

    Raises
    ------
    DesignError
        If the limit is not above 0.

    References
    ----------
    Hudgens, Satten, Longini 2001, Biometrics 57:74, doi:10.1111/j.0006-341X.2001.00074.x
    (competing risks with interval censoring).

    Examples
    --------
    >>> persistence = IntervalPersistence(lower_limit_of_quantification=1.0)
    >>> days, nan = np.array([28.0, 180.0, 365.0, 730.0]), float("nan")
    >>> level = np.array([[9.0, 4.0, 0.2, nan], [9.0, 5.0, 3.0, 2.0], [9.0, 3.0, nan, nan]])
    >>> found = persistence.evaluate(days, level, np.array([nan, nan, 300.0]))
    >>> found.lower.tolist(), found.upper.tolist(), found.cause.tolist()
    ([180.0, 730.0, 180.0], [365.0, nan, 300.0], [1.0, 0.0, 2.0])
    >>> round(persistence.at(found, 365.0).present_least, 6)
    0.333333
    """

    lower_limit_of_quantification: float

    def __post_init__(self) -> None:
        check_limit(self.lower_limit_of_quantification)

    def evaluate(
        self,
        days: Float[np.ndarray, " time"],
        level: Float[np.ndarray, "patient time"],
        competing_day: Float[np.ndarray, " patient"] | None = None,
    ) -> LossInterval:
        """Return the interval of each patient.

        Parameters
        ----------
        days
            Days since infusion, increasing (time,).
        level
            Level at each sample, NaN where none was taken (patient, time).
        competing_day
            First competing event, NaN for none (patient,).

        Raises
        ------
        DesignError
            If days do not increase, a level is infinite or an event lies before infusion.
        """
        ended = np.full(len(level), np.nan) if competing_day is None else competing_day
        early = (np.any(ended < 0.0), "a competing event before infusion")
        refuse("persistence", [early], "count days from infusion")
        before = ~(days > ended[:, None])
        at, seen = observed_levels(
            days, np.where(before, level, np.nan), self.lower_limit_of_quantification
        )
        taken, there = ~np.isnan(seen), seen > 0.0
        count, rows = taken.sum(axis=1), np.arange(len(seen))
        ever = there.any(axis=1)
        last = np.where(ever, there.shape[1] - 1 - there[:, ::-1].argmax(axis=1), -1)
        padded = np.concatenate([at, np.full((len(at), 1), np.nan)], axis=1)
        following = np.minimum(last + 1, padded.shape[1] - 1)
        lost = (last + 1 < count) & (count > 0)
        lower = np.where(ever, padded[rows, np.maximum(last, 0)], 0.0)
        upper = np.where(lost, padded[rows, following], ended)
        cause = np.where(lost, 1.0, np.where(np.isnan(ended), 0.0, 2.0))
        known = (count > 0) | ~np.isnan(ended)
        lost_at_once = lost & (upper <= lower)  # below the limit on day 0 and never seen again
        lower = np.where(known & ~lost_at_once, lower, np.nan)
        return LossInterval(lower, np.where(np.isnan(lower), np.nan, upper),
                            np.where(np.isnan(lower), np.nan, cause))  # fmt: skip

    def at(self, found: LossInterval, day: float) -> IntervalIncidence:
        """Share of patients with cells on a day, lost, and ended by a competing event.

        Parameters
        ----------
        found
            What :meth:`evaluate` returned.
        day
            Days since infusion, such as 365 or 730.
        """
        return interval_incidence(found.lower, found.upper, found.cause, at=day)
