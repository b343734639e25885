"""Search of the smallest single-stage trial with exact errors."""

import numpy as np

from progenitor.errors import DesignError
from progenitor.trial._binomial_tables import binomial_tables, check_rates

__all__ = ["search_single_stage"]


def search_single_stage(
    *, p0: float, p1: float, alpha: float, power: float, n_max: int, steady: bool
) -> tuple[int, int]:
    """Find ``(r, n)`` with the smallest n such that P(X > r | p0) ≤ alpha, P(X > r | p1) ≥ power.

    At each n the boundary r is the smallest that keeps the type I error, which gives the greatest
    power. Power is a saw-tooth in n; ``steady`` asks that every larger n up to ``n_max`` reaches it
    too.

    Raises
    ------
    DesignError
        If the rates or errors are impossible, or no design exists up to ``n_max``.

    Examples
    --------
    >>> numbers = {"p0": 0.1, "p1": 0.2, "alpha": 0.05, "power": 0.8, "n_max": 200}
    >>> search_single_stage(**numbers, steady=False), search_single_stage(**numbers, steady=True)
    ((12, 78), (14, 89))
    """
    check_rates("exact_binomial", p0=p0, p1=p1)
    if not (0.0 < alpha < power < 1.0 and n_max >= 1):
        raise DesignError(
            f"exact_binomial: alpha = {alpha:g}, power = {power:g}, n_max = {n_max}. "
            "Fix: give 0 < alpha < power < 1 and n_max of at least 1"
        )
    null, hoped = binomial_tables(p0, n_max)[1], binomial_tables(p1, n_max)[1]
    boundary = np.count_nonzero(null > alpha, axis=1) - 1  # smallest r with P(X > r) ≤ alpha
    enough = hoped[np.arange(n_max + 1), boundary + 1] >= power
    if steady:
        enough = np.logical_and.accumulate(enough[::-1])[::-1]
    sizes = np.flatnonzero(enough)
    if not sizes.size:
        raise DesignError(
            f"no single-stage design of at most {n_max} patients tells {p0:g} from {p1:g} with "
            f"alpha ≤ {alpha:g} and power ≥ {power:g}. Fix: raise n_max, move the rates apart or "
            "allow larger errors"
        )
    return int(boundary[sizes[0]]), int(sizes[0])
