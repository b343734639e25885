"""Persistence of CAR-positive cells at a day."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError
from progenitor.kinetics import level_on
from progenitor.trial._levels import check_limit, observed_levels

__all__ = ["Persistence"]


@final
@dataclass(frozen=True, slots=True)
class Persistence:
    """Whether CAR-positive cells are quantifiable at a given day after infusion.

    A patient persists if the level on that day, linear between the samples around it with levels
    below the limit as 0, is at or above the limit. It is NaN, not 0, for a patient who was not
    sampled up to that day: lost, dead or failed patients are neither persistent nor not, and how
    they count is for the analysis set to say.

    Parameters
    ----------
    day
        Days after infusion.
    lower_limit_of_quantification
        In the unit of the level.

    Raises
    ------
    DesignError
        If the day is negative or the limit is not above 0.

    References
    ----------
    FDA 2020, Long Term Follow-Up After Administration of Human Gene Therapy Products (guidance):
    persistence of vector sequences by an assay of stated sensitivity.

    Examples
    --------
    >>> persistence = Persistence(day=365.0, lower_limit_of_quantification=0.1)
    >>> days, level = np.array([0.0, 365.0]), np.array([[9.0, 0.1], [9.0, 0.05], [9.0, np.nan]])
    >>> persistence.evaluate(days, level).tolist()
    [1.0, 0.0, nan]
    """

    day: float
    lower_limit_of_quantification: float

    def __post_init__(self) -> None:
        check_limit(self.lower_limit_of_quantification)
        if not 0.0 <= self.day < float("inf"):
            raise DesignError(f"persistence at day {self.day:g}. Fix: give a day from 0 on")

    def evaluate(
        self, days: Float[np.ndarray, " time"], level: Float[np.ndarray, "patient time"]
    ) -> Float[np.ndarray, " patient"]:
        """Return 1, 0 or NaN for each patient.

        Parameters
        ----------
        days
            Days since infusion, increasing (time,).
        level
            Level at each sample, NaN where none was taken (patient, time).

        Raises
        ------
        DesignError
            If days do not increase or a level is infinite.
        """
        at, seen = observed_levels(days, level, self.lower_limit_of_quantification)
        there = level_on(at, seen, self.day)
        present = there >= self.lower_limit_of_quantification
        return np.where(np.isnan(there), np.nan, present.astype(float))
