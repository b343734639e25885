"""The probability that correlated normal statistics all stay within limits."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from jaxtyping import Float, Int

__all__ = ["largest_normal_tail"]

_TINY: Final = 1e-10
_SINGULAR: Final = 1e-9
_REACH: Final = 8.0
_EDGE: Final = 1e-16
_POINTS: Final = 576
_PRODUCT: Final = 3
_LEAST: Final = 16
_BATCH: Final = 150_000


def largest_normal_tail(
    correlation: Float[np.ndarray, "trial test test"],
    largest: Float[np.ndarray, " trial"],
    *,
    two_sided: bool = True,
    points: int = _POINTS,
) -> Float[np.ndarray, " trial"]:
    r"""Return :math:`P(\max_i |Z_i| \ge m)` (or of :math:`\max_i Z_i`) for standard normal Z.

    With a Cholesky factor :math:`Z = L y` the limits of each :math:`y_j` depend on those before it,
    and the probability of the box is an integral of one dimension less; Gauss–Legendre products
    take it up to three dimensions, a fixed lattice beyond, the same for every trial.
    A statistic that is a combination of others (as :math:`G^{0,0} = G^{1,0} + G^{0,1}`) has no y
    of its own and narrows the limits of the last it depends on.

    Parameters
    ----------
    correlation
        Correlations of the tests (trial, test, test); may be singular.
    largest
        m (trial,).
    two_sided
        Whether absolute values count.
    points
        Points in all; with 576 the error is below 1e-8 for small probabilities, 1e-4 for large.

    References
    ----------
    Genz 1992, J Comput Graph Stat 1:141–149, doi:10.1080/10618600.1992.10477010; Genz, Kwong 2000,
    J Stat Comput Simul 68:1–21, doi:10.1080/00949650008812053 (singular correlations).

    Examples
    --------
    >>> round(float(largest_normal_tail(np.ones((1, 1, 1)), np.array([1.959964]))[0]), 6)
    0.05
    """
    found = np.full(largest.shape, np.nan)
    usable = np.isfinite(largest) & np.isfinite(correlation).all(axis=(1, 2))
    factor = _factor(np.where(usable[:, None, None], correlation, 0.0))
    own = np.abs(factor) > _TINY
    final = np.where(own.any(axis=2), factor.shape[2] - 1 - own[:, :, ::-1].argmax(axis=2), -1)
    for pattern in np.unique(final[usable], axis=0):
        rows = np.flatnonzero(usable & (final == pattern).all(axis=1))
        columns, last = np.unique(pattern, return_inverse=True)
        cube, weights = _rule(columns.size - 1, points)
        batch = max(1, _BATCH // weights.size)
        for start in range(0, rows.size, batch):
            some = rows[start : start + batch]
            slopes = factor[some][:, :, columns]
            found[some] = _tail(slopes, last, largest[some], cube, weights, two_sided=two_sided)
    return found


def _tail(
    slopes: Float[np.ndarray, "trial test column"],
    last: Int[np.ndarray, " test"],
    largest: Float[np.ndarray, " trial"],
    cube: Float[np.ndarray, "point sampled"],
    weights: Float[np.ndarray, " point"],
    *,
    two_sided: bool,
) -> Float[np.ndarray, " trial"]:
    from scipy.special import ndtr, ndtri

    columns = slopes.shape[2]
    y: list[Float[np.ndarray, "trial point"]] = []
    density = np.broadcast_to(weights, (largest.size, weights.size))
    for column in range(columns):
        low, high = _limits(slopes, last, largest, y, two_sided=two_sided)
        if column + 1 == columns:
            density = density * np.maximum(ndtr(high) - ndtr(low), 0.0)
            break
        low, high = np.clip(low, -_REACH, _REACH), np.clip(high, -_REACH, _REACH)
        if columns - 1 > _PRODUCT:  # a lattice wants an even integrand: equal probabilities
            width = np.maximum(ndtr(high) - ndtr(low), 0.0)
            y.append(ndtri(np.clip(ndtr(low) + cube[:, column] * width, _EDGE, 1.0 - _EDGE)))
            density = density * width
            continue
        width = np.maximum(high - low, 0.0)
        y.append(low + cube[:, column] * width)
        density = density * width * np.exp(-0.5 * y[-1] ** 2) / np.sqrt(2.0 * np.pi)
    return np.asarray(np.clip(1.0 - density.sum(axis=1), 0.0, 1.0))


def _limits(
    slopes: Float[np.ndarray, "trial test column"],
    last: Int[np.ndarray, " test"],
    largest: Float[np.ndarray, " trial"],
    y: Sequence[Float[np.ndarray, "trial point"]],
    *,
    two_sided: bool,
) -> tuple[Float[np.ndarray, "trial point"], Float[np.ndarray, "trial point"]]:
    """Narrowest limits of the next y from the tests that depend on it last."""
    low, high = np.full((largest.size, 1), -np.inf), np.full((largest.size, 1), np.inf)
    for test in np.flatnonzero(last == len(y)):
        slope = slopes[:, test, len(y)][:, None]
        shift = sum((slopes[:, test, k][:, None] * value for k, value in enumerate(y)), 0.0)
        top = (largest[:, None] - shift) / slope
        bottom = (-largest[:, None] - shift) / slope
        if not two_sided:
            bottom = np.where(slope > 0.0, -np.inf, np.inf)
        low = np.maximum(low, np.minimum(top, bottom))
        high = np.minimum(high, np.maximum(top, bottom))
    return low, high


def _factor(
    correlation: Float[np.ndarray, "trial test test"],
) -> Float[np.ndarray, "trial test test"]:
    """Cholesky factors of correlations that may be singular: a zero pivot has no column."""
    factor = np.zeros(correlation.shape)
    for column in range(correlation.shape[1]):
        done = factor[:, :, :column]
        left = correlation[:, :, column] - np.einsum("tik,tk->ti", done, done[:, column])
        pivot = left[:, column]
        alive = pivot > _SINGULAR
        scale = np.where(alive, 1.0 / np.sqrt(np.where(alive, pivot, 1.0)), 0.0)
        factor[:, column:, column] = (left * scale[:, None])[:, column:]
    return factor


@cache
def _rule(
    dimensions: int, points: int
) -> tuple[Float[np.ndarray, "point sampled"], Float[np.ndarray, " point"]]:
    """Points and weights on the unit cube: Gauss–Legendre up to three dimensions, then a lattice.

    The lattice has square roots of primes as its generators and a tent transform.
    """
    if dimensions <= _PRODUCT:
        count = max(round(points ** (1.0 / max(dimensions, 1))), _LEAST)
        nodes, weights = np.polynomial.legendre.leggauss(count)
        grids = np.meshgrid(*[0.5 + 0.5 * nodes] * dimensions, indexing="ij")
        joint = np.ones(1)
        for _ in range(dimensions):
            joint = np.outer(joint, 0.5 * weights).ravel()
        flat = [grid.ravel() for grid in grids]
        return (np.stack(flat, axis=1) if flat else np.zeros((1, 0))), joint
    primes = np.array([2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0, 29.0, 31.0])
    count = points * 128
    grid = np.arange(1, count + 1)[:, None] * np.sqrt(primes[:dimensions])
    return np.abs(2.0 * np.mod(grid, 1.0) - 1.0), np.full(count, 1.0 / count)
