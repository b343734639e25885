"""Select the dose whose rate of toxicities, made to rise with dose, is nearest to the target."""

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial._toxicity_limit import FEWEST_FOR_SAFETY, chance_above

__all__ = ["closed_by_toxicity", "isotonic_rates", "select_nearest"]

PRIOR = 0.05
"""Patients with and without toxicity added to every dose."""
TIE = 1e-10
"""Added once for each dose below, so that rates made equal keep their order."""


def select_nearest(
    treated: Int[np.ndarray, "replicate dose"],
    toxic: Int[np.ndarray, "replicate dose"],
    closed: Bool[np.ndarray, "replicate dose"],
    target: float,
    *,
    below: float = np.inf,
) -> Int[np.ndarray, " replicate"]:
    r"""Select among tried and open doses the one with the isotonic rate nearest to the target.

    .. math::

        \tilde p = \frac{y + 0.05}{n + 0.1}, \qquad
        w^{-1} = \frac{(y + 0.05)(n - y + 0.05)}{(n + 0.1)^2 (n + 1.1)}

    made non-decreasing by weighted least squares. Of two doses equally near, the lower is taken.

    Parameters
    ----------
    treated, toxic
        Patients and patients with toxicity by dose.
    closed
        Doses that are too toxic.
    target
        Target rate.
    below
        Only doses whose isotonic rate is less than this can be selected.

    Returns
    -------
    Int (replicate,)
        The dose from 0; -1 if the lowest dose is closed, or nothing can be selected.

    References
    ----------
    Yuan et al. 2016, Clinical Cancer Research 22:4291–4301, doi:10.1158/1078-0432.CCR-16-0592.

    Examples
    --------
    >>> treated, toxic = np.array([[3, 9, 3]]), np.array([[0, 2, 2]])
    >>> select_nearest(treated, toxic, np.zeros((1, 3), dtype=bool), 0.3).tolist()
    [1]
    """
    usable = (treated > 0) & ~closed
    rates = (toxic + PRIOR) / (treated + 2.0 * PRIOR)
    spread = (toxic + PRIOR) * (treated - toxic + PRIOR)
    weights = (treated + 2.0 * PRIOR) ** 2 * (treated + 1.0 + 2.0 * PRIOR) / spread
    smooth = isotonic_rates(rates, np.where(usable, weights, 0.0))
    smooth = smooth + TIE * np.cumsum(usable, axis=1)
    usable = usable & (smooth < below) & ~closed[:, :1]
    distance = np.where(usable, np.abs(smooth - target), np.inf)
    chosen: Int[np.ndarray, " replicate"] = np.where(
        usable.any(axis=1), np.argmin(distance, axis=1), -1
    )
    return chosen


def isotonic_rates(
    rates: Float[np.ndarray, "replicate dose"], weights: Float[np.ndarray, "replicate dose"]
) -> Float[np.ndarray, "replicate dose"]:
    r"""Make rates non-decreasing by weighted least squares; doses of weight 0 give 0.

    .. math::

        \hat p_d = \max_{i \le d} \min_{j \ge d} \frac{\sum_{k=i}^j w_k p_k}{\sum_{k=i}^j w_k}

    Examples
    --------
    >>> isotonic_rates(np.array([[0.3, 0.1, 0.5]]), np.array([[1.0, 3.0, 1.0]])).round(3).tolist()
    [[0.15, 0.15, 0.5]]
    """
    doses = rates.shape[1]
    found = np.zeros(rates.shape)
    for dose in range(doses):
        best = np.full(rates.shape[0], -np.inf)
        for first in range(dose + 1):
            weight = np.cumsum(weights[:, first:], axis=1)[:, dose - first :]
            total = np.cumsum(weights[:, first:] * rates[:, first:], axis=1)[:, dose - first :]
            mean = np.divide(total, weight, out=np.full(total.shape, np.inf), where=weight > 0.0)
            best = np.maximum(best, mean.min(axis=1))
        found[:, dose] = np.where(weights[:, dose] > 0.0, best, 0.0)
    return found


def closed_by_toxicity(
    treated: Int[np.ndarray, "replicate dose"],
    toxic: Int[np.ndarray, "replicate dose"],
    target: float,
    cutoff: float,
    *,
    cutoff_lowest: float | None = None,
) -> Bool[np.ndarray, "replicate dose"]:
    """Close every dose at or above one that is too toxic, as designs do at the end of a trial.

    ``cutoff_lowest`` is a stricter cut-off for the lowest dose, which closes them all.

    Examples
    --------
    >>> treated, toxic = np.array([[3, 6, 3]]), np.array([[0, 5, 1]])
    >>> closed_by_toxicity(treated, toxic, 0.3, 0.95).tolist()
    [[False, True, True]]
    """
    chance = chance_above(target, treated, toxic)
    limits = np.full(treated.shape[1], cutoff)
    if cutoff_lowest is not None:
        limits[0] = min(cutoff, cutoff_lowest)
    over = (chance > limits) & (treated >= FEWEST_FOR_SAFETY)
    closed: Bool[np.ndarray, "replicate dose"] = np.logical_or.accumulate(over, axis=1)
    return closed
