"""The logistic posterior by counting points of a plain grid, as published tables were made."""

import numpy as np
from jaxtyping import Bool, Float

from progenitor.trial._logistic_posterior import (
    LogisticPosterior,
    LogisticPrior,
    logistic_log_density,
)

__all__ = ["POINTS", "count_points"]

POINTS = 1201
"""Points on each axis, over seven prior standard deviations on either side."""

_REACH = 7.0


def count_points(
    log_dose: Float[np.ndarray, "trial patient"],
    toxic: Bool[np.ndarray, "trial patient"],
    counted: Bool[np.ndarray, "trial patient"],
    grid: Float[np.ndarray, " dose"],
    *,
    prior: LogisticPrior,
    cuts: tuple[float, float],
) -> LogisticPosterior:
    """Return the posterior of p at each dose by summing over grid points; one trial at a time.

    A point counts as under, on or over the target as a whole, so that a probability is off by up
    to the mass of one row of points (3e-3) where the boundary runs along it, which is at the
    reference dose. ``logistic_posterior`` cuts inside the cells and is right there; this is what
    tables made with a plain grid contain.

    Parameters
    ----------
    log_dose, toxic, counted, grid, prior, cuts
        As for ``logistic_posterior``.

    Examples
    --------
    >>> dose, nobody = np.log([[0.1] * 4]), np.full((1, 4), False)
    >>> prior = LogisticPrior((-1.386, 0.0), (1.5, 0.7), 0.0)
    >>> found = count_points(dose, nobody, ~nobody, np.log([0.1, 1.0]), prior=prior,
    ...                      cuts=(0.16, 0.33))
    >>> found.mean.round(4).tolist(), found.over.round(4).tolist()
    ([[0.0335, 0.221]], [[0.0053, 0.2416]])
    """
    z = np.linspace(-_REACH, _REACH, POINTS)
    first, second = ((m + s * z)[None, :] for m, s in zip(prior.mean, prior.sd, strict=True))
    slope = np.exp(second)[:, None, :]
    answers = np.empty((5, len(log_dose), grid.size))
    for trial in range(len(log_dose)):
        row = slice(trial, trial + 1)
        log = logistic_log_density(first, second, log_dose[row], toxic[row], counted[row], prior)
        weight = np.exp(log - log.max())
        weight /= weight.sum()
        for place, dose in enumerate(grid):
            score = np.clip(first[:, :, None] + slope * dose, -700.0, 700.0)
            p = 1.0 / (1.0 + np.exp(-score))
            mean = float((weight * p).sum())
            under, over = float(weight[p < cuts[0]].sum()), float(weight[p >= cuts[1]].sum())
            spread = float((weight * (p - mean) ** 2).sum()) ** 0.5
            answers[:, trial, place] = mean, spread, under, 1.0 - under - over, over
    return LogisticPosterior(*answers)
