"""Haematotoxicity of immune effector cells (ICAHT): depth and days of neutropenia."""

from dataclasses import dataclass, field
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Float

from progenitor.kinetics import row_sums
from progenitor.trial._criteria import address
from progenitor.trial._thresholds import check_days, refuse

__all__ = ["Haematotoxicity", "HaematotoxicityGrades"]


class HaematotoxicityGrades(NamedTuple):
    """Early and late grade (0 to 4, NaN where not followed), and days of early neutropenia."""

    early: Float[np.ndarray, " patient"]
    late: Float[np.ndarray, " patient"]
    severe_days: Float[np.ndarray, " patient"]
    profound_days: Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Haematotoxicity:
    """Early grade by cumulative days of neutropenia, late grade by its depth.

    ========================== ===== ===== ===== ==================
    Neutrophils per µL         1     2     3     4
    ========================== ===== ===== ===== ==================
    early: days at 500 or less <7    7–13  14 on never above 500
    early: days at 100 or less             7–13  14 on
    late: at or below          1,500 1,000 500   100
    ========================== ===== ===== ===== ==================

    Each sample speaks until the next (the last for one day), within days 0 to ``early_end``. Late
    is a depth that two samples after that day reached, so that a single low count is none. Grade 4
    for never having recovered needs follow-up to the end of the early phase with no sample above
    500 from the first on. Recovery for less than three days is recovery here; published gradings
    count such days as neutropenic. A patient without a sample in a phase has no grade of it.

    Parameters
    ----------
    severe, profound, late_1, late_2
        Counts, cells/µL.
    shorter, longer, early_end
        Days.

    Raises
    ------
    DesignError
        If the counts do not fall or the days do not rise.

    References
    ----------
    Rejeski et al. 2023, Blood 142:865–877, doi:10.1182/blood.2023020578, Table 1.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.trial import published_endpoint
    >>> icaht = published_endpoint(Haematotoxicity, default_catalogue())
    >>> days = np.array([0.0, 5.0, 14.0, 30.0, 45.0, 60.0])
    >>> found = icaht.evaluate(days, np.array([[3000.0, 400.0, 800.0, 2000.0, 900.0, 1400.0]]))
    >>> float(found.early[0]), float(found.late[0]), float(found.severe_days[0])
    (2.0, 1.0, 9.0)
    """

    severe: float = field(metadata=address("endpoint/icaht_severe"))
    profound: float = field(metadata=address("endpoint/icaht_profound"))
    late_1: float = field(metadata=address("endpoint/icaht_late_1"))
    late_2: float = field(metadata=address("endpoint/icaht_late_2"))
    shorter: float = field(metadata=address("endpoint/icaht_shorter"))
    longer: float = field(metadata=address("endpoint/icaht_longer"))
    early_end: float = field(metadata=address("endpoint/icaht_early_end"))

    def __post_init__(self) -> None:
        counts = (self.late_1, self.late_2, self.severe, self.profound)
        days = (0.0, self.shorter, self.longer, self.early_end)
        checks = [
            (np.any(np.diff(counts) >= 0.0) or self.profound <= 0.0, f"counts {counts}"),
            (np.any(np.diff(days) <= 0.0), f"days {days[1:]}"),
        ]
        refuse("haematotoxicity", checks, "give counts that fall and days that rise")

    def evaluate(
        self, days: Float[np.ndarray, " time"], neutrophils: Float[np.ndarray, "patient time"]
    ) -> HaematotoxicityGrades:
        """Grade every patient.

        Parameters
        ----------
        days
            Days since infusion, increasing; samples before day 0 are ignored (time,).
        neutrophils
            Counts per µL; NaN where not taken, and after relapse, death or a new therapy.

        Raises
        ------
        DesignError
            If days do not increase or a count is negative.
        """
        checks = [check_days(days), (np.any(neutrophils < 0.0), "a count is below 0")]
        refuse("haematotoxicity", checks, "give increasing days and counts from 0 on")
        early = (days >= 0.0) & (days <= self.early_end)
        counts = np.where(early, neutrophils, np.nan)
        lasts = _days_spoken_for(days, counts, self.early_end)
        severe = row_sums(np.where(counts <= self.severe, lasts, 0.0))
        profound = row_sums(np.where(counts <= self.profound, lasts, 0.0))
        any_day, longer, shorter = severe > 0.0, self.longer, self.shorter
        never = any_day & ~np.any(counts > self.severe, axis=1)
        never &= row_sums(lasts) >= longer
        never &= np.any(~np.isnan(neutrophils) & (days >= self.early_end), axis=1)
        worst = (never | (profound >= longer), (severe >= longer) | (profound >= shorter))
        grade = np.select((*worst, severe >= shorter, any_day), (4.0, 3.0, 2.0, 1.0), 0.0)
        known = ~np.isnan(counts).all(axis=1)
        after = np.where(days > self.early_end, neutrophils, np.nan)
        depths = (self.late_1, self.late_2, self.severe, self.profound)
        late = np.sum([(after <= depth).sum(axis=1) >= 2 for depth in depths], axis=0, dtype=float)
        late = np.where(np.isnan(after).all(axis=1), np.nan, late)
        missing = np.where(known, 0.0, np.nan)
        return HaematotoxicityGrades(grade + missing, late, severe + missing, profound + missing)


def _days_spoken_for(
    days: Float[np.ndarray, " time"], counts: Float[np.ndarray, "patient time"], end: float
) -> Float[np.ndarray, "patient time"]:
    """Days from each sample to the next one taken, one for the last; 0 where none was taken."""
    answer, until = np.zeros(counts.shape), np.full(len(counts), np.nan)
    for sample in range(len(days) - 1, -1, -1):
        taken = ~np.isnan(counts[:, sample])
        ends = np.minimum(np.where(np.isnan(until), days[sample] + 1.0, until), end + 1.0)
        answer[:, sample] = np.where(taken, ends - days[sample], 0.0)
        until = np.where(taken, days[sample], until)
    return answer
