"""Keep the parameter draws that agree with what was observed."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import SimulationError

__all__ = ["Selection", "select_draws"]


@final
@dataclass(frozen=True, slots=True)
class Selection:
    """Which draws were kept, and how near they came.

    Parameters
    ----------
    kept
        Indices of the kept draws, in increasing order.
    distance
        Distance of every candidate; infinite where its simulation failed, (draw,).
    threshold
        Largest distance kept.
    failed
        How many candidates could not be simulated.
    """

    kept: Int[np.ndarray, " kept"]
    distance: Float[np.ndarray, " draw"]
    threshold: float
    failed: int


def select_draws(
    simulated: Float[np.ndarray, "draw quantity"],
    observed: Float[np.ndarray, " quantity"],
    spread: Float[np.ndarray, " quantity"],
    *,
    keep: int,
) -> Selection:
    r"""Approximate Bayesian selection: keep the draws nearest to the observations.

    .. math::

        \rho_d^2 = \frac1Q \sum_q \left(\frac{s_{dq} - o_q}{\sigma_q}\right)^2

    The ``keep`` candidates with the smallest :math:`\rho` are an approximate sample of the
    posterior, exact as the kept share goes to 0 (Pritchard 1999, doi:10.1093/oxfordjournals.molbev
    .a026091). They are returned in their own order, so nothing downstream depends on the ranking.

    Parameters
    ----------
    simulated
        What each candidate draw gives; a row with NaN is a failed simulation.
    observed, spread
        What was observed, and how far from it still counts as one unit.
    keep
        How many draws to keep.

    Raises
    ------
    SimulationError
        When fewer than ``keep`` candidates could be simulated, or a spread is not above 0.

    Examples
    --------
    >>> candidates = np.array([[0.0], [1.1], [3.0], [np.nan], [0.9]])
    >>> select_draws(candidates, np.array([1.0]), np.array([1.0]), keep=2).kept.tolist()
    [1, 4]
    """
    if not (spread > 0).all():
        raise SimulationError(f"every spread must be above 0, not {spread.tolist()}")
    distance = np.sqrt((((simulated - observed) / spread) ** 2).mean(axis=1))
    failed = int((~np.isfinite(distance)).sum())
    distance = np.where(np.isfinite(distance), distance, np.inf)
    if len(distance) - failed < keep:
        raise SimulationError(
            f"{failed} of {len(distance)} candidate draws failed, fewer than {keep} are left: "
            "raise the number of candidates or look at the failures"
        )
    nearest = np.argsort(distance, kind="stable")[:keep]
    return Selection(
        kept=np.sort(nearest),
        distance=distance,
        threshold=float(distance[nearest[-1]]),
        failed=failed,
    )
