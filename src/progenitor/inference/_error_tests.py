"""Tests of prediction errors against the standard normal distribution."""

from dataclasses import dataclass
from typing import Final, Literal, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem

__all__ = ["ErrorTests", "error_tests"]

_FEWEST: Final = 8
_SHAPIRO: Final = 5_000


@final
@dataclass(frozen=True, slots=True)
class ErrorTests:
    """How errors are distributed; mean 0, variance 1, skewness and kurtosis 0 are expected.

    Parameters
    ----------
    count
        Errors tested.
    mean, mean_se, variance, variance_se
        Estimates with their standard errors.
    skewness, kurtosis
        Third and fourth standardised moments; the kurtosis is that in excess of a normal's.
    p_mean, p_variance, p_normality
        Probability, under the model, of something as far out.
    p_global
        Three times the smallest of them, at most 1 (Bonferroni).
    """

    count: int
    mean: float
    mean_se: float
    variance: float
    variance_se: float
    skewness: float
    kurtosis: float
    p_mean: float
    p_variance: float
    p_normality: float
    p_global: float


def error_tests(
    error: Float[np.ndarray, " observation"], *, of_mean: Literal["t", "wilcoxon"] = "t"
) -> ErrorTests:
    r"""Test whether errors have mean 0 and variance 1 and are normal, and all at once.

    The mean by Student's test or Wilcoxon's signed ranks; the variance by
    :math:`(n-1)s^2 \sim \chi^2_{n-1}`, two-sided; normality by Shapiro and Wilk, above 5000 errors
    by D'Agostino and Pearson. With many errors, differences that do not matter are significant:
    read the estimates first.

    Parameters
    ----------
    error
        npde; those that are NaN are left out.
    of_mean
        Which test of the mean.

    Raises
    ------
    InputError
        When there are fewer than 8 errors.

    References
    ----------
    Brendel, Comets, Laffont, Mentré. Evaluation of different tests based on observations for
    external model evaluation of population analyses. J Pharmacokinet Pharmacodyn 2010;37:49-65,
    doi:10.1007/s10928-009-9143-7.

    Examples
    --------
    >>> from scipy.special import ndtri
    >>> tests = error_tests(ndtri((np.arange(100) + 0.5) / 100))
    >>> abs(tests.mean) < 1e-12, tests.p_global > 0.9
    (True, True)
    """
    from scipy import stats

    error = error[~np.isnan(error)]
    count = len(error)
    if count < _FEWEST:
        message = f"{count} prediction errors are too few to be tested"
        raise InputError([Problem(message, f"give {_FEWEST} or more observations")])
    mean, variance = float(error.mean()), float(error.var(ddof=1))
    if of_mean == "t":
        p_mean = float(stats.ttest_1samp(error, 0.0).pvalue)
    else:
        p_mean = float(stats.wilcoxon(error, correction=True).pvalue)
    tail = float(stats.chi2.cdf(variance * (count - 1), count - 1))
    p_variance = 2.0 * min(tail, 1.0 - tail)
    normality = stats.shapiro if count <= _SHAPIRO else stats.normaltest
    p_normality = float(normality(error).pvalue)
    return ErrorTests(
        count=count,
        mean=mean,
        mean_se=float(np.sqrt(variance / count)),
        variance=variance,
        variance_se=float(variance * np.sqrt(2.0 / (count - 1))),
        skewness=float(stats.skew(error)),
        kurtosis=float(stats.kurtosis(error)),
        p_mean=p_mean,
        p_variance=p_variance,
        p_normality=p_normality,
        p_global=min(1.0, 3.0 * min(p_mean, p_variance, p_normality)),
    )
