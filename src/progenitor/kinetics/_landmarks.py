"""The samples by which a course is described: its start, its peak and its end."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

__all__ = ["Landmarks", "landmarks"]


@final
@dataclass(frozen=True, slots=True)
class Landmarks:
    """Positions of samples in each patient's row; only where ``any`` is true they mean something.

    Parameters
    ----------
    any
        Whether a sample was quantifiable.
    first
        First quantifiable sample.
    start
        Last lowest quantifiable sample up to the peak: the rise begins there.
    peak
        First highest quantifiable sample.
    last
        Last quantifiable sample, whatever happened in between.
    """

    any: Bool[np.ndarray, " patient"]
    first: Int[np.ndarray, " patient"]
    start: Int[np.ndarray, " patient"]
    peak: Int[np.ndarray, " patient"]
    last: Int[np.ndarray, " patient"]


def landmarks(
    level: Float[np.ndarray, "patient sample"], found: Bool[np.ndarray, "patient sample"]
) -> Landmarks:
    """Find the samples by which each course is described.

    Parameters
    ----------
    level
        Levels; those of samples that are not quantifiable do not matter (patient, sample).
    found
        Which samples were quantifiable (patient, sample); at least one column.

    Examples
    --------
    >>> level = np.array([[8.0, 2.0, 2.0, 64.0, 64.0, 0.0, 4.0, 0.0]])
    >>> found = landmarks(level, level > 0.0)
    >>> [int(at[0]) for at in (found.first, found.start, found.peak, found.last)]
    [0, 2, 3, 6]
    """
    samples = found.shape[1]
    peak = np.argmax(np.where(found, level, 0.0), axis=1)
    rising = found & (np.arange(samples) <= peak[:, None])
    lowest = np.where(rising, level, np.inf)
    return Landmarks(
        any=np.any(found, axis=1),
        first=np.argmax(found, axis=1),
        start=samples - 1 - np.argmin(lowest[:, ::-1], axis=1),
        peak=peak,
        last=samples - 1 - np.argmax(found[:, ::-1], axis=1),
    )
