"""Cytopenia by grade, and whether it lasts beyond the first month."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, final

import numpy as np
from jaxtyping import Float

from progenitor.trial._criteria import address
from progenitor.trial._grade_course import first_day
from progenitor.trial._thresholds import check_days, refuse

__all__ = ["Cytopenia", "CytopeniaGrades", "CytopeniaLine"]

CytopeniaLine = Literal["neutrophils", "platelets", "lymphocytes", "haemoglobin"]
"""Neutrophils, platelets and lymphocytes in cells/µL; haemoglobin in g/dL."""


class CytopeniaGrades(NamedTuple):
    """Grade of each sample, and what is left of severe cytopenia after the day.

    ``peak`` is the highest grade at all, ``peak_after`` the highest of samples after the day,
    ``prolonged`` 1 where the last sample up to the day was severe (NaN where none tells),
    ``recovery_day`` the first sample after the last severe one. NaN where there is none.
    """

    grade: Float[np.ndarray, "patient time"]
    peak: Float[np.ndarray, " patient"]
    peak_after: Float[np.ndarray, " patient"]
    prolonged: Float[np.ndarray, " patient"]
    recovery_day: Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cytopenia:
    """Grades 2, 3 and 4 of one line by CTCAE v5, and severe cytopenia beyond a day.

    A sample is of grade g if it is below the limit of g; at the limit it is of the grade before.
    Grade 1 is between the laboratory's lower limit of normal and the limit of grade 2, and only
    told if that is given. Anaemia has no limit for grade 4 (life-threatening consequences).
    **Prolonged** is severe (grade 3 or more) cytopenia that has not resolved by the day: the last
    sample from ``look_back`` days before it up to it is severe.

    Parameters
    ----------
    line
        Which count.
    neutrophils, platelets, lymphocytes, haemoglobin
        Limits of grades 2, 3 and 4 (2 and 3 for haemoglobin).
    lower_limit_of_normal
        Of the laboratory, for the line.
    day
        Day by which severe cytopenia should have resolved.
    look_back
        Days before it in which a sample still tells.

    Raises
    ------
    DesignError
        If limits do not fall or the days are not positive.

    References
    ----------
    National Cancer Institute 2017, Common Terminology Criteria for Adverse Events 5.0. Day 28:
    Fried et al. 2019, doi:10.1038/s41409-019-0487-3.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.trial import published_endpoint
    >>> cytopenia = published_endpoint(Cytopenia, default_catalogue(), line="platelets")
    >>> found = cytopenia.evaluate(np.array([14.0, 28.0, 60.0]), np.array([[2e4, 4e4, 8e4]]))
    >>> found.grade.tolist(), found.prolonged.tolist(), found.recovery_day.tolist()
    ([[4.0, 3.0, 0.0]], [1.0], [60.0])
    """

    line: CytopeniaLine
    neutrophils: tuple[float, ...] = field(
        metadata=address(*(f"endpoint/ctcae_neutrophils_{grade}" for grade in (2, 3, 4)))
    )
    platelets: tuple[float, ...] = field(
        metadata=address(*(f"endpoint/ctcae_platelets_{grade}" for grade in (2, 3, 4)))
    )
    lymphocytes: tuple[float, ...] = field(
        metadata=address(*(f"endpoint/ctcae_lymphocytes_{grade}" for grade in (2, 3, 4)))
    )
    haemoglobin: tuple[float, ...] = field(
        metadata=address(*(f"endpoint/ctcae_haemoglobin_{grade}" for grade in (2, 3)))
    )
    lower_limit_of_normal: float | None = None
    day: float = 28.0
    look_back: float = 7.0

    def __post_init__(self) -> None:
        limits, normal = getattr(self, self.line), self.lower_limit_of_normal
        checks = [
            (np.any(np.diff(limits) >= 0.0) or min(limits) <= 0.0, f"limits {limits}"),
            (normal is not None and normal < max(limits), f"a normal limit of {normal}"),
            (not self.day > 0.0 or not self.look_back >= 0.0, f"day {self.day:g}"),
        ]
        refuse(f"grades of {self.line}", checks, "give limits that fall, normal above, days")

    def evaluate(
        self, days: Float[np.ndarray, " time"], level: Float[np.ndarray, "patient time"]
    ) -> CytopeniaGrades:
        """Grade every sample of every patient.

        Parameters
        ----------
        days
            Days since infusion, increasing (time,).
        level
            Counts, NaN where no sample was taken (patient, time).

        Raises
        ------
        DesignError
            If days do not increase or a count is negative.
        """
        checks = [check_days(days), (np.any(level < 0.0), "a count is below 0")]
        refuse(f"grades of {self.line}", checks, "give increasing days and counts from 0 on")
        below = np.sum([level < limit for limit in getattr(self, self.line)], axis=0, dtype=float)
        grade = np.where(below > 0.0, below + 1.0, 0.0)
        if self.lower_limit_of_normal is not None:
            grade = np.where((below == 0.0) & (level < self.lower_limit_of_normal), 1.0, grade)
        grade = np.where(np.isnan(level), np.nan, grade)
        tells = (days <= self.day) & (days >= self.day - self.look_back) & ~np.isnan(grade)
        last = np.where(tells, np.arange(len(days)), -1).max(axis=1, initial=-1)
        rows = np.arange(len(grade))
        there = np.concatenate([grade, np.full((len(grade), 1), np.nan)], axis=1)[rows, last]
        prolonged = np.where(np.isnan(there), np.nan, (there >= 3.0).astype(float))
        severe = grade >= 3.0
        final = np.where(severe, np.arange(len(days)), -1).max(axis=1, initial=-1)
        after = (np.arange(len(days)) > final[:, None]) & (grade < 3.0) & (final >= 0)[:, None]
        return CytopeniaGrades(grade, _highest(grade), _highest(grade[:, days > self.day]),
                               prolonged, first_day(days, after))  # fmt: skip


def _highest(grade: Float[np.ndarray, "patient time"]) -> Float[np.ndarray, " patient"]:
    """Highest known grade, NaN where none is known."""
    highest = np.where(np.isnan(grade), -1.0, grade).max(axis=1, initial=-1.0)
    return np.where(highest < 0.0, np.nan, highest)
