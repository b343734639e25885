"""Mixture cure: some never have the event, the others after a Weibull time."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import InputError, Problem
from progenitor.trial._cox_regression import require_covariates

__all__ = ["MixtureCure", "mixture_cure"]

_LARGEST: Final = 25.0
"""Logit of a cure fraction, or logarithm of a Weibull parameter, beyond which there is no fit."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class MixtureCure:
    """A fitted mixture of cured patients and Weibull times.

    Parameters
    ----------
    cure_coefficients
        Intercept and covariates of the logit of being cured (1 + covariate,).
    time_coefficients
        Intercept and covariates of ln λ, the Weibull scale of the others (1 + covariate,).
    shape
        Weibull shape k.
    covariance
        Of cure coefficients, time coefficients and ln k, in this order.
    log_likelihood
        At the maximum.
    converged
        False where the data cannot tell a cure fraction from late events.
    """

    cure_coefficients: Float[np.ndarray, " coefficient"]
    time_coefficients: Float[np.ndarray, " coefficient"]
    shape: float
    covariance: Float[np.ndarray, "parameter parameter"]
    log_likelihood: float
    converged: bool

    def cured(
        self, covariates: Float[np.ndarray, "patient covariate"]
    ) -> Float[np.ndarray, " patient"]:
        """Probability of being cured."""
        return np.asarray(1.0 / (1.0 + np.exp(-_design(covariates) @ self.cure_coefficients)))

    def survival(
        self, time: float, covariates: Float[np.ndarray, "patient covariate"]
    ) -> Float[np.ndarray, " patient"]:
        """Probability of being event-free at a time."""
        scale = np.exp(_design(covariates) @ self.time_coefficients)
        cured = self.cured(covariates)
        return np.asarray(cured + (1.0 - cured) * np.exp(-((time / scale) ** self.shape)))


def mixture_cure(
    time: Float[np.ndarray, " patient"],
    event: Shaped[np.ndarray, " patient"],
    covariates: Float[np.ndarray, "patient covariate"],
) -> MixtureCure:
    r"""Fit a logistic–Weibull mixture cure model by maximum likelihood.

    With :math:`\operatorname{logit} \pi = \alpha_0 + \alpha x` and
    :math:`\ln\lambda = \beta_0 + \beta x`,

    .. math::

        S(t) = \pi + (1-\pi)\,e^{-(t/\lambda)^k}, \qquad
        \ell = \sum_i \delta_i \ln\Bigl[(1-\pi_i)\frac{k}{t_i} H_i e^{-H_i}\Bigr]
            + (1-\delta_i) \ln S(t_i), \quad H_i = (t_i/\lambda_i)^k

    Parameters
    ----------
    time
        Days to event or censoring, above 0 (patient,).
    event
        1 for an event (patient,).
    covariates
        Columns that act on both parts; none with shape (patient, 0).

    Returns
    -------
    MixtureCure
        ``converged`` is False where the likelihood has its maximum at a cure fraction of 0 or 1:
        the follow-up is too short to see a plateau. Parameters are NaN then.

    Raises
    ------
    InputError
        If a time is not above 0, or an event or covariate is impossible.

    References
    ----------
    Farewell 1982, Biometrics 38:1041–1046, doi:10.2307/2529885; Maller, Zhou 1996, Survival
    Analysis with Long-Term Survivors.

    Examples
    --------
    >>> time = np.concatenate([np.arange(1.0, 31.0), np.full(20, 400.0)])
    >>> fit = mixture_cure(time, np.arange(50) < 30, np.zeros((50, 0)))
    >>> fit.cured(np.zeros((1, 0))).round(4).tolist(), fit.converged
    ([0.4], True)
    """
    from scipy.optimize import minimize

    require_covariates(time, event, covariates)
    if np.any(time <= 0.0):
        fix = "count such patients as half a day, or leave them out"
        raise InputError([Problem(f"the time {time.min():g} is not above 0", fix, field="time")])
    means = covariates.mean(axis=0)
    design = _design(covariates - means)
    happened = event != 0
    columns = design.shape[1]
    best = None
    for cured in (0.5 * (1.0 - happened.mean()) + 0.02, 0.9 * (1.0 - happened.mean()) + 0.02):
        start = np.zeros(2 * columns + 1)
        start[0] = np.log(cured / (1.0 - cured))
        start[columns] = np.log(np.median(time[happened]) / np.log(2.0))
        found = minimize(
            _loss, start, args=(time, happened, design), jac=True, method="BFGS",
            options={"gtol": 1e-9, "maxiter": 2000},
        )  # fmt: skip
        if best is None or found.fun < best.fun:
            best = found
    assert best is not None
    theta, hessian, converged = _polish(best.x, time, happened, design)
    back = _uncentre(means)
    free = np.eye(2 * columns + 1)
    free[:columns, :columns] = free[columns : 2 * columns, columns : 2 * columns] = back
    estimate, value = free @ theta, -_loss(theta, time, happened, design)[0]
    covariance = np.full(hessian.shape, np.nan)
    if converged:
        covariance = free @ np.linalg.inv(hessian) @ free.T
    else:
        estimate = np.full(estimate.shape, np.nan)
    parts = (estimate[:columns], estimate[columns : 2 * columns], float(np.exp(estimate[-1])))
    return MixtureCure(*parts, covariance, value, converged)


def _design(
    covariates: Float[np.ndarray, "patient covariate"],
) -> Float[np.ndarray, "patient coefficient"]:
    return np.column_stack([np.ones(covariates.shape[0]), covariates])


def _uncentre(means: Float[np.ndarray, " covariate"]) -> Float[np.ndarray, "row column"]:
    back = np.eye(means.size + 1)
    back[0, 1:] = -means
    return back


def _loss(
    theta: Float[np.ndarray, " parameter"],
    time: Float[np.ndarray, " patient"],
    happened: Shaped[np.ndarray, " patient"],
    design: Float[np.ndarray, "patient coefficient"],
) -> tuple[float, Float[np.ndarray, " parameter"]]:
    """Minus the log-likelihood, and its gradient."""
    columns = design.shape[1]
    logit = design @ theta[:columns]
    shape = np.exp(np.clip(theta[-1], -_LARGEST, _LARGEST))
    u = shape * (np.log(time) - design @ theta[columns : 2 * columns])
    growth = np.exp(np.clip(u, -700.0, 700.0))
    log_cured, log_other = -np.logaddexp(0.0, -logit), -np.logaddexp(0.0, logit)
    cured = np.exp(log_cured)
    alive = np.logaddexp(log_cured, log_other - growth)
    value = np.where(happened, log_other + theta[-1] - np.log(time) + u - growth, alive)
    uncured = np.exp(log_other - growth - alive)  # of those censored, probably not cured
    by_logit = np.where(
        happened, -cured, (1.0 - cured) * np.exp(log_cured - alive) - cured * uncured
    )
    by_u = np.where(happened, 1.0 - growth, -np.where(uncured > 0.0, uncured * growth, 0.0))
    gradient = np.concatenate(
        [
            by_logit @ design,
            -shape * (by_u @ design),
            [happened.sum() + by_u @ u],
        ]
    )
    return -float(value.sum()), -gradient


def _polish(
    theta: Float[np.ndarray, " parameter"],
    time: Float[np.ndarray, " patient"],
    happened: Shaped[np.ndarray, " patient"],
    design: Float[np.ndarray, "patient coefficient"],
) -> tuple[Float[np.ndarray, " parameter"], Float[np.ndarray, "row column"], bool]:
    """Newton's last steps; the second derivative is a difference of exact gradients."""
    size = theta.size
    for last in (False, False, False, True):
        width = 1e-5 * np.maximum(1.0, np.abs(theta))
        hessian = np.zeros((size, size))
        for column in range(size):
            shift = np.zeros(size)
            shift[column] = width[column]
            ahead = _loss(theta + shift, time, happened, design)[1]
            behind = _loss(theta - shift, time, happened, design)[1]
            hessian[column] = (ahead - behind) / (2.0 * width[column])
        hessian = (hessian + hessian.T) / 2.0
        bent = bool(np.linalg.eigvalsh(hessian).min() > 1e-7)
        if last or not bent:
            break
        theta = theta - np.linalg.solve(hessian, _loss(theta, time, happened, design)[1])
    steep = np.abs(_loss(theta, time, happened, design)[1]).max()
    inside = abs(theta[0]) < _LARGEST and abs(theta[-1]) < _LARGEST
    return theta, hessian, bent and inside and bool(steep < 1e-5)
