"""Which events are dose-limiting toxicities, and on which day the first of them came."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from jaxtyping import Float

__all__ = ["EVENTS", "EVENT_WORDS", "toxicity_day"]

_Column = np.ndarray[Any, Any]

EVENTS: Final[Mapping[str, str]] = {
    "crs_grade_3": "crs_grade_3_day",
    "crs_grade_4": "crs_grade_4_day",
    "icans_grade_3": "icans_grade_3_day",
    "death": "death_day",
}
"""Event of a study file → column with its first day since infusion."""

EVENT_WORDS: Final[Mapping[str, str]] = {
    "crs_grade_3": "cytokine release syndrome of grade 3 or more",
    "crs_grade_4": "cytokine release syndrome of grade 4 or more",
    "icans_grade_3": "neurotoxicity (ICANS) of grade 3 or more",
    "death": "death from any cause",
}
"""The same in words."""


def toxicity_day(
    column: Callable[[str], _Column], events: Sequence[str], *, window: float
) -> Float[np.ndarray, "..."]:
    """Return the day of the first dose-limiting event within the window; infinite without one.

    Parameters
    ----------
    column
        Returns a column of outcomes by name.
    events
        Names among ``EVENTS``.
    window
        Last day that counts.

    Examples
    --------
    >>> days = {"death_day": np.array([40.0, 20.0]), "crs_grade_3_day": np.array([5.0, np.nan])}
    >>> toxicity_day(days.__getitem__, ["crs_grade_3", "death"], window=28.0).tolist()
    [5.0, 20.0]
    """
    days = np.stack([np.asarray(column(EVENTS[event]), dtype=float) for event in events])
    first = np.where(np.isnan(days), np.inf, days).min(axis=0)
    found: Float[np.ndarray, ...] = np.where(first <= window, first, np.inf)
    return found
