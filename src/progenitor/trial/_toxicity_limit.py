"""When a dose is too toxic to be given again."""

import numpy as np
from jaxtyping import Float, Int, Shaped
from numpy.typing import ArrayLike

__all__ = ["FEWEST_FOR_SAFETY", "chance_above", "elimination_boundary"]

FEWEST_FOR_SAFETY = 3
"""No dose is closed on fewer patients."""


def chance_above(target: float, treated: ArrayLike, toxic: ArrayLike) -> Float[np.ndarray, "..."]:
    r"""Posterior probability that the rate of toxicities exceeds the target.

    .. math::

        P(p > \phi \mid y, n), \qquad p \sim Beta(1 + y,\, 1 + n - y)

    Parameters
    ----------
    target
        Target rate φ.
    treated, toxic
        Patients n and patients with toxicity y, of any common shape.

    Examples
    --------
    >>> round(float(chance_above(0.3, 3, 2)), 4)
    0.9163
    """
    from scipy.special import betaincc

    n, y = np.asarray(treated, dtype=float), np.asarray(toxic, dtype=float)
    found: Float[np.ndarray, ...] = np.asarray(betaincc(1.0 + y, 1.0 + n - y, target))
    return found


def elimination_boundary(
    target: float, cutoff: float, sizes: Shaped[np.ndarray, " size"]
) -> Int[np.ndarray, " size"]:
    """Fewest toxicities among n patients that close a dose; n + 1 where none does.

    A dose is closed when P(p > target) exceeds ``cutoff`` on at least three patients.

    Examples
    --------
    >>> elimination_boundary(0.3, 0.95, np.array([2, 3, 6])).tolist()
    [3, 3, 4]
    """
    n = np.asarray(sizes, dtype=np.int64)[:, None]
    y = np.arange(int(n.max(initial=0)) + 1)
    closes = chance_above(target, np.maximum(n, y), y) > cutoff
    closes &= (y <= n) & (n >= FEWEST_FOR_SAFETY)
    boundary: Int[np.ndarray, " size"] = np.where(
        closes.any(axis=1), closes.argmax(axis=1), n[:, 0] + 1
    )
    return boundary
