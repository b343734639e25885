"""Boundaries of repeated exact binomial tests at one nominal level."""

from typing import Final

import numpy as np
from jaxtyping import Float

__all__ = ["boundary_levels", "nominal_boundary"]

_ROUNDING: Final = 1e-9
"""A nominal level is reached by a tail probability that exceeds it by no more than rounding."""


def boundary_levels(
    tails: Float[np.ndarray, "n x"], looks: tuple[int, ...], shape: Float[np.ndarray, " look"]
) -> Float[np.ndarray, " level"]:
    """Every α at which the boundary changes at some look, increasing.

    Examples
    --------
    >>> from progenitor.trial._binomial_tables import binomial_tables
    >>> tails = binomial_tables(0.5, 2)[1]
    >>> boundary_levels(tails, (1, 2), np.ones(2)).tolist()
    [0.25, 0.5, 0.75]
    """
    from scipy.special import ndtr, ndtri

    found = [
        ndtr(ndtri(tails[n, 1 : n + 1]) * stretch) for n, stretch in zip(looks, shape, strict=True)
    ]
    return np.unique(np.concatenate(found))


def nominal_boundary(
    tails: Float[np.ndarray, "n x"],
    looks: tuple[int, ...],
    shape: Float[np.ndarray, " look"],
    level: float,
) -> tuple[int, ...]:
    """Smallest r with P(X > r) at most the nominal level, at each look.

    Examples
    --------
    >>> from progenitor.trial._binomial_tables import binomial_tables
    >>> nominal_boundary(binomial_tables(0.5, 2)[1], (1, 2), np.ones(2), 0.25)
    (1, 1)
    """
    from scipy.special import ndtr, ndtri

    nominal = ndtr(ndtri(level) / shape) * (1.0 + _ROUNDING)
    return tuple(
        int(np.count_nonzero(tails[n, 1 : n + 2] > limit))
        for n, limit in zip(looks, nominal, strict=True)
    )
