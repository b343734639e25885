"""Levels sampled over time: checks, gaps and interpolation shared by kinetic endpoints."""

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError

__all__ = ["check_limit", "level_on", "observed_levels", "row_sums", "without_gaps"]


def check_limit(limit: float) -> None:
    """Refuse a lower limit of quantification that cannot separate present from absent.

    Raises
    ------
    DesignError
        Unless it is above 0 and finite.

    Examples
    --------
    >>> check_limit(0.0)
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: a lower limit of quantification of 0 cannot be. Fix: give the ...
    """
    if not 0.0 < limit < float("inf"):
        raise DesignError(
            f"a lower limit of quantification of {limit:g} cannot be. Fix: give the assay's limit, "
            "above 0, in the unit of the level"
        )


def row_sums(values: Float[np.ndarray, "patient time"]) -> Float[np.ndarray, " patient"]:
    """Sum of each row, one number after the other.

    NumPy adds in an order that may depend on how many rows there are; the last bit of a patient's
    sum would then depend on the other patients.

    Examples
    --------
    >>> row_sums(np.array([[1.0, 2.0, 4.0], [0.5, 0.0, 0.25]])).tolist()
    [7.0, 0.75]
    """
    return np.cumsum(values, axis=1)[:, -1]


def observed_levels(
    days: Float[np.ndarray, " time"], level: Float[np.ndarray, "patient time"], limit: float
) -> tuple[Float[np.ndarray, " sample"], Float[np.ndarray, "patient sample"]]:
    """Keep the samples from day 0 on, with every level below the limit set to 0.

    Raises
    ------
    DesignError
        If days do not increase, or a level is infinite.

    Examples
    --------
    >>> days, level = observed_levels(np.array([-1.0, 0.0, 7.0]), np.array([[5.0, 0.1, 9.0]]), 1.0)
    >>> days.tolist(), level.tolist()
    ([0.0, 7.0], [[0.0, 9.0]])
    """
    problems = []
    if not np.all(np.isfinite(days)) or np.any(np.diff(days) <= 0.0):
        problems.append("days do not increase")
    if np.any(np.isinf(level)):
        problems.append("a level is infinite")
    if problems:
        raise DesignError(
            f"sampled levels: {'; '.join(problems)}. Fix: give increasing days and NaN for a "
            "sample that was not taken"
        )
    later = days >= 0.0
    kept = level[:, later]
    return days[later], np.where(kept < limit, 0.0, kept)


def without_gaps(
    days: Float[np.ndarray, " time"], level: Float[np.ndarray, "patient time"]
) -> Float[np.ndarray, "patient time"]:
    """Fill samples that were missed between two others by a straight line; the ends stay NaN.

    Examples
    --------
    >>> nan = float("nan")
    >>> without_gaps(np.array([0.0, 1.0, 2.0, 3.0]), np.array([[0.0, nan, 4.0, nan]])).tolist()
    [[0.0, 2.0, 4.0, nan]]
    """
    filled = level.copy()
    for patient in np.flatnonzero(np.isnan(level).any(axis=1)):
        taken = ~np.isnan(level[patient])
        if taken.any():
            filled[patient] = np.interp(
                days, days[taken], level[patient, taken], left=np.nan, right=np.nan
            )
    return filled


def level_on(
    days: Float[np.ndarray, " time"], filled: Float[np.ndarray, "patient time"], day: float
) -> Float[np.ndarray, " patient"]:
    """Level on a day on the straight line between its neighbours; NaN outside of the samples.

    Examples
    --------
    >>> level_on(np.array([0.0, 10.0]), np.array([[0.0, 5.0]]), 4.0).tolist()
    [2.0]
    """
    if not days.size or not days[0] <= day <= days[-1]:
        return np.full(filled.shape[0], np.nan)
    after = int(np.searchsorted(days, day, side="left"))
    if days[after] == day:
        return filled[:, after]
    share = (day - days[after - 1]) / (days[after] - days[after - 1])
    return np.asarray((1.0 - share) * filled[:, after - 1] + share * filled[:, after])
