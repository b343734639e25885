"""How good probabilities were, once it is known what happened."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem

__all__ = ["BinaryScores", "CalibrationBin", "calibration_bins", "score_probabilities"]

_STEPS: Final = 100
_FLAT: Final = 1e-12
_FAR: Final = 50.0
"""A logistic coefficient beyond this means that outcomes are separated: nothing to estimate."""


@final
@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Forecasts between two probabilities: what was said and what happened.

    Parameters
    ----------
    low, high
        Edges; the upper belongs to the next bin, except 1.
    count
        Forecasts in the bin.
    mean_forecast, observed
        Their mean, and the share of events.
    """

    low: float
    high: float
    count: int
    mean_forecast: float
    observed: float


@final
@dataclass(frozen=True, slots=True)
class BinaryScores:
    """Scores of probabilities of events.

    Parameters
    ----------
    count, base_rate
        Forecasts, and share of events.
    brier, log_loss
        Mean squared error, and mean negative log likelihood (infinite where certainty was wrong).
    skill
        1 − Brier / Brier of always saying the base rate; NaN where everything or nothing happened.
    reliability, resolution, uncertainty
        Parts of the Brier score, over bins of forecasts: Brier ≈ reliability − resolution +
        uncertainty, exactly so where forecasts within a bin are equal.
    calibration_error
        Mean distance of forecast and observed share over bins (ECE).
    spiegelhalter_z
        Standard normal if the probabilities are right; NaN where all were certain or ½.
    calibration_in_the_large
        Log odds to add to every forecast to make their mean right.
    calibration_intercept, calibration_slope
        Logistic regression of events on the log odds forecast: 0 and 1 are perfect.
    auc
        Probability that an event was given more than a non-event, ties counting half.
    """

    count: int
    base_rate: float
    brier: float
    log_loss: float
    skill: float
    reliability: float
    resolution: float
    uncertainty: float
    calibration_error: float
    spiegelhalter_z: float
    calibration_in_the_large: float
    calibration_intercept: float
    calibration_slope: float
    auc: float


def score_probabilities(
    probability: Float[np.ndarray, " forecast"],
    happened: Float[np.ndarray, " outcome"],
    *,
    bins: int = 10,
) -> BinaryScores:
    r"""Score probabilities against what happened.

    .. math::

        Brier = \frac1n\sum (p_i - y_i)^2, \qquad
        Z = \frac{\sum (y_i - p_i)(1 - 2p_i)}{\sqrt{\sum (1-2p_i)^2 p_i (1-p_i)}}

    Parameters
    ----------
    probability
        Forecast probabilities.
    happened
        1 where the event happened, else 0.
    bins
        Bins of equal width for reliability, resolution and calibration error.

    Raises
    ------
    InputError
        Listing everything that is not a forecast or an outcome.

    References
    ----------
    Murphy 1973, J Appl Meteorol 12:595–600; Spiegelhalter 1986, Statistics in Medicine 5:421–433,
    doi:10.1002/sim.4780050506; Cox 1958, Biometrika 45:562–565 (slope and intercept).

    Examples
    --------
    >>> scores = score_probabilities(np.array([0.9, 0.2, 0.6, 0.1]), np.array([1.0, 0, 0, 0]))
    >>> round(scores.brier, 4), round(scores.log_loss, 4), scores.auc
    (0.105, 0.3375, 1.0)
    """
    p, y = np.asarray(probability, dtype=float), np.asarray(happened, dtype=float)
    _check(p, y, bins)
    rate = float(y.mean())
    uncertainty = rate * (1.0 - rate)
    brier = float(np.mean((p - y) ** 2))
    reliability, resolution, error = _decomposition(p, y, bins)
    intercept, slope = _logistic(p, y)
    return BinaryScores(
        count=p.size,
        base_rate=rate,
        brier=brier,
        log_loss=_log_loss(p, y),
        skill=1.0 - brier / uncertainty if uncertainty > 0.0 else np.nan,
        reliability=reliability,
        resolution=resolution,
        uncertainty=uncertainty,
        calibration_error=error,
        spiegelhalter_z=_spiegelhalter(p, y),
        calibration_in_the_large=_in_the_large(p, y),
        calibration_intercept=intercept,
        calibration_slope=slope,
        auc=_auc(p, y),
    )


def calibration_bins(
    probability: Float[np.ndarray, " forecast"],
    happened: Float[np.ndarray, " forecast"],
    *,
    bins: int = 10,
) -> tuple[CalibrationBin, ...]:
    """Compare what was said with what happened in bins of equal width; empty ones are left out.

    Examples
    --------
    >>> calibration_bins(np.array([0.25, 0.35]), np.array([0.0, 1.0]), bins=2)[0].observed
    0.5
    """
    p, y = np.asarray(probability, dtype=float), np.asarray(happened, dtype=float)
    _check(p, y, bins)
    # by comparison with the edges: 0.29 · 100 is below 29 in floating point
    which = np.searchsorted(np.arange(1, bins) / bins, p, side="right")
    return tuple(
        CalibrationBin(
            k / bins, (k + 1) / bins, int(m.sum()), float(p[m].mean()), float(y[m].mean())
        )
        for k in range(bins)
        if (m := which == k).any()
    )


def _check(p: Float[np.ndarray, " n"], y: Float[np.ndarray, " m"], bins: int) -> None:
    problems = []
    if p.size != y.size or p.size == 0:
        text = f"{p.size} probabilities and {y.size} outcomes"
        problems.append(Problem(text, "give one outcome for each of at least one forecast"))
    if not np.all((p >= 0.0) & (p <= 1.0)):
        problems.append(Problem("a probability is outside 0 to 1", "give shares, not percent"))
    if not np.all((y == 0.0) | (y == 1.0)):
        problems.append(Problem("an outcome is neither 0 nor 1", "give 1 where it happened"))
    if bins < 1:
        problems.append(Problem(f"{bins} bins", "give at least 1"))
    if problems:
        raise InputError(problems)


def _log_loss(p: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> float:
    given = np.where(y == 1.0, p, 1.0 - p)
    with np.errstate(divide="ignore"):
        return float(np.mean(-np.log(given)))


def _decomposition(
    p: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"], bins: int
) -> tuple[float, float, float]:
    rate, total = float(y.mean()), p.size
    reliability = resolution = error = 0.0
    for found in calibration_bins(p, y, bins=bins):
        share, gap = found.count / total, found.mean_forecast - found.observed
        reliability += share * gap**2
        resolution += share * (found.observed - rate) ** 2
        error += share * abs(gap)
    return reliability, resolution, error


def _spiegelhalter(p: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> float:
    variance = float(((1.0 - 2.0 * p) ** 2 * p * (1.0 - p)).sum())
    if variance <= 0.0:
        return np.nan
    return float(((y - p) * (1.0 - 2.0 * p)).sum() / np.sqrt(variance))


def _log_odds(p: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"] | None:
    """Log odds, or None where a forecast was certain."""
    from scipy.special import logit

    return np.asarray(logit(p)) if np.all((p > 0.0) & (p < 1.0)) else None


def _in_the_large(p: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> float:
    """Newton's method for the shift; NaN where everything or nothing happened."""
    from scipy.special import expit

    odds, shift = _log_odds(p), 0.0
    if odds is None or y.min() == y.max():
        return np.nan
    for _ in range(_STEPS):
        fitted = expit(odds + shift)
        step = float((y - fitted).sum() / (fitted * (1.0 - fitted)).sum())
        shift += float(np.clip(step, -1.0, 1.0))
        if abs(step) < _FLAT:
            break
    return shift


def _logistic(p: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> tuple[float, float]:
    """Intercept and slope by Newton's method with halved steps; NaN where they do not exist."""
    from scipy.special import expit, log_expit

    odds = _log_odds(p)
    if odds is None or y.min() == y.max() or odds.min() == odds.max():
        return np.nan, np.nan
    design = np.stack([np.ones_like(odds), odds], axis=1)
    weights = np.array([0.0, 1.0])

    def likelihood(at: Float[np.ndarray, " two"]) -> float:
        line = design @ at
        return float((y * log_expit(line) + (1.0 - y) * log_expit(-line)).sum())

    for _ in range(_STEPS):
        fitted = expit(design @ weights)
        information = design.T @ (design * (fitted * (1.0 - fitted))[:, None])
        if np.abs(weights).max() > _FAR or np.linalg.cond(information) > 1.0 / _FLAT:
            return np.nan, np.nan
        step = np.linalg.solve(information, design.T @ (y - fitted))
        while (
            likelihood(weights + step) < likelihood(weights) - _FLAT and np.abs(step).max() > _FLAT
        ):
            step = step / 2.0
        weights = weights + step
        if np.abs(step).max() < _FLAT:
            break
    return float(weights[0]), float(weights[1])


def _auc(p: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> float:
    """Ranks of the events among all, ties at their mean rank."""
    events = int(y.sum())
    if events in (0, y.size):
        return np.nan
    _, place, counts = np.unique(p, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2.0)[place]
    return float(
        (rank[y == 1.0].sum() - events * (events + 1) / 2.0) / (events * (y.size - events))
    )
