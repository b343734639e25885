"""Non-compartmental kinetics of CAR-positive cells or transgene copies in blood."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.kinetics import (
    area,
    doubling_time,
    half_life,
    landmarks,
    level_on,
    phases_of,
    rise_line,
    terminal_line,
)
from progenitor.trial._levels import check_limit, observed_levels

__all__ = ["CellularKinetics"]


@final
@dataclass(frozen=True, slots=True)
class CellularKinetics:
    r"""Cmax, Tmax, AUC, Clast, Tlast, levels on given days and the doubling time.

    The definitions are those of :mod:`progenitor.kinetics`, for levels that count as 0 below the
    limit and an area that needs a sample on day 0.

    A sample is quantifiable at or above the limit; below it the level counts as 0. NaN samples were
    not taken; a patient without any sample has NaN everywhere.

    * Cmax, Tmax: highest level and its first day; Cmax 0 and Tmax NaN if never quantifiable.
    * AUC: :math:`\int_0^{end} C\,dt` by the linear trapezoidal rule; NaN unless samples reach from
      day 0 to the end.
    * Clast, Tlast: the last quantifiable level and its day, whatever happened in between (the usual
      non-compartmental definition; a dip below the limit followed by a quantifiable level does not
      end persistence). ``quantifiable_at_end`` is 1 where the last sample still was quantifiable,
      so that Tlast is only a lower bound.
    * Doubling time: :math:`\ln 2` over the least-squares slope of :math:`\ln C` on the quantifiable
      samples from the lowest before Tmax up to Tmax; NaN for fewer than two or without growth. It
      averages the whole rise, so it exceeds the doubling time of its fastest part.

    Parameters
    ----------
    lower_limit_of_quantification
        In the unit of the level.
    auc_end
        Last day of the AUC.
    level_days
        Days whose levels are returned as ``level_<day>``.

    Raises
    ------
    DesignError
        If the limit is not above 0.

    References
    ----------
    Mueller et al. 2018, Clinical Cancer Research 24:6175, doi:10.1158/1078-0432.CCR-18-0758
    (parameters as defined for tisagenlecleucel).

    Examples
    --------
    >>> kinetics = CellularKinetics(lower_limit_of_quantification=1.0, level_days=(14.0,))
    >>> days, level = np.array([0.0, 7.0, 14.0, 28.0]), np.array([[2.0, 64.0, 8.0, 0.5]])
    >>> found = kinetics.evaluate(days, level)
    >>> [float(found[name][0]) for name in ("cmax", "tmax", "auc_0_28", "clast", "tlast")]
    [64.0, 7.0, 539.0, 8.0, 14.0]
    """

    lower_limit_of_quantification: float
    auc_end: float = 28.0
    level_days: tuple[float, ...] = (28.0, 90.0)

    def __post_init__(self) -> None:
        check_limit(self.lower_limit_of_quantification)

    def evaluate(
        self, days: Float[np.ndarray, " time"], level: Float[np.ndarray, "patient time"]
    ) -> dict[str, Float[np.ndarray, " patient"]]:
        """Return every parameter by name, each (patient,).

        Parameters
        ----------
        days
            Days since infusion, increasing; samples before day 0 are ignored (time,).
        level
            Level at each sample, NaN where none was taken (patient, time).

        Raises
        ------
        DesignError
            If days do not increase or a level is infinite.
        """
        at, seen = observed_levels(days, level, self.lower_limit_of_quantification)
        if not at.shape[1]:
            at = seen = np.full((level.shape[0], 1), np.nan)
        found, taken = seen > 0.0, ~np.isnan(seen)
        marks, rows = landmarks(seen, found), np.arange(seen.shape[0])
        sampled, end = taken.any(axis=1), np.maximum(taken.sum(axis=1) - 1, 0)
        answer = {
            "cmax": np.where(sampled, np.where(marks.any, seen[rows, marks.peak], 0.0), np.nan),
            "tmax": np.where(marks.any, at[rows, marks.peak], np.nan),
            f"auc_0_{self.auc_end:g}": area(at, seen, 0.0, self.auc_end),
            "clast": np.where(marks.any, seen[rows, marks.last], np.nan),
            "tlast": np.where(marks.any, at[rows, marks.last], np.nan),
            "quantifiable_at_end": np.where(sampled, found[rows, end], np.nan),
            "doubling_time": doubling_time(rise_line(at, seen, found, marks)),
        }
        return answer | {f"level_{day:g}": level_on(at, seen, day) for day in self.level_days}

    def half_lives(
        self, days: Float[np.ndarray, " time"], level: Float[np.ndarray, "patient time"]
    ) -> dict[str, Float[np.ndarray, " patient"]]:
        """Half-lives of the phases after the peak: contraction, persistence and terminal (day).

        Persistence is NaN where one phase describes the fall, all are NaN for fewer than three
        quantifiable samples from the peak on.
        """
        at, seen = observed_levels(days, level, self.lower_limit_of_quantification)
        found = seen > 0.0
        marks, heights = landmarks(seen, found), np.where(found, seen, np.nan)
        phases = phases_of(at, heights, marks)
        return {
            "contraction_half_life": half_life(phases.contraction),
            "persistence_half_life": half_life(phases.persistence),
            "terminal_half_life": half_life(terminal_line(at, heights, marks)),
        }

    def level_at(
        self, days: Float[np.ndarray, " time"], level: Float[np.ndarray, "patient time"], day: float
    ) -> Float[np.ndarray, " patient"]:
        """Level on any day, linear between samples, 0 below the limit, NaN outside of them."""
        at, seen = observed_levels(days, level, self.lower_limit_of_quantification)
        return level_on(at, seen, day)
