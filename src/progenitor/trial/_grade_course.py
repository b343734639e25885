"""A grade over time, and what is told about it: the highest, when it came and when it went."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

__all__ = ["GradeCourse", "first_day", "grade_course"]


class GradeCourse(NamedTuple):
    """Grades of one toxicity over time.

    ``grade`` (patient, time) is NaN where it could not be told; ``peak`` is the highest, NaN where
    none could; ``onset_day`` is the first day of grade 1 or more, ``peak_day`` the first of the
    highest, ``resolved_day`` the first day of grade 0 after the last of grade 1 or more, NaN where
    it never came or had not gone.
    """

    grade: Float[np.ndarray, "patient time"]
    peak: Float[np.ndarray, " patient"]
    onset_day: Float[np.ndarray, " patient"]
    peak_day: Float[np.ndarray, " patient"]
    resolved_day: Float[np.ndarray, " patient"]


def grade_course(
    days: Float[np.ndarray, " time"], grade: Float[np.ndarray, "patient time"]
) -> GradeCourse:
    """Summarise grades at increasing days.

    Parameters
    ----------
    days
        Days of assessment (time,).
    grade
        0 to 5, NaN where not assessed (patient, time).

    Examples
    --------
    >>> course = grade_course(np.array([1.0, 2.0, 4.0]), np.array([[1.0, 3.0, 0.0]]))
    >>> [float(value[0]) for value in course[1:]]
    [3.0, 1.0, 2.0, 4.0]
    """
    known = ~np.isnan(grade)
    height = np.where(known, grade, -1.0)
    highest = height.max(axis=1, initial=-1.0)
    ill = height >= 1.0
    ever = np.asarray(ill.any(axis=1))
    onset = first_day(days, ill)
    peak_day = np.where(highest >= 1.0, first_day(days, height == highest[:, None]), np.nan)
    last = np.where(ever, ill.shape[1] - 1 - np.argmax(ill[:, ::-1], axis=1), 0)
    after = known & ~ill & (np.arange(len(days)) > last[:, None]) & ever[:, None]
    peak = np.where(highest < 0.0, np.nan, highest)
    return GradeCourse(grade, peak, onset, peak_day, first_day(days, after))


def first_day(
    days: Float[np.ndarray, " time"], marked: Bool[np.ndarray, "patient time"]
) -> Float[np.ndarray, " patient"]:
    """First marked day of each patient, NaN for none."""
    if not len(days):
        return np.full(len(marked), np.nan)
    return np.where(marked.any(axis=1), days[marked.argmax(axis=1)], np.nan)
