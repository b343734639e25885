"""The scale on which both populations of a marker look most normal."""

from typing import Final

import numpy as np
from jaxtyping import Float

__all__ = ["even_scale"]

_COFACTORS: Final = np.geomspace(0.01, 0.3, 12)
"""Tried linear regions, as shares of the gate's intensity."""
_BINS: Final = 300
_ITERATIONS: Final = 60


def even_scale(values: Float[np.ndarray, " event"], cut: float) -> tuple[float, float]:
    """Choose c of ``asinh(x/c)`` so that two normal curves describe the values best.

    The likelihood of two normal curves on the new scale, with the slope of the scale so that
    likelihoods compare: ``Σ log[w₁N(y) + w₂N(y)] − ½ Σ log(x² + c²)``. Too small a c tears the dim
    population apart around zero, too large a one leaves the bright population skewed; either makes
    clouds leak where they do not.

    Parameters
    ----------
    values
        Compensated intensities.
    cut
        Intensity of the gate.

    Returns
    -------
    tuple
        c of the largest likelihood, and the other c of the range that two units of log-likelihood
        per thousand events leave possible: a second opinion.

    Examples
    --------
    >>> bell = np.linspace(-2, 2, 81)
    >>> values = 50 * np.sinh(np.concatenate([0.5 + 0.3 * bell, 5 + 0.3 * bell]))
    >>> 10 < even_scale(values, 400.0)[0] < 130
    True
    """
    ends = np.percentile(values, [0.2, 99.8])
    x = np.clip(values, *ends)
    cut = max(cut, float(np.percentile(np.abs(x), 10)), 1e-6)
    scores = np.array([_likelihood(x, cut, cut * c) for c in _COFACTORS])
    best = int(np.argmax(scores))
    near = np.flatnonzero(scores >= scores[best] - max(4.0, 0.002 * x.size))
    far = near[np.argmax(np.abs(near - best))]
    return float(cut * _COFACTORS[best]), float(cut * _COFACTORS[far])


def _likelihood(x: Float[np.ndarray, " event"], cut: float, cofactor: float) -> float:
    """Return the log-likelihood of two normal curves on one scale."""
    y = np.arcsinh(x / cofactor)
    counts, edges = np.histogram(y, _BINS)
    centres = (edges[:-1] + edges[1:]) / 2
    upper = (centres > np.arcsinh(cut / cofactor)).astype(float)
    share = np.stack([1 - upper, upper])
    least = edges[1] - edges[0]
    high = share
    for _ in range(_ITERATIONS):
        mass = (share * counts).sum(axis=1).clip(1e-9)
        mean = (share * counts) @ centres / mass
        away = centres - mean[:, np.newaxis]
        sd = np.sqrt((share * counts * away**2).sum(axis=1) / mass) + 0.5 * least
        high = (mass / counts.sum() / sd)[:, np.newaxis] * np.exp(
            -0.5 * (away / sd[:, np.newaxis]) ** 2
        )
        high = high + 1e-5  # a few events belong to neither
        share = high / high.sum(axis=0)
    slope = 0.5 * np.log(x**2 + cofactor**2).sum()
    return float(counts @ np.log(high.sum(axis=0)) - slope)
