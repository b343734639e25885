"""Survival at milestones and median times of many trials at once."""

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
from progenitor.trial._restricted_mean import Contrast, contrast

__all__ = ["MilestoneSurvival", "compare_milestones", "median_times", "milestone_survival"]

_SAME = 1e-9


class MilestoneSurvival(NamedTuple):
    """Kaplan–Meier survival at a time and its Greenwood standard error; each (trial,)."""

    value: Float[np.ndarray, "*trial"]
    standard_error: Float[np.ndarray, "*trial"]


def milestone_survival(
    time: Float[np.ndarray, "*trial patient"],
    event: Shaped[np.ndarray, "*trial patient"],
    *,
    at: float,
    extend: bool = False,
) -> MilestoneSurvival:
    r"""Estimate the share that is event-free at a milestone in each trial.

    :math:`\hat S(t)` is Kaplan's and Meier's, its error :math:`\hat S(t)
    \bigl(\sum_{t_i \le t} d_i / (n_i(n_i - d_i))\bigr)^{1/2}`, NaN where nobody is left.

    Parameters
    ----------
    time
        Days to event or censoring; NaN for a patient who does not count (trial, patient).
    event
        1 for an event, 0 for censoring (trial, patient).
    at
        The milestone (day).
    extend
        Whether a curve that ends above 0 before the milestone goes on flat; otherwise NaN.

    Raises
    ------
    InputError
        If a time, an event or the milestone is impossible.

    References
    ----------
    Kaplan, Meier 1958, JASA 53:457–481, doi:10.1080/01621459.1958.10501452.

    Examples
    --------
    >>> found = milestone_survival(np.array([1.0, 2.0, 4.0]), np.array([1, 0, 0]), at=3.0)
    >>> round(float(found.value), 6), round(float(found.standard_error), 6)
    (0.666667, 0.272166)
    """
    problems = check_censored(time, event)
    if not 0.0 <= at < np.inf:
        problems.append(Problem(f"the milestone is {at:g}", "give a day of 0 or later", field="at"))
    if problems:
        raise InputError(problems)
    rows = [followed_rows(values, time.shape) for values in (time, event)]
    found = by_blocks(lambda *block: _values(*block, at=at, extend=extend), *rows)
    return MilestoneSurvival(*(column.reshape(time.shape[:-1]) for column in found))


def compare_milestones(
    time: Float[np.ndarray, "*trial patient"],
    event: Shaped[np.ndarray, "*trial patient"],
    group: Shaped[np.ndarray, "*group patient"],
    *,
    at: float,
    level: float = 0.95,
) -> tuple[Contrast, Contrast]:
    r"""Test survival at a milestone, group 1 against group 0, plainly and on the log-log scale.

    .. math::

        D = \hat S_1 - \hat S_0, \qquad
        L = \ln(-\ln\hat S_1) - \ln(-\ln\hat S_0), \quad
        Var\,L = \sum_g \frac{se_g^2}{(\hat S_g \ln \hat S_g)^2}

    L keeps its level in small groups and at early or late milestones; it is NaN where a curve is
    at 0 or 1.

    Returns
    -------
    difference, log_log
        L below 0 favours group 1; :math:`e^L` estimates the hazard ratio if hazards are
        proportional.

    References
    ----------
    Klein et al. 2007, Statistics in Medicine 26:4505–4519, doi:10.1002/sim.2864.

    Examples
    --------
    >>> time, event = np.array([1.0, 5.0, 6.0, 2.0, 5.0, 7.0]), np.array([1, 0, 0, 1, 1, 0])
    >>> plain, log_log = compare_milestones(time, event, np.array([1, 1, 1, 0, 0, 0]), at=5.0)
    >>> round(float(plain.value), 4), round(float(log_log.value), 4)
    (0.3333, -0.9968)
    """
    check_two_groups(time, event, group)
    first = np.broadcast_to(group != 0, time.shape)
    one, other = (
        milestone_survival(np.where(mine, time, np.nan), event, at=at) for mine in (first, ~first)
    )
    spread = np.hypot(one.standard_error, other.standard_error)
    curves = [
        (np.where((arm.value > 0.0) & (arm.value < 1.0), arm.value, np.nan), arm.standard_error)
        for arm in (one, other)
    ]
    scaled = [np.log(-np.log(curve)) for curve, _ in curves]
    errors = [np.asarray(error / (curve * np.log(curve))) for curve, error in curves]
    plain = contrast(np.asarray(one.value - other.value), np.asarray(spread), level=level)
    logs = (np.asarray(scaled[0] - scaled[1]), np.asarray(np.hypot(*errors)))
    return plain, contrast(*logs, level=level)


def median_times(
    time: Float[np.ndarray, "*trial patient"],
    event: Shaped[np.ndarray, "*trial patient"],
    *,
    share: float = 0.5,
) -> Float[np.ndarray, "*trial"]:
    """Find the time by which a share of the patients had the event, in each trial.

    As for `KaplanMeier.quantile`: the middle of a flat that lies at exactly 1 − share; NaN where
    the curve does not come down so far.

    Examples
    --------
    >>> float(median_times(np.array([1.0, 2.0, 2.0, 3.0]), np.array([1, 1, 0, 0])))
    2.5
    """
    problems = check_censored(time, event)
    if not 0.0 < share < 1.0:
        fix = "give a number between 0 and 1"
        problems.append(Problem(f"the share is {share:g}", fix, field="share"))
    if problems:
        raise InputError(problems)
    rows = [followed_rows(values, time.shape) for values in (time, event)]
    (found,) = by_blocks(lambda *block: _crossings(*block, height=1.0 - share), *rows)
    return found.reshape(time.shape[:-1])


def _values(
    time: Float[np.ndarray, "replicate patient"],
    event: Shaped[np.ndarray, "replicate patient"],
    *,
    at: float,
    extend: bool,
) -> tuple[Float[np.ndarray, " replicate"], Float[np.ndarray, " replicate"]]:
    trials = OrderedTrials.of(time, event)
    passed = trials.time <= at
    events, risk = trials.at_step(trials.event) * passed, np.maximum(trials.at_risk, 1.0)
    value = np.prod(1.0 - events / risk, axis=1)
    left = risk - events
    hazard = (events / (risk * np.where(left > 0.0, left, np.inf))).sum(axis=1)
    unknown = (passed.sum(axis=1) == trials.size) & (value > 0.0) & (not extend)
    still = np.isfinite(trials.time) & (trials.time >= at)
    unknown = unknown & ~still.any(axis=1) | (trials.size == 0)
    error = np.where(value > 0.0, value * np.sqrt(hazard), np.nan)
    return np.where(unknown, np.nan, value), np.where(unknown, np.nan, error)


def _crossings(
    time: Float[np.ndarray, "replicate patient"],
    event: Shaped[np.ndarray, "replicate patient"],
    *,
    height: float,
) -> tuple[Float[np.ndarray, " replicate"]]:
    trials = OrderedTrials.of(time, event)
    curve = trials.survival()
    row = np.arange(curve.shape[0])
    below, lower = curve <= height + _SAME, curve < height - _SAME
    first = below.argmax(axis=1)
    begin = trials.time[row, first]
    seen = np.where(np.isfinite(trials.time), trials.time, -np.inf).max(axis=1)
    end = np.where(lower.any(axis=1), trials.time[row, lower.argmax(axis=1)], seen)
    flat = np.abs(curve[row, first] - height) <= _SAME
    crossing = np.where(flat, (begin + end) / 2.0, begin)
    return (np.where(below.any(axis=1) & (trials.size > 0), crossing, np.nan),)
