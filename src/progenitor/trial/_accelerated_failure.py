"""Exponential and Weibull regression of right-censored times."""

from dataclasses import dataclass
from typing import Final, Literal, final

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import InputError, Problem
from progenitor.trial._cox_regression import require_covariates

__all__ = ["AcceleratedFailure", "FailureTimes", "accelerated_failure"]

FailureTimes = Literal["exponential", "weibull"]

_ROUNDS: Final = 200
_CLOSE: Final = 1e-11


@final
@dataclass(frozen=True, slots=True, eq=False)
class AcceleratedFailure:
    """A fitted regression of the logarithm of time.

    Parameters
    ----------
    coefficients
        Intercept and one for each covariate, on the logarithm of time (1 + covariate,).
    scale
        σ; the Weibull shape is 1/σ, and 1 for the exponential.
    covariance
        Of coefficients and, for the Weibull, of ln σ as the last.
    log_likelihood
        Of the times themselves.
    """

    coefficients: Float[np.ndarray, " coefficient"]
    scale: float
    covariance: Float[np.ndarray, "parameter parameter"]
    log_likelihood: float


def accelerated_failure(
    time: Float[np.ndarray, " patient"],
    event: Shaped[np.ndarray, " patient"],
    covariates: Float[np.ndarray, "patient covariate"],
    *,
    times: FailureTimes = "weibull",
) -> AcceleratedFailure:
    r"""Fit :math:`\ln T = \beta_0 + \beta x + \sigma W` with W of smallest extreme value.

    With :math:`u_i = (\ln t_i - \beta_0 - \beta x_i)/\sigma` and event :math:`\delta_i`,

    .. math:: \ell = \sum_i \delta_i (u_i - \ln\sigma - \ln t_i) - e^{u_i}

    so that T is Weibull with shape 1/σ and scale :math:`e^{\beta_0 + \beta x}`; σ is 1 for the
    exponential. The hazard ratio of a covariate is :math:`e^{-\beta/\sigma}`.

    Parameters
    ----------
    time
        Days to event or censoring, above 0 (patient,).
    event
        1 for an event (patient,).
    covariates
        One column for each coefficient besides the intercept (patient, covariate).
    times
        ``weibull`` or ``exponential``.

    Raises
    ------
    InputError
        If a time is not above 0, an event or covariate impossible, or there is no maximum.

    References
    ----------
    Kalbfleisch, Prentice 2002, The Statistical Analysis of Failure Time Data, section 3.2.

    Examples
    --------
    >>> time, event = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 1, 1, 0])
    >>> fit = accelerated_failure(time, event, np.zeros((4, 0)), times="exponential")
    >>> round(float(np.exp(fit.coefficients[0])), 6)
    3.333333
    """
    require_covariates(time, event, covariates)
    if np.any(time <= 0.0):
        fix = "count such patients as half a day, or leave them out"
        raise InputError([Problem(f"the time {time.min():g} is not above 0", fix, field="time")])
    design = np.column_stack([np.ones(time.size), covariates])
    centre = np.concatenate([[0.0], covariates.mean(axis=0)])
    shifted = design - centre
    happened = (event != 0).astype(float)
    count = design.shape[1] + (times == "weibull")
    start = np.zeros(count)
    start[0] = np.log(time.sum() / happened.sum())
    with np.errstate(over="ignore", invalid="ignore"):  # a step too far is taken back
        theta, information = _climb(start, np.log(time), happened, shifted)
    back = np.eye(count)
    back[0, 1 : design.shape[1]] = -centre[1:]  # from centred covariates to their own origin
    coefficients = (back @ theta)[: design.shape[1]]
    covariance = back @ np.linalg.inv(information) @ back.T
    sigma = float(np.exp(theta[-1])) if times == "weibull" else 1.0
    value = _likelihood(theta, np.log(time), happened, shifted)[0]
    return AcceleratedFailure(coefficients, sigma, covariance, value)


def _climb(
    theta: Float[np.ndarray, " parameter"],
    logs: Float[np.ndarray, " patient"],
    happened: Float[np.ndarray, " patient"],
    design: Float[np.ndarray, "patient coefficient"],
) -> tuple[Float[np.ndarray, " parameter"], Float[np.ndarray, "parameter parameter"]]:
    """Newton's method with halved steps, and the information made positive where it is not."""
    value, push, information = _likelihood(theta, logs, happened, design)
    for _ in range(_ROUNDS):
        step = np.linalg.solve(_positive(information), push)
        nearest = 1.0
        while True:
            tried = theta + nearest * step
            found = _likelihood(tried, logs, happened, design)
            if found[0] >= value - 1e-10 * (1.0 + abs(value)) or nearest < 1e-10:
                break
            nearest /= 2.0
        theta, (value, push, information) = tried, found
        if abs(push @ step) < _CLOSE * (1.0 + abs(value)) and np.abs(nearest * step).max() < 1e-7:
            return theta, information
        if not np.all(np.abs(theta) < 1e3):
            break
    fix = "leave out the covariate in one level of which nobody has an event"
    raise InputError([Problem("the likelihood has no maximum", fix, field="covariates")])


def _likelihood(
    theta: Float[np.ndarray, " parameter"],
    logs: Float[np.ndarray, " patient"],
    happened: Float[np.ndarray, " patient"],
    design: Float[np.ndarray, "patient coefficient"],
) -> tuple[float, Float[np.ndarray, " parameter"], Float[np.ndarray, "parameter parameter"]]:
    """Value, gradient and information; ln σ is the last parameter where there is one more."""
    count = design.shape[1]
    free = theta.size > count
    tau = float(theta[count]) if free else 0.0
    sigma = np.exp(np.clip(tau, -50.0, 50.0))
    u = (logs - design @ theta[:count]) / sigma
    growth = np.exp(np.minimum(u, 700.0))
    value = float((happened * (u - tau - logs) - growth).sum())
    first = happened - growth  # derivative by u
    slopes = -design / sigma
    if free:
        slopes = np.column_stack([slopes, -u])
    push = first @ slopes
    information = slopes.T @ (growth[:, None] * slopes)
    if free:
        push[count] -= happened.sum()
        cross = first @ design / sigma
        information[:count, count] -= cross
        information[count, :count] -= cross
        information[count, count] -= float(first @ u)
    return value, push, information


def _positive(
    matrix: Float[np.ndarray, "parameter parameter"],
) -> Float[np.ndarray, "parameter parameter"]:
    values, vectors = np.linalg.eigh(matrix)
    floor = 1e-8 * max(float(np.abs(values).max()), 1e-8)
    return np.asarray((vectors * np.maximum(np.abs(values), floor)) @ vectors.T)
