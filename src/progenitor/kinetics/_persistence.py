"""How long cells can be quantified: presence on a day, and time below the limit."""

import numpy as np
from jaxtyping import Float

from progenitor.kinetics._profiles import Profiles
from progenitor.kinetics._samples import level_on, row_sums

__all__ = ["present_on", "time_below_limit"]


def present_on(profiles: Profiles, day: float) -> Float[np.ndarray, " patient"]:
    """Whether cells are quantifiable on a day: 1, 0, or NaN where that is not known.

    The level on that day, linear between the samples around it with samples below the limit as 0,
    is at or above the limit. Where the limit is no number, the samples on both sides must agree.

    Parameters
    ----------
    profiles
        The samples.
    day
        Days after the infusion.

    Examples
    --------
    >>> days, level = np.array([0.0, 28.0]), np.array([[9.0, 1.0], [9.0, 0.5], [9.0, np.nan]])
    >>> present_on(Profiles.of(days, level, lower_limit=1.0), 28.0).tolist()
    [1.0, 0.0, nan]
    """
    time, below = profiles.time, profiles.below
    height = level_on(time, np.where(below, 0.0, profiles.level), day)
    limit = level_on(time, profiles.limit, day)
    sure = level_on(time, np.where(profiles.taken, np.where(below, 0.0, 1.0), np.nan), day)
    by_side = np.where((sure == 0.0) | (sure == 1.0), sure, np.nan)
    by_limit = np.where(height >= limit, 1.0, 0.0)
    answer = np.where(np.isnan(limit), by_side, by_limit)
    return np.where(np.isnan(height), np.nan, answer)


def time_below_limit(profiles: Profiles) -> Float[np.ndarray, " patient"]:
    """Days between the first and the last sample on which the level was below the limit.

    Each sample speaks for the time up to halfway to its neighbours; NaN for fewer than two samples.

    Parameters
    ----------
    profiles
        The samples.

    Examples
    --------
    >>> days, level = np.array([0.0, 10.0, 20.0, 40.0]), np.array([[0.5, 9.0, 9.0, 0.5]])
    >>> time_below_limit(Profiles.of(days, level, lower_limit=1.0)).tolist()
    [15.0]
    """
    gap = np.nan_to_num(np.diff(profiles.time, axis=1))
    marks = profiles.below.astype(float)
    total = row_sums(gap * (marks[:, :-1] + marks[:, 1:]) / 2.0)
    return np.where(profiles.taken.sum(axis=1) > 1, total, np.nan)
