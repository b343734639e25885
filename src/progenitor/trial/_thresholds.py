"""Comparisons with limits that survive rounding, and refusals that list everything wrong."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import DesignError

__all__ = ["at_least", "at_most", "check_days", "refuse", "steps_above", "steps_from"]

_ROUNDING: Final = 1e-9
"""Relative slack: 63 mm is a fall of 30 % from 90 mm, although 0.7 × 90 is 62.99999999999999."""


def at_least(
    value: Float[np.ndarray, "*any"], limit: Float[np.ndarray, "*any"] | float
) -> Bool[np.ndarray, "*any"]:
    """Whether values reach a limit, with slack for rounding; NaN does not.

    Examples
    --------
    >>> at_least(np.array([60.0, 59.9, np.nan]), 1.2 * np.array([50.0, 50.0, 50.0])).tolist()
    [True, False, False]
    """
    return np.asarray(value >= np.asarray(limit) - _ROUNDING * np.abs(limit))


def at_most(
    value: Float[np.ndarray, "*any"], limit: Float[np.ndarray, "*any"] | float
) -> Bool[np.ndarray, "*any"]:
    """Whether values do not exceed a limit, with slack for rounding; NaN is not.

    Examples
    --------
    >>> at_most(np.array([63.0, 63.1, np.nan]), 0.7 * np.array([90.0, 90.0, 90.0])).tolist()
    [True, False, False]
    """
    return np.asarray(value <= np.asarray(limit) + _ROUNDING * np.abs(limit))


def steps_from(
    value: Float[np.ndarray, "*any"], limits: tuple[float, ...]
) -> Float[np.ndarray, "*any"]:
    """Count the limits that a value reaches; NaN stays NaN.

    Examples
    --------
    >>> steps_from(np.array([499.0, 500.0, 2000.0, np.nan]), (500.0, 1000.0)).tolist()
    [0.0, 1.0, 2.0, nan]
    """
    reached = np.sum([at_least(value, limit) for limit in limits], axis=0, dtype=float)
    return np.where(np.isnan(value), np.nan, reached)


def steps_above(
    value: Float[np.ndarray, "*any"], limits: tuple[float, ...]
) -> Float[np.ndarray, "*any"]:
    """Count the limits that a value exceeds; NaN stays NaN.

    Examples
    --------
    >>> steps_above(np.array([3.0, 3.1, np.nan]), (3.0, 6.0)).tolist()
    [0.0, 1.0, nan]
    """
    passed = np.sum([~at_most(value, limit) for limit in limits], axis=0, dtype=float)
    return np.where(np.isnan(value), np.nan, passed)


def refuse(what: str, checks: Iterable[tuple[Any, str]], fix: str) -> None:
    """Raise one error that lists every check that failed.

    Parameters
    ----------
    what
        What cannot be.
    checks
        Pairs of whether something is wrong, and what.
    fix
        The way out.

    Raises
    ------
    DesignError
        If anything is wrong.

    Examples
    --------
    >>> refuse("no sum", [(True, "a size is -1"), (False, "days do not increase")], "give sizes")
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: no sum: a size is -1. Fix: give sizes
    """
    wrong = [message for bad, message in checks if bad]
    if wrong:
        raise DesignError(f"{what}: {'; '.join(wrong)}. Fix: {fix}")


def check_days(days: Float[np.ndarray, " time"]) -> tuple[bool, str]:
    """Check for :func:`refuse` that days of visits or samples increase.

    Examples
    --------
    >>> check_days(np.array([28.0, 28.0]))
    (True, 'days do not increase')
    """
    wrong = not np.all(np.isfinite(days)) or bool(np.any(np.diff(days) <= 0.0))
    return wrong, "days do not increase"
