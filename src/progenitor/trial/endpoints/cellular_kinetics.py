"""Non-compartmental kinetics of CAR-positive cells or transgene copies in blood."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial._levels import (
    check_limit,
    level_on,
    observed_levels,
    row_sums,
    without_gaps,
)

__all__ = ["CellularKinetics"]


@final
@dataclass(frozen=True, slots=True)
class CellularKinetics:
    r"""Cmax, Tmax, AUC, Clast, Tlast, levels on given days and the doubling time.

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
        at, seen = (at, seen) if at.size else (np.zeros(1), np.full((level.shape[0], 1), np.nan))
        found = seen > 0.0
        any_found = found.any(axis=1)
        rows, peak = np.arange(seen.shape[0]), np.argmax(np.where(found, seen, 0.0), axis=1)
        last = found.shape[1] - 1 - np.argmax(found[:, ::-1], axis=1)
        taken = ~np.isnan(seen)
        end = taken.shape[1] - 1 - np.argmax(taken[:, ::-1], axis=1)
        sampled = taken.any(axis=1)
        filled = without_gaps(at, seen)
        answer = {
            "cmax": np.where(sampled, np.where(any_found, seen[rows, peak], 0.0), np.nan),
            "tmax": np.where(any_found, at[peak], np.nan),
            f"auc_0_{self.auc_end:g}": _area(at, filled, self.auc_end),
            "clast": np.where(any_found, seen[rows, last], np.nan),
            "tlast": np.where(any_found, at[last], np.nan),
            "quantifiable_at_end": np.where(sampled, found[rows, end], np.nan),
            "doubling_time": _doubling_time(at, seen, found, peak),
        }
        return answer | {f"level_{day:g}": level_on(at, filled, day) for day in self.level_days}

    def level_at(
        self, days: Float[np.ndarray, " time"], level: Float[np.ndarray, "patient time"], day: float
    ) -> Float[np.ndarray, " patient"]:
        """Level on any day, linear between samples, 0 below the limit, NaN outside of them."""
        at, seen = observed_levels(days, level, self.lower_limit_of_quantification)
        return level_on(at, without_gaps(at, seen), day)


def _area(
    days: Float[np.ndarray, " time"], filled: Float[np.ndarray, "patient time"], end: float
) -> Float[np.ndarray, " patient"]:
    """Trapezoidal area from day 0 to ``end``; NaN where the samples do not span it."""
    inner = (days > 0.0) & (days < end)
    edges = [level_on(days, filled, 0.0)[:, None], level_on(days, filled, end)[:, None]]
    heights = np.concatenate([edges[0], filled[:, inner], edges[1]], axis=1)
    widths = np.diff(np.concatenate([[0.0], days[inner], [end]]))
    return row_sums(widths * (heights[:, :-1] + heights[:, 1:]) / 2.0)


def _doubling_time(
    days: Float[np.ndarray, " time"],
    level: Float[np.ndarray, "patient time"],
    found: Bool[np.ndarray, "patient time"],
    peak: Int[np.ndarray, " patient"],
) -> Float[np.ndarray, " patient"]:
    """Divide ln 2 by the log-linear slope from the last lowest quantifiable sample to the peak."""
    index = np.arange(days.size)
    before = found & (index <= peak[:, None])
    lowest = np.where(before, level, np.inf)
    start = days.size - 1 - np.argmin(lowest[:, ::-1], axis=1)
    used = before & (index >= start[:, None])
    count = np.maximum(used.sum(axis=1), 1)
    logs = np.log(np.where(used, level, 1.0))
    day = np.where(used, days, 0.0)
    middle = row_sums(day) / count
    spread = np.where(used, days - middle[:, None], 0.0)
    rise, run = row_sums(spread * logs), row_sums(spread**2)
    grows = (rise > 0.0) & (run > 0.0)
    return np.where(grows, np.log(2.0) * run / np.where(grows, rise, 1.0), np.nan)
