"""Levels sampled on the same days in all patients: what kinetic endpoints ask of them."""

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError
from progenitor.kinetics import packed

__all__ = ["check_limit", "observed_levels"]


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


def observed_levels(
    days: Float[np.ndarray, " time"], level: Float[np.ndarray, "patient time"], limit: float
) -> tuple[Float[np.ndarray, "patient sample"], Float[np.ndarray, "patient sample"]]:
    """Keep the samples from day 0 on, with every level below the limit set to 0.

    Returns
    -------
    tuple of arrays
        Days and levels of the samples that were taken, at the left of each row; NaN follows them.

    Raises
    ------
    DesignError
        If days do not increase, or a level is infinite.

    Examples
    --------
    >>> days, level = observed_levels(np.array([-1.0, 0.0, 7.0]), np.array([[5.0, 0.1, 9.0]]), 1.0)
    >>> days.tolist(), level.tolist()
    ([[0.0, 7.0]], [[0.0, 9.0]])
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
    seen = np.where(kept < limit, 0.0, kept)
    at, found = packed(~np.isnan(seen), np.broadcast_to(days[later], seen.shape), seen)
    return at, found
