"""The posterior of a one-parameter dose–toxicity curve, for many trials at once."""

from collections.abc import Callable
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.trial._dose_toxicity_models import INTERCEPT, CurveModel, log_curve

__all__ = ["CurvePosterior", "PendingPatients", "curve_posterior"]

_REACH = 38.0  # prior standard deviations searched: exp(−38²/2) is below the smallest number
_COARSE = 8.0  # coarse points per prior standard deviation
_NEGLIGIBLE = 60.0  # log density below the highest that is left out; exp(−60) ≈ 1e-26
_PER_DEVIATION = 1.3  # fine points per smallest standard deviation; error 2·exp(−2π²·1.3²) ≈ 7e-15
_PER_STRIP = 5.5  # fine points per width of the strip of analyticity; error exp(−2π·5.5) ≈ 1e-15
_SIMPSON = 8  # pairs of Simpson intervals per fine step; error below 1e-7
_BLOCK = 4_000_000  # numbers held at once


@final
class CurvePosterior(NamedTuple):
    """Mean and variance of β given the data, one per trial.

    Parameters
    ----------
    mean, variance
        Of β (trial,).
    below
        P(β < limit) (trial,); NaN without a limit.
    """

    mean: Float[np.ndarray, " trial"]
    variance: Float[np.ndarray, " trial"]
    below: Float[np.ndarray, " trial"]


@final
class PendingPatients(NamedTuple):
    """Patients whose follow-up is not complete and who have had no toxicity yet.

    Parameters
    ----------
    trial
        Trial of each patient (patient,).
    level
        Dose of each patient, from 0 (patient,).
    weight
        Share of the window followed, from 0 to 1 (patient,).
    """

    trial: Int[np.ndarray, " patient"]
    level: Int[np.ndarray, " patient"]
    weight: Float[np.ndarray, " patient"]


def curve_posterior(
    skeleton: Float[np.ndarray, " dose"],
    treated: Float[np.ndarray, "trial dose"],
    toxic: Float[np.ndarray, "trial dose"],
    *,
    model: CurveModel,
    scale: float,
    intercept: float = INTERCEPT,
    pending: PendingPatients | None = None,
    limit: float | None = None,
) -> CurvePosterior:
    r"""Return the posterior mean and variance of β under the prior N(0, scale²).

    .. math::

        L(\beta) = \prod_k p_k^{y_k} (1 - p_k)^{n_k - y_k} \prod_j (1 - w_j p_{k(j)})

    where j runs over patients still followed with weight w. The integrals are trapezoidal sums over
    an equidistant grid, whose error falls faster than any power of the step for a smooth density
    that vanishes at both ends: a coarse grid finds where the density is, a fine one integrates.

    Parameters
    ----------
    skeleton
        Prior guess at each dose (dose,).
    treated, toxic
        Patients with complete follow-up or toxicity, and with toxicity (trial, dose).
    model, intercept
        Curve.
    scale
        Prior standard deviation of β.
    pending
        Patients followed in part.
    limit
        Value of β below which the probability is wanted.

    References
    ----------
    O'Quigley, Pepe, Fisher 1990, doi:10.2307/2531628; weights: Cheung, Chappell 2000, Biometrics
    56:1177–1182, doi:10.1111/j.0006-341X.2000.01177.x.

    Examples
    --------
    >>> skeleton = np.array([0.0491, 0.1105, 0.2, 0.3085, 0.4234])
    >>> treated, toxic = np.array([[4.0, 5, 1, 0, 0]]), np.array([[0.0, 2, 0, 0, 0]])
    >>> found = curve_posterior(skeleton, treated, toxic, model="power", scale=1.34**0.5)
    >>> found.mean.round(6).tolist(), found.variance.round(6).tolist()
    ([-0.368919], [0.145843])
    """
    data = np.hstack([toxic, treated - toxic]).astype(float)
    found = np.full((3, len(data)), np.nan)
    shape = _Shape(skeleton, model, scale, intercept)
    rows = max(1, _BLOCK // int(2 * _REACH * _COARSE))
    for start in range(0, len(data), rows):
        part = slice(start, start + rows)
        waiting = _between(pending, start, start + rows)
        found[:, part] = _block(data[part], waiting, shape, limit)
    return CurvePosterior(*found)


class _Shape(NamedTuple):
    """Curve and prior."""

    skeleton: Float[np.ndarray, " dose"]
    model: CurveModel
    scale: float
    intercept: float


def _block(
    data: Float[np.ndarray, "trial count"],
    waiting: PendingPatients | None,
    shape: _Shape,
    limit: float | None,
) -> Float[np.ndarray, "answer trial"]:
    """Mean, variance and probability below the limit of a block of trials."""
    reach = _REACH * shape.scale
    coarse = np.linspace(-reach, reach, int(2 * _REACH * _COARSE) + 1)
    first = _log_density(coarse, data, waiting, shape)
    inside = (first > first.max(axis=1, keepdims=True) - _NEGLIGIBLE).any(axis=0)
    reached = np.flatnonzero(inside)
    low, high = coarse[max(reached[0] - 1, 0)], coarse[min(reached[-1] + 1, coarse.size - 1)]
    most = float(data.sum(axis=1).max()) + _most_waiting(waiting)
    widest = _step(most, shape)
    fine = np.linspace(low, high, int(np.ceil((high - low) / widest)) + 1)
    density = _log_density(fine, data, waiting, shape)
    peak = density.max(axis=1, keepdims=True)
    density = np.exp(density - peak)
    mass = density.sum(axis=1)
    mean = density @ fine / mass
    variance = np.maximum(density @ fine**2 / mass - mean**2, 0.0)
    below = np.full(mass.shape, np.nan)
    if limit is not None:
        share = _simpson(
            limit,
            low,
            high,
            widest,
            lambda beta: np.exp(_log_density(beta, data, waiting, shape) - peak),
        )
        below = np.clip(share / (mass * (fine[1] - fine[0])), 0.0, 1.0)
    return np.vstack([mean, variance, below])


def _simpson(
    limit: float,
    low: float,
    high: float,
    widest: float,
    density: Callable[[Float[np.ndarray, " point"]], Float[np.ndarray, "trial point"]],
) -> Float[np.ndarray, " trial"]:
    """Integral of the density from ``low`` to the limit."""
    if limit <= low:
        return np.zeros(density(np.array([low])).shape[0])
    end = min(limit, high)
    count = 2 * int(np.ceil((end - low) / widest * _SIMPSON)) + 1
    weights = np.full(max(count, 3), 2.0)
    weights[1::2], weights[[0, -1]] = 4.0, 1.0
    points = np.linspace(low, end, weights.size)
    return np.asarray(density(points) @ weights * (points[1] - points[0]) / 3.0)


def _log_density(
    beta: Float[np.ndarray, " point"],
    data: Float[np.ndarray, "trial count"],
    waiting: PendingPatients | None,
    shape: _Shape,
) -> Float[np.ndarray, "trial point"]:
    """Log likelihood plus log prior, up to a constant of each trial."""
    log_p, log_q = log_curve(shape.skeleton, beta, shape.model, shape.intercept)
    total: Float[np.ndarray, "trial point"] = data @ np.vstack([log_p, log_q])
    total -= 0.5 * (beta / shape.scale) ** 2
    if waiting is not None and waiting.trial.size:
        spared = np.log1p(-waiting.weight[:, None] * np.exp(log_p[waiting.level]))
        np.add.at(total, waiting.trial, spared)
    return total


def _between(pending: PendingPatients | None, start: int, stop: int) -> PendingPatients | None:
    """Pending patients of a block of trials, counted from its first."""
    if pending is None:
        return None
    inside = (pending.trial >= start) & (pending.trial < stop) & (pending.weight > 0.0)
    trial, level, weight = (values[inside] for values in pending)
    return PendingPatients(trial - start, level, weight)


def _most_waiting(waiting: PendingPatients | None) -> float:
    """Most pending patients of one trial."""
    if waiting is None or not waiting.trial.size:
        return 0.0
    return float(np.bincount(waiting.trial).max())


def _step(patients: float, shape: _Shape) -> float:
    """Widest step that integrates a posterior of so many patients to rounding error.

    The narrowest posterior has every patient at the dose that tells most about β; the curve is
    analytic in a strip around the real axis that ends where 1 − p or 1 + e^η is 0.
    """
    intercept = shape.intercept
    if shape.model == "power":
        u = np.linspace(0.01, 10.0, 1000)
        most, strip = float((u**2 / np.expm1(u)).max()), np.pi / 2.0
    else:
        score = np.linspace(min(0.0, intercept) - 10.0, max(0.0, intercept) + 10.0, 1000)
        most = float(((score - intercept) ** 2 / (2.0 + 2.0 * np.cosh(score))).max())
        strip = float(np.arctan2(np.pi, max(intercept, 0.0)))
    narrowest = (1.0 / shape.scale**2 + patients * most) ** -0.5
    return float(min(narrowest / _PER_DEVIATION, strip / _PER_STRIP))
