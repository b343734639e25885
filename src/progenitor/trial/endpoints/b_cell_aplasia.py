"""B-cell aplasia: when it began, how long it lasted, whether B cells came back."""

from dataclasses import dataclass, field
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Float

from progenitor.trial._criteria import address
from progenitor.trial._thresholds import check_days, refuse

__all__ = ["AplasiaDays", "BCellAplasia"]


class AplasiaDays(NamedTuple):
    """Aplasia of each patient, NaN where there was none.

    ``recovered`` is 1 where B cells came back and 0 where the last sample still was of aplasia, so
    that ``duration`` is a lower bound; ``not_before`` is the last day of aplasia known: recovery
    lies between it and ``recovery_day``.
    """

    onset_day: Float[np.ndarray, " patient"]
    not_before: Float[np.ndarray, " patient"]
    recovery_day: Float[np.ndarray, " patient"]
    duration: Float[np.ndarray, " patient"]
    recovered: Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BCellAplasia:
    """Days from the first sample without B cells to the first of lasting recovery.

    Aplasia begins with the first sample below the limit after infusion; it ends with the first of
    ``in_a_row`` successive samples at or above it. A rise that the next sample does not bear out
    is none, and one at the end of follow-up that no further sample could bear out is none either.

    Parameters
    ----------
    recovery_level
        B cells from which there is no aplasia.
    in_a_row
        Samples that must agree on recovery.

    Raises
    ------
    DesignError
        If the level is not above 0 or no sample is asked for.

    References
    ----------
    Maude et al. 2018, New England Journal of Medicine 378:439, doi:10.1056/NEJMoa1709866
    (B-cell aplasia as the pharmacodynamic measure of persistence).

    Examples
    --------
    >>> aplasia = BCellAplasia(recovery_level=10.0)
    >>> days = np.array([14.0, 28.0, 90.0, 180.0, 365.0])
    >>> found = aplasia.evaluate(days, np.array([[50.0, 0.0, 0.0, 20.0, 90.0]]))
    >>> [float(value[0]) for value in found]
    [28.0, 90.0, 180.0, 152.0, 1.0]
    """

    recovery_level: float = field(metadata=address("endpoint/b_cell_recovery_level"))
    in_a_row: int = 2

    def __post_init__(self) -> None:
        checks = [
            (not 0.0 < self.recovery_level < np.inf, f"recovery level {self.recovery_level:g}"),
            (self.in_a_row < 1, f"{self.in_a_row} samples in a row"),
        ]
        refuse("B-cell aplasia", checks, "give a level above 0 and at least 1 sample")

    def evaluate(
        self, days: Float[np.ndarray, " time"], b_cells: Float[np.ndarray, "patient time"]
    ) -> AplasiaDays:
        """Return the aplasia of each patient.

        Parameters
        ----------
        days
            Days since infusion, increasing; samples up to day 0 are ignored (time,).
        b_cells
            Level at each sample, NaN where none was taken (patient, time).

        Raises
        ------
        DesignError
            If days do not increase or a level is negative.
        """
        checks = [check_days(days), (np.any(b_cells < 0.0), "a level is below 0")]
        refuse("B-cell aplasia", checks, "give increasing days and levels from 0 on")
        patients = len(b_cells)
        onset, absent, back, first = np.full((4, patients), np.nan)
        agreeing = np.zeros(patients, dtype=np.int64)
        for sample in np.flatnonzero(days > 0.0):
            level, day = b_cells[:, sample], days[sample]
            open_ = ~np.isnan(level) & np.isnan(back)
            low = open_ & (level < self.recovery_level)
            high = open_ & ~low & ~np.isnan(onset)
            onset = np.where(low & np.isnan(onset), day, onset)
            absent = np.where(low, day, absent)
            first = np.where(high & (agreeing == 0), day, first)
            agreeing = np.where(low, 0, agreeing + high)
            back = np.where(high & (agreeing >= self.in_a_row), first, back)
        aplastic = ~np.isnan(onset)
        recovered = np.where(aplastic, (~np.isnan(back)).astype(float), np.nan)
        end = np.where(np.isnan(back), absent, back)
        return AplasiaDays(onset, absent, back, end - onset, recovered)
