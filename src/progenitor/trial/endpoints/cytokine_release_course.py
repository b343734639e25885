"""Cytokine release syndrome day by day, with fever waived after treatment that masks it."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.trial._grade_course import GradeCourse, first_day, grade_course
from progenitor.trial._thresholds import check_days, refuse

__all__ = ["CytokineReleaseCourse"]


@final
@dataclass(frozen=True, slots=True)
class CytokineReleaseCourse:
    """Grade of each day by the ASTCT consensus, from fever and what was done on that day.

    The syndrome begins with a fever. On a later day low pressure and oxygen need count if there is
    fever on that day, or if an antipyretic, tocilizumab or a steroid was given by then: fever is no
    longer asked for, and pressure and oxygen alone drive the grade. Without fever and without such
    treatment low pressure has another cause. The grade is the worse of

    ===== ============================== ==================================
    Grade pressure                       oxygen
    ===== ============================== ==================================
    1     fever only                     fever only
    2     fluids, no vasopressor         low flow (6 L/min or less)
    3     one vasopressor                high flow, mask
    4     several vasopressors           positive pressure
    5     death from the syndrome
    ===== ============================== ==================================

    Parameters
    ----------
    onset_window
        Last day after infusion on which a first fever is attributed to it.

    Raises
    ------
    DesignError
        If the window is not above 0.

    References
    ----------
    Lee et al. 2019, Biology of Blood and Marrow Transplantation 25:625–638,
    doi:10.1016/j.bbmt.2018.12.758, Table 2 and its footnotes.

    Examples
    --------
    >>> course, days = CytokineReleaseCourse(), np.arange(1.0, 6.0)
    >>> fever = np.array([[True, True, False, False, False]] * 2)
    >>> pressure, oxygen = np.array([[0.0, 0.0, 3.0, 0.0, 0.0]] * 2), np.zeros((2, 5))
    >>> treated = np.array([2.0, np.nan])
    >>> found = course.evaluate(days, fever=fever, pressure=pressure, oxygen=oxygen,
    ...                         treated_day=treated)
    >>> found.grade.tolist(), found.resolved_day.tolist()
    ([[1.0, 1.0, 3.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0, 0.0]], [4.0, 3.0])
    """

    onset_window: float = float("inf")

    def __post_init__(self) -> None:
        wrong = (not self.onset_window > 0.0, f"onset window of {self.onset_window:g} days")
        refuse("cytokine release", [wrong], "give days above 0")

    def evaluate(
        self,
        days: Float[np.ndarray, " day"],
        *,
        fever: Bool[np.ndarray, "patient day"],
        pressure: Float[np.ndarray, "patient day"],
        oxygen: Float[np.ndarray, "patient day"],
        treated_day: Float[np.ndarray, " patient"] | None = None,
        death_day: Float[np.ndarray, " patient"] | None = None,
    ) -> GradeCourse:
        """Grade every patient on every day.

        Parameters
        ----------
        days
            Days since infusion, increasing (day,).
        fever
            38 °C or more, not attributable to another cause.
        pressure, oxygen
            0 for none, else 2, 3 or 4 of the table by what was needed; NaN where not known, which
            leaves the grade of the day to the other and makes it NaN where both are missing.
        treated_day
            First antipyretic, tocilizumab or steroid, NaN for never (patient,).
        death_day
            Death *from the syndrome*, NaN for none (patient,).

        Raises
        ------
        DesignError
            If days do not increase or a code is not 0, 2, 3 or 4.
        """
        codes = np.concatenate([pressure.ravel(), oxygen.ravel()])
        codes = codes[~np.isnan(codes)]
        unknown = (not np.isin(codes, (0.0, 2.0, 3.0, 4.0)).all(), "a code is not 0, 2, 3 or 4")
        refuse("cytokine release", [check_days(days), unknown], "give days, codes and NaN")
        never = np.full(len(fever), np.nan)
        treated = never if treated_day is None else treated_day
        death = never if death_day is None else death_day
        eligible = fever & (days >= 0.0)
        onset = first_day(days, eligible)
        onset = np.where(onset <= self.onset_window, onset, np.nan)
        begun = days >= onset[:, None]
        masked = begun & (days >= treated[:, None])
        support = np.fmax(pressure, oxygen)
        grade = np.where(fever, np.fmax(support, 1.0), support)
        grade = np.where(begun & (fever | masked), grade, 0.0)
        died = begun & (days >= death[:, None])
        return grade_course(days, np.where(died, 5.0, grade))
