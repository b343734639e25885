"""Restricted mean survival time, and its difference and ratio between two groups."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import InputError, Problem
from progenitor.trial._ordered_trials import (
    OrderedTrials,
    by_blocks,
    check_censored,
    check_two_groups,
    followed_rows,
)

__all__ = [
    "Contrast",
    "RestrictedMean",
    "compare_restricted_means",
    "contrast",
    "restricted_mean",
]


class RestrictedMean(NamedTuple):
    """Mean time lived up to a horizon, and its standard error; each (trial,)."""

    value: Float[np.ndarray, "*trial"]
    standard_error: Float[np.ndarray, "*trial"]


class Contrast(NamedTuple):
    """Group 1 against group 0: an estimate with limits and a two-sided p-value (trial,)."""

    value: Float[np.ndarray, "*trial"]
    standard_error: Float[np.ndarray, "*trial"]
    low: Float[np.ndarray, "*trial"]
    high: Float[np.ndarray, "*trial"]
    p_value: Float[np.ndarray, "*trial"]


def restricted_mean(
    time: Float[np.ndarray, "*trial patient"],
    event: Shaped[np.ndarray, "*trial patient"],
    *,
    horizon: float,
    extend: bool = False,
) -> RestrictedMean:
    r"""Estimate the mean of min(T, τ) in each trial, with its standard error.

    .. math::

        \hat\mu = \int_0^\tau \hat S(t)\,dt, \qquad
        \widehat{Var} = \sum_{t_i \le \tau} \Bigl[\int_{t_i}^\tau \hat S(t)\,dt\Bigr]^2
            \frac{d_i}{n_i (n_i - d_i)}

    Parameters
    ----------
    time
        Days to event or censoring; NaN for a patient who does not count (trial, patient).
    event
        1 for an event, 0 for censoring (trial, patient).
    horizon
        τ, above 0.
    extend
        Whether a curve that ends above 0 before τ goes on flat; otherwise the mean is NaN there.

    Raises
    ------
    InputError
        If a time, an event or the horizon is impossible.

    References
    ----------
    Royston, Parmar 2013, BMC Medical Research Methodology 13:152, doi:10.1186/1471-2288-13-152;
    Uno et al. 2014, J Clin Oncol 32:2380–2385, doi:10.1200/JCO.2014.55.2208.

    Examples
    --------
    >>> found = restricted_mean(np.array([1.0, 2.0, 4.0]), np.array([1, 1, 0]), horizon=3.0)
    >>> float(found.value), round(float(found.standard_error), 6)
    (2.0, 0.471405)
    """
    problems = check_censored(time, event)
    if not 0.0 < horizon < np.inf:
        fix = "give a time above 0, within the follow-up"
        problems.append(Problem(f"the horizon is {horizon:g}", fix, field="horizon"))
    if problems:
        raise InputError(problems)
    rows = [followed_rows(values, time.shape) for values in (time, event)]
    found = by_blocks(lambda *block: _means(*block, horizon=horizon, extend=extend), *rows)
    return RestrictedMean(*(column.reshape(time.shape[:-1]) for column in found))


def compare_restricted_means(
    time: Float[np.ndarray, "*trial patient"],
    event: Shaped[np.ndarray, "*trial patient"],
    group: Shaped[np.ndarray, "*group patient"],
    *,
    horizon: float,
    extend: bool = False,
    level: float = 0.95,
) -> tuple[Contrast, Contrast]:
    r"""Test the difference and the ratio of restricted means, group 1 against group 0.

    The difference is normal with the sum of the variances; the logarithm of the ratio has
    :math:`Var = \sigma_1^2/\mu_1^2 + \sigma_0^2/\mu_0^2`, and limits are :math:`e^{\ln R \pm z s}`.

    Returns
    -------
    difference, ratio
        The ratio's ``standard_error`` is that of its logarithm.

    Examples
    --------
    >>> time, event = np.array([1.0, 3.0, 2.0, 5.0]), np.array([1, 1, 1, 0])
    >>> difference, ratio = compare_restricted_means(time, event, np.array([0, 0, 1, 1]), horizon=4)
    >>> float(difference.value), float(ratio.value), round(float(difference.p_value), 4)
    (1.0, 1.5, 0.3173)
    """
    check_two_groups(time, event, group)
    first = np.broadcast_to(group != 0, time.shape)
    one, other = (
        restricted_mean(np.where(mine, time, np.nan), event, horizon=horizon, extend=extend)
        for mine in (first, ~first)
    )
    spread = np.asarray(np.hypot(one.standard_error, other.standard_error))
    shares = (one.standard_error / one.value, other.standard_error / other.value)
    relative = np.asarray(np.hypot(*shares))
    difference = contrast(np.asarray(one.value - other.value), spread, level=level)
    ratio = contrast(np.asarray(np.log(one.value / other.value)), relative, level=level)
    limits = (np.exp(ratio.low), np.exp(ratio.high))
    fields = (np.exp(ratio.value), relative, *limits, ratio.p_value)
    return difference, Contrast(*(np.asarray(field) for field in fields))


def contrast(
    value: Float[np.ndarray, "*trial"], spread: Float[np.ndarray, "*trial"], *, level: float
) -> Contrast:
    """Give a normal estimate its limits and its p-value against 0.

    Examples
    --------
    >>> found = contrast(np.array([2.0]), np.array([1.0]), level=0.95)
    >>> found.low.round(4).tolist(), found.p_value.round(4).tolist()
    ([0.04], [0.0455])
    """
    from scipy.special import ndtr, ndtri

    if not 0.0 < level < 1.0:
        fix = "give a number between 0 and 1, such as 0.95"
        raise InputError([Problem(f"the level is {level:g}", fix, field="level")])
    z = float(ndtri(0.5 + level / 2.0))
    known = np.where(spread > 0.0, spread, np.nan)
    p = 2.0 * ndtr(-np.abs(value / known))
    fields = (value, spread, value - z * spread, value + z * spread, p)
    return Contrast(*(np.asarray(field) for field in fields))


def _means(
    time: Float[np.ndarray, "replicate patient"],
    event: Shaped[np.ndarray, "replicate patient"],
    *,
    horizon: float,
    extend: bool,
) -> tuple[Float[np.ndarray, " replicate"], Float[np.ndarray, " replicate"]]:
    trials = OrderedTrials.of(time, event)
    events, risk = trials.at_step(trials.event), np.maximum(trials.at_risk, 1.0)
    after = np.cumprod(1.0 - events / risk, axis=1)
    until = np.minimum(trials.time, horizon)
    following = np.concatenate([until[:, 1:], np.full((until.shape[0], 1), horizon)], axis=1)
    pieces = after * (following - until)
    area = np.cumsum(pieces[:, ::-1], axis=1)[:, ::-1]  # from each time to the horizon
    left = risk - events
    variance = area**2 * events / (risk * np.where(left > 0.0, left, np.inf))
    mean = until[:, 0] + area[:, 0]
    error = np.sqrt(np.where(trials.time <= horizon, variance, 0.0).sum(axis=1))
    seen = np.where(np.isfinite(trials.time), trials.time, -np.inf).max(axis=1)
    unknown = (seen < horizon) & (after[:, -1] > 0.0) & (not extend) | (trials.size == 0)
    return np.where(unknown, np.nan, mean), np.where(unknown, np.nan, error)
