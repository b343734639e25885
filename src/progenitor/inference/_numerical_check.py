"""Numerical predictive check: how many observations lie outside their own prediction intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.engine import stream
from progenitor.errors import InputError, Problem
from progenitor.inference._measurements import Measurements
from progenitor.inference._percentiles import central_interval
from progenitor.inference._prediction_errors import PredictionErrors
from progenitor.inference._predictive_check import checked_replicates

__all__ = ["NumericalCheck", "numerical_check"]


@final
@dataclass(frozen=True, slots=True)
class NumericalCheck:
    """Shares of observations below and above prediction intervals.

    Parameters
    ----------
    intervals
        Prediction intervals in per cent.
    expected
        Share expected on either side of each.
    below, above
        Observed shares.
    below_low, below_high, above_low, above_high
        What simulated copies of the data give, at ``level``.
    level
        Share of replicates inside.
    count
        Measurements.
    """

    intervals: tuple[float, ...]
    expected: Float[np.ndarray, " interval"]
    below: Float[np.ndarray, " interval"]
    below_low: Float[np.ndarray, " interval"]
    below_high: Float[np.ndarray, " interval"]
    above: Float[np.ndarray, " interval"]
    above_low: Float[np.ndarray, " interval"]
    above_high: Float[np.ndarray, " interval"]
    level: float
    count: int


def numerical_check(
    observed: Measurements,
    simulated: Float[np.ndarray, "replicate observation"],
    errors: PredictionErrors,
    *,
    seed: int,
    intervals: Sequence[float] = (0.0, 50.0, 80.0, 90.0, 95.0),
    level: float = 0.95,
) -> NumericalCheck:
    r"""Count the observations outside the prediction intervals that the model gives each of them.

    An interval of :math:`p` per cent leaves :math:`(1-p/100)/2` on either side. An observation lies
    below it when its discrepancy is smaller than that, so that those below the limit of
    quantification count by chance, as often as the model says. Every replicate is counted in the
    same way among the others: observations of a patient are correlated, and shares vary more than
    binomial ones.

    Parameters
    ----------
    observed, simulated
        As for :func:`predictive_check`.
    errors
        Holds the discrepancies.
    seed
        Of what breaks ties among replicates.
    intervals
        In per cent; 0 compares with the median.
    level
        Share of replicates inside the intervals of the shares.

    Raises
    ------
    InputError
        When an interval is not a number from 0 to below 100.

    References
    ----------
    Karlsson, Savic. Diagnosing model diagnostics. Clin Pharmacol Ther 2007;82:17-20,
    doi:10.1038/sj.clpt.6100241.

    Examples
    --------
    >>> from progenitor.inference import normalised_prediction_errors, measurements
    >>> copies = stream(2, "example").normal(size=(400, 60))
    >>> seen = measurements(np.arange(60), np.ones(60), copies[0])
    >>> errors = normalised_prediction_errors(seen, copies[1:], seed=1)
    >>> found = numerical_check(seen, copies[1:], errors, seed=1, intervals=(90.0,))
    >>> bool(found.below_low[0] <= found.below[0] <= found.below_high[0])
    True
    """
    if not all(0 <= one < 100 for one in intervals) or not intervals:
        shown = ", ".join(f"{one:g}" for one in intervals) or "none"
        fix = "give numbers from 0 to below 100"
        raise InputError([Problem(f"prediction intervals are {shown}", fix)])
    simulated, _ = checked_replicates(observed, simulated)
    ranks = _ranks(simulated, seed)
    expected = (1.0 - np.asarray(intervals, dtype=np.float64) / 100.0) / 2.0
    copies_below = np.stack([_share(ranks < tail, ranks) for tail in expected], axis=-1)
    copies_above = np.stack([_share(ranks > 1 - tail, ranks) for tail in expected], axis=-1)
    below_low, _, below_high = central_interval(copies_below, level)
    above_low, _, above_high = central_interval(copies_above, level)
    own = errors.discrepancy[:, np.newaxis]
    return NumericalCheck(
        intervals=tuple(intervals),
        expected=expected,
        below=(own < expected).mean(axis=0),
        below_low=below_low,
        below_high=below_high,
        above=(own > 1 - expected).mean(axis=0),
        above_low=above_low,
        above_high=above_high,
        level=level,
        count=len(observed),
    )


def _ranks(
    simulated: Float[np.ndarray, "replicate observation"], seed: int
) -> Float[np.ndarray, "replicate observation"]:
    """Return the place of every simulated value among its copies, between 0 and 1; NaN stays."""
    noise = stream(seed, "numerical check").random(simulated.shape)
    order = np.lexsort((noise, simulated), axis=0)
    place = np.empty(simulated.shape)
    np.put_along_axis(place, order, np.arange(len(simulated))[:, np.newaxis] + 0.5, axis=0)
    solved = np.isfinite(simulated)
    return np.where(solved, place / solved.sum(axis=0), np.nan)


def _share(
    hit: Bool[np.ndarray, "replicate observation"],
    ranks: Float[np.ndarray, "replicate observation"],
) -> Float[np.ndarray, " replicate"]:
    """Return the share of a replicate's observations that are hit, of those that were solved."""
    solved = np.isfinite(ranks).sum(axis=1)
    share: Float[np.ndarray, " replicate"] = hit.sum(axis=1) / np.maximum(solved, 1)
    return share
