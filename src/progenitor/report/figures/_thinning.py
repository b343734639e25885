"""How much a figure draws: no more than can be seen, however many patients there are."""

from typing import Final

import numpy as np
from jaxtyping import Float, Int

__all__ = ["MOST", "evenly", "last_of_each"]

MOST: Final = 400
"""Bars of a panel, or steps of a curve: one or two for every pixel across."""


def evenly(count: int, most: int = MOST) -> Int[np.ndarray, " kept"]:
    """Return at most ``most`` positions spread evenly over ``count``, both ends among them.

    Examples
    --------
    >>> evenly(3).tolist(), evenly(9, most=3).tolist()
    ([0, 1, 2], [0, 4, 8])
    """
    if count <= most:
        return np.arange(count)
    return np.round(np.linspace(0, count - 1, most)).astype(np.int64)


def last_of_each(times: Float[np.ndarray, " step"], most: int = MOST) -> Int[np.ndarray, " kept"]:
    """Return the positions of the last time within each of ``most`` equal stretches.

    What is left of a curve that steps at these increasing times looks the same: within a stretch,
    narrower than a pixel, only the last value counts.

    Examples
    --------
    >>> last_of_each(np.array([0.0, 0.1, 0.2, 5.0, 9.9, 10.0]), most=5).tolist()
    [0, 2, 3, 5]
    """
    if len(times) <= most:
        return np.arange(len(times))
    stretch = np.minimum(np.floor(times / times[-1] * most), most - 1)
    kept = np.flatnonzero(np.append(np.diff(stretch) > 0, True))
    return np.unique(np.append(kept, 0))
