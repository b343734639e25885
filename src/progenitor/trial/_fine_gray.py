"""Fine–Gray regression: covariates and the cumulative incidence of one of several events."""

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import InputError, Problem
from progenitor.trial._cox_regression import CoxFit, maximise, require_covariates
from progenitor.trial._kaplan_meier import kaplan_meier
from progenitor.trial._partial_likelihood import PartialLikelihood, Ties

__all__ = ["fine_gray"]


def fine_gray(
    time: Float[np.ndarray, " patient"],
    cause: Shaped[np.ndarray, " patient"],
    covariates: Float[np.ndarray, "patient covariate"],
    *,
    ties: Ties = "efron",
) -> CoxFit:
    r"""Fit proportional subdistribution hazards of cause 1.

    A patient with a competing event at :math:`T_j` stays at risk of cause 1 with the weight

    .. math:: w_j(t) = \hat G(t^-) / \hat G(T_j^-), \quad t > T_j

    where :math:`\hat G` is the Kaplan–Meier curve of censoring, which at equal times follows
    events. The coefficients are logarithms of subdistribution hazard ratios; their covariance here
    is the inverse information, which takes the weights as known.

    Parameters
    ----------
    time
        Days to the first event or censoring (patient,).
    cause
        0 censored, 1 the event of interest, 2 or more competing (patient,).
    covariates
        One column for each coefficient (patient, covariate).
    ties
        ``efron`` or ``breslow``.

    Raises
    ------
    InputError
        If a time, a cause or a covariate is impossible.

    References
    ----------
    Fine, Gray 1999, JASA 94:496–509, doi:10.1080/01621459.1999.10474144; Geskus 2011, Biometrics
    67:39–49, doi:10.1111/j.1541-0420.2010.01420.x.

    Examples
    --------
    >>> time, cause = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1, 2, 1, 0, 1])
    >>> fit = fine_gray(time, cause, np.array([[0.0], [1.0], [1.0], [0.0], [0.0]]))
    >>> round(float(fit.coefficients[0]), 4)
    -0.3401
    """
    require_covariates(time, cause, covariates, causes=max(int(np.max(cause, initial=1)), 1))
    if np.any(cause > 1) and not np.all(cause == np.round(cause)):
        raise InputError([Problem("a cause is not whole", "give 0, 1, 2, …", field="cause")])
    order = np.unique(time)
    # an event and a censoring at the same time: the censoring is a little later
    shifted = 2.0 * np.searchsorted(order, time) + (cause == 0)
    curve = kaplan_meier(shifted, cause == 0)
    before = np.concatenate([[1.0], curve.survival])

    def free_of_censoring(at: Float[np.ndarray, " value"]) -> Float[np.ndarray, " value"]:
        ranks = 2.0 * np.searchsorted(order, at)
        return np.asarray(before[np.searchsorted(curve.times, ranks, side="left")])

    moments = np.unique(time[cause == 1])
    lingering = np.where(cause > 1, 1.0 / free_of_censoring(time), 0.0)
    factors = zip(moments.tolist(), free_of_censoring(moments).tolist(), strict=True)
    likelihood = PartialLikelihood.of(
        time, cause == 1, covariates, ties=ties, lingering=lingering, scale=tuple(factors)
    )
    return maximise(likelihood)
