"""Search of the two numbers of a BOP2 design, exact over its whole grid."""

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import DesignError
from progenitor.trial._binomial_tables import check_rates
from progenitor.trial._looks import check_looks, walk
from progenitor.trial._posterior import check_prior, posterior_exceeds

__all__ = ["bop2_boundaries", "check_threshold", "search_bop2"]

THRESHOLDS = np.round(np.arange(0.5, 0.9976, 0.005), 3)
EXPONENTS = np.round(np.arange(0.0, 1.001, 0.02), 2)


def bop2_boundaries(
    looks: tuple[int, ...],
    p0: float,
    prior: tuple[float, float],
    thresholds: Float[np.ndarray, " pair"],
    exponents: Float[np.ndarray, " pair"],
) -> Int[np.ndarray, "pair look"]:
    r"""Largest count with :math:`P(p > p_0 \mid data) < \lambda (n/N)^\gamma` at each look.

    Examples
    --------
    >>> one = np.array([0.86]), np.array([0.92])
    >>> bop2_boundaries((10, 20, 30, 40), 0.2, (0.2, 0.8), *one).tolist()
    [[1, 3, 7, 11]]
    """
    columns = []
    for n in looks:
        posterior = posterior_exceeds(np.arange(n + 1), n, a=prior[0], b=prior[1], rate=p0)
        limit = thresholds * (n / looks[-1]) ** exponents
        columns.append(np.searchsorted(posterior, limit, side="left") - 1)
    return np.stack(columns, axis=1)


def check_threshold(threshold: float, exponent: float) -> None:
    """Refuse λ outside (0, 1) or a negative γ.

    Raises
    ------
    DesignError
        Unless 0 < λ < 1 and γ ≥ 0.

    Examples
    --------
    >>> check_threshold(1.2, 0.5)
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: bop2: lambda = 1.2 and gamma = 0.5 do not fit. Fix: ...
    """
    if not (0.0 < threshold < 1.0 and 0.0 <= exponent < np.inf):
        raise DesignError(
            f"bop2: lambda = {threshold:g} and gamma = {exponent:g} do not fit. "
            "Fix: give lambda between 0 and 1 and gamma of at least 0"
        )


def search_bop2(
    *, p0: float, p1: float, looks: tuple[int, ...], alpha: float, prior: tuple[float, float]
) -> tuple[float, float]:
    """Find λ and γ with the greatest power and type I error at most ``alpha``.

    Raises
    ------
    DesignError
        If the numbers are impossible, or no pair of the grid keeps the type I error.

    Examples
    --------
    >>> search_bop2(p0=0.25, p1=0.45, looks=(20, 40), alpha=0.1, prior=(0.25, 0.75))
    (0.845, 0.36)
    """
    check_rates("bop2", p0=p0, p1=p1)
    check_looks("bop2", looks)
    check_prior(*prior)
    if not 0.0 < alpha < 1.0:
        raise DesignError(f"bop2: alpha = {alpha:g}. Fix: give an error between 0 and 1")
    thresholds = np.repeat(THRESHOLDS, EXPONENTS.size)
    exponents = np.tile(EXPONENTS, THRESHOLDS.size)
    stops = bop2_boundaries(looks, p0, prior, thresholds, exponents)
    boundaries, first = np.unique(stops, axis=0, return_index=True)
    allowed = walk(looks, boundaries, None, p0)[1][:, -1] <= alpha
    if not allowed.any():
        raise DesignError(
            f"no BOP2 design of {looks[-1]} patients keeps a type I error of {alpha:g} with lambda "
            f"up to {THRESHOLDS[-1]:g}. Fix: allow a larger error or more patients"
        )
    boundaries, first = boundaries[allowed], first[allowed]
    power = walk(looks, boundaries, None, p1)[1][:, -1]
    best = int(first[power >= power.max() * (1.0 - 1e-12)].min())
    return float(thresholds[best]), float(exponents[best])
