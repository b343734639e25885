"""Averages of trials over parameter draws, each with interval and Monte Carlo error."""

from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from progenitor.study.results import Estimate
from progenitor.trial import between_variance, estimate, estimate_from_draws

__all__ = ["averaged", "between_share", "rate_of", "simple_share"]


def averaged(measure: np.ndarray[Any, Any], draws: int, *, label: str, unit: str = "1") -> Estimate:
    """Average a measure of trials; trial k belongs to draw k mod ``draws``; NaN is left out.

    Examples
    --------
    >>> found = averaged(np.array([0.0, 1.0] * 50), 2, label="chosen")
    >>> found.value, found.n
    (0.5, 100)
    """
    means, variances = _by_draw(measure, draws)
    found = estimate_from_draws(means, variances)
    count = int(np.isfinite(measure.astype(float)).sum())
    error = found.mcse
    if _binary(measure) and count:
        share = (np.nansum(measure.astype(float)) + 0.5) / (count + 1.0)
        error = max(error, float((share * (1.0 - share) / count) ** 0.5))
    return Estimate(found.value, found.low, found.high, unit, label, count, error)


def between_share(measure: np.ndarray[Any, Any], draws: int) -> float:
    """Share of the variance of a measure that lies between draws; NaN where it never varies."""
    means, variances = _by_draw(measure, draws)
    total = float(np.nanvar(measure.astype(float)))
    if draws < 2 or total <= 0.0:
        return float("nan")
    return min(1.0, between_variance(means, variances) / total)


def rate_of(
    yes: Bool[np.ndarray, "draw patient"], who: Bool[np.ndarray, "draw patient"], label: str
) -> Estimate:
    """Share of some patients, over draws."""
    found = estimate(np.where(who, yes.astype(float), np.nan), "proportion")
    return Estimate(*found[:3], "1", label, int(who.sum()), found.mcse)


def simple_share(share: float, count: int, label: str) -> Estimate:
    """Share of independent trials, without parameter draws and so without an interval."""
    moved = (share * count + 0.5) / (count + 1.0)
    error = float((moved * (1.0 - moved) / count) ** 0.5)
    return Estimate(share, float("nan"), float("nan"), "1", label, count, error)


def _by_draw(
    measure: np.ndarray[Any, Any], draws: int
) -> tuple[Float[np.ndarray, " draw"], Float[np.ndarray, " draw"]]:
    """Mean of each draw, and the variance of that mean by chance among its trials."""
    means, variances = np.full(draws, np.nan), np.full(draws, np.nan)
    binary = _binary(measure)
    for draw in range(draws):
        values = measure[draw::draws].astype(float)
        values = values[~np.isnan(values)]
        if not values.size:
            continue
        means[draw] = values.mean()
        spread = values.var(ddof=1) if values.size > 1 else np.nan
        if binary:
            moved = (values.sum() + 0.5) / (values.size + 1.0)
            spread = moved * (1.0 - moved)
        variances[draw] = spread / values.size
    return means, variances


def _binary(measure: np.ndarray[Any, Any]) -> bool:
    values = measure.astype(float)
    values = values[~np.isnan(values)]
    return bool(np.all((values == 0.0) | (values == 1.0)))
