"""Assurance: the probability that a trial succeeds, averaged over what is believed."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem
from progenitor.trial._decision import AbstractDesign
from progenitor.trial._posterior import check_prior

__all__ = ["NormalAssurance", "assurance", "normal_assurance"]


@final
@dataclass(frozen=True, slots=True)
class NormalAssurance:
    """Assurance of a two-arm comparison of means, beside the power it is often mistaken for.

    Parameters
    ----------
    assurance
        Probability of a significant result, averaged over the prior of the effect.
    power_at_prior_mean
        Power if the effect were the prior's mean.
    limit
        What assurance cannot exceed however large the trial: P(effect > 0).
    """

    assurance: float
    power_at_prior_mean: float
    limit: float


def assurance(design: AbstractDesign, *, a: float, b: float) -> float:
    r"""Average a single-arm design's probability of success over a Beta(a, b) prior of the rate.

    .. math:: A = \int_0^1 P(success \mid p)\; \mathrm{Beta}(p; a, b)\, dp

    The probability of success is a polynomial in p of degree ``design.patients``, which
    Gauss–Jacobi quadrature with more than half as many nodes integrates exactly.

    Parameters
    ----------
    design
        Any single-arm design.
    a, b
        Shapes of the prior.

    References
    ----------
    O'Hagan, Stevens and Campbell 2005, Pharmaceutical Statistics 4:187–201, doi:10.1002/pst.175.

    Examples
    --------
    >>> from progenitor.trial import SimonTwoStage
    >>> design = SimonTwoStage(p0=0.05, p1=0.25, r1=0, n1=9, r=2, n=17)
    >>> round(assurance(design, a=1.0, b=1.0), 6)
    0.826471
    """
    check_prior(a, b)
    rates, weights = _beta_nodes(design.patients // 2 + 1, a, b)
    chances = [design.success_probability(float(rate)) for rate in rates]
    return min(max(float(weights @ np.asarray(chances)), 0.0), 1.0)


def _beta_nodes(
    count: int, a: float, b: float
) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
    """Nodes and weights of the Gauss rule of a Beta distribution, by Golub and Welsch.

    The rule's tridiagonal matrix holds the recurrence of the Jacobi polynomials; its eigenvalues
    are the nodes, the squares of the first components of its eigenvectors the weights.
    """
    from scipy.linalg import eigh_tridiagonal

    alpha, beta = b - 1.0, a - 1.0
    total, k = alpha + beta, np.arange(1.0, count)
    twice = 2.0 * k + total
    centre = np.append(
        (beta - alpha) / (total + 2.0), (beta - alpha) * total / (twice * (twice + 2.0))
    )
    square = np.empty(count - 1)
    if count > 1:
        square[0] = 4.0 * a * b / ((total + 2.0) ** 2 * (total + 3.0))
        k, twice = k[1:], twice[1:]
        square[1:] = 4.0 * k * (k + alpha) * (k + beta) * (k + total)
        square[1:] /= twice**2 * (twice + 1.0) * (twice - 1.0)
    nodes, vectors = eigh_tridiagonal(centre, np.sqrt(square))
    return np.clip((1.0 + nodes) / 2.0, 0.0, 1.0), np.asarray(vectors[0] ** 2)


def normal_assurance(
    *, n_total: int, sigma: float, prior_mean: float, prior_sd: float, alpha: float
) -> NormalAssurance:
    r"""Average the power of a two-arm z-test over a normal prior of the difference of means.

    With half of N patients in each arm, :math:`s = 2\sigma/\sqrt N` and a prior
    :math:`N(m, \tau^2)` of the difference,

    .. math:: A = \Phi\!\left(\frac{m - z_{1-\alpha}\, s}{\sqrt{s^2 + \tau^2}}\right)

    Parameters
    ----------
    n_total
        Patients in both arms together.
    sigma
        Standard deviation of one patient's outcome.
    prior_mean, prior_sd
        Prior of the difference; 0 for a point.
    alpha
        One-sided significance level.

    Raises
    ------
    InputError
        Listing every number that is impossible.

    References
    ----------
    O'Hagan, Stevens and Campbell 2005, Pharmaceutical Statistics 4:187–201, doi:10.1002/pst.175.

    Examples
    --------
    >>> found = normal_assurance(n_total=100, sigma=1, prior_mean=0.25, prior_sd=0.2, alpha=0.025)
    >>> round(found.assurance, 6), round(found.power_at_prior_mean, 6)
    (0.307827, 0.238863)
    """
    wrong = {
        "n_total": (n_total, n_total >= 2, "at least 2 patients"),
        "sigma": (sigma, 0.0 < sigma < np.inf, "a standard deviation above 0"),
        "prior_sd": (prior_sd, 0.0 <= prior_sd < np.inf, "a standard deviation of at least 0"),
        "alpha": (alpha, 0.0 < alpha < 1.0, "a level between 0 and 1"),
        "prior_mean": (prior_mean, bool(np.isfinite(prior_mean)), "a finite difference"),
    }
    problems = [
        Problem(f"{name} = {value:g}", f"give {fix}")
        for name, (value, good, fix) in wrong.items()
        if not good
    ]
    if problems:
        raise InputError(problems)
    from scipy.special import ndtr, ndtri

    error = 2.0 * sigma / n_total**0.5
    quantile = float(ndtri(1.0 - alpha))
    spread = float(np.hypot(error, prior_sd))
    sure = 1.0 if prior_mean > 0.0 else (0.0 if prior_mean < 0.0 else 0.5)
    return NormalAssurance(
        assurance=float(ndtr((prior_mean - quantile * error) / spread)),
        power_at_prior_mean=float(ndtr(prior_mean / error - quantile)),
        limit=float(ndtr(prior_mean / prior_sd)) if prior_sd > 0.0 else sure,
    )
