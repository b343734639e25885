"""Minimal residual disease by an assay that samples a finite number of cells."""

import math
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import DesignError

__all__ = ["MinimalResidualDisease"]


@final
@dataclass(frozen=True, slots=True)
class MinimalResidualDisease:
    r"""Whether an assay of N cells finds fewer malignant ones than its sensitivity asks for.

    The number found among N sampled cells at a true fraction f is Poisson with mean f N. The sample
    is positive from :math:`k = \lceil sensitivity \cdot N \rceil` cells on,

    .. math::

        P(positive) = P(K \ge k) = P(k, f N), \qquad
        P(positive) = 1 - e^{-f N} \;\text{ for } N = 1/sensitivity

    with :math:`P(k, \cdot)` the regularised incomplete gamma function. A missing sample is
    positive: nobody is negative without proof.

    Parameters
    ----------
    sensitivity
        Fraction of malignant cells from which the result is positive, such as 1e-4.
    cells_sampled
        Cells the assay looks at, N.

    Raises
    ------
    DesignError
        If N is too small to hold a single cell at the sensitivity, or a number is out of range.

    References
    ----------
    Hanley, Lippman-Hand 1983, JAMA 249:1743–1745, doi:10.1001/jama.1983.03330370053031 (what can
    be said after finding none among N).

    Examples
    --------
    >>> assay = MinimalResidualDisease(sensitivity=1e-4, cells_sampled=1e4)
    >>> assay.positive_probability(np.array([0.0, 1e-4, 3e-4])).round(3).tolist()
    [0.0, 0.632, 0.95]
    >>> fraction, uniforms = np.array([[1e-4, np.nan]]), np.array([[0.7, 0.7]])
    >>> assay.evaluate(fraction, uniforms).tolist()
    [[True, False]]
    """

    sensitivity: float
    cells_sampled: float

    def __post_init__(self) -> None:
        fine = 0.0 < self.sensitivity < 1.0 and math.isfinite(self.cells_sampled)
        if not fine or self.cells_sampled * self.sensitivity < 1.0 - 1e-9:
            raise DesignError(
                f"an assay of {self.cells_sampled:g} cells cannot show a fraction of "
                f"{self.sensitivity:g}. Fix: give a sensitivity between 0 and 1 and sample "
                "at least 1/sensitivity cells (three times that to find 95 % of samples at it)"
            )

    @property
    def least_cells(self) -> int:
        """Malignant cells from which the sample is positive."""
        wanted = self.sensitivity * self.cells_sampled
        return max(1, math.ceil(wanted * (1.0 - 1e-9)))  # 0.07 × 100/7 is 1, not 1.0000000000000002

    def positive_probability(
        self, fraction: Float[np.ndarray, "*any"]
    ) -> Float[np.ndarray, "*any"]:
        """Probability that the assay is positive at each true fraction."""
        from scipy.special import gammainc

        return np.asarray(gammainc(self.least_cells, fraction * self.cells_sampled))

    def detection_probability(
        self, fraction: Float[np.ndarray, "*any"]
    ) -> Float[np.ndarray, "*any"]:
        r"""Probability :math:`1 - e^{-f N}` of finding any cell, also below the sensitivity."""
        return np.asarray(-np.expm1(-fraction * self.cells_sampled))

    def evaluate(
        self,
        fraction: Float[np.ndarray, "patient visit"],
        uniforms: Float[np.ndarray, "patient visit"],
    ) -> Bool[np.ndarray, "patient visit"]:
        """Return True where the sample is MRD-negative.

        Parameters
        ----------
        fraction
            True malignant fraction at each visit, NaN for a missing sample.
        uniforms
            Uniform numbers from a stream keyed by patient and visit.

        Raises
        ------
        DesignError
            If a fraction is outside 0 to 1.
        """
        if np.any((fraction < 0.0) | (fraction > 1.0)):
            raise DesignError("a malignant fraction is outside 0 to 1. Fix: divide by all cells")
        known = ~np.isnan(fraction)
        chance = self.positive_probability(np.where(known, fraction, 1.0))
        return np.asarray(known & (uniforms >= chance))
