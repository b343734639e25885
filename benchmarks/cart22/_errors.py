"""The error of a solution: how far it is from the reference where that is known.

The error of a patient is the largest ``|y − ref| / (|ref| + 1e-3)`` over what is compared and over
the 11 days of the reference. It is taken over all 22 species, as the problem defines it, and beside
that over the four observables. A patient that was not solved has an infinite error.
"""

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from benchmarks.cart22._patients import reference_days, reference_states
from benchmarks.cart22._problem import DAYS, observed

__all__ = ["Spread", "observable_errors", "patient_errors", "species_errors", "spread"]

FLOOR: Final = 1e-3
"""Amount below which differences count as absolute."""


@final
@dataclass(frozen=True, slots=True)
class Spread:
    """Errors of many patients in three numbers."""

    median: float
    p95: float
    largest: float


def patient_errors(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return the error of each patient; both arrays are (patient, day, quantity).

    Examples
    --------
    >>> patient_errors(np.array([[[1.1, 0.0]]]), np.array([[[1.0, 0.0]]])).round(6)
    array([0.0999])
    """
    ratios = np.abs(found - expected) / (np.abs(expected) + FLOOR)
    largest: np.ndarray = np.nan_to_num(ratios, nan=np.inf).max(axis=(1, 2))
    return largest


def species_errors(daily: np.ndarray) -> np.ndarray:
    """Return the error over all species of the reference patients, from daily values."""
    return patient_errors(daily[:, _columns()], reference_states())


def observable_errors(daily: np.ndarray) -> np.ndarray:
    """Return the error over the four observables of the reference patients."""
    return patient_errors(daily[:, _columns()], observed(reference_states()))


def spread(errors: np.ndarray) -> Spread:
    """Return the median, the 95th percentile and the largest.

    Examples
    --------
    >>> spread(np.array([1.0, 2.0, 4.0])).largest
    4.0
    """
    ordered = np.sort(errors)
    return Spread(
        median=float(np.median(ordered)),
        p95=float(np.quantile(ordered, 0.95, method="higher")),
        largest=float(ordered[-1]),
    )


def _columns() -> np.ndarray:
    """Columns of the daily values on which the reference is known."""
    return np.searchsorted(DAYS, reference_days())
