"""Cumulative incidence of competing events, by Aalen and Johansen, over many trials at once."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import InputError, Problem
from progenitor.trial._ordered_trials import (
    OrderedTrials,
    by_blocks,
    check_censored,
    followed_rows,
)

__all__ = ["CumulativeIncidence", "cumulative_incidence"]


class CumulativeIncidence(NamedTuple):
    """Share with an event of one cause by a time, and its standard error; each (trial,)."""

    value: Float[np.ndarray, "*trial"]
    standard_error: Float[np.ndarray, "*trial"]


def cumulative_incidence(
    time: Float[np.ndarray, "*trial patient"],
    cause: Shaped[np.ndarray, "*trial patient"],
    *,
    at: float,
    of: int = 1,
    extend: bool = False,
) -> CumulativeIncidence:
    r"""Estimate the probability of an event of one cause by a time, in each trial.

    With :math:`d_{ki}` events of cause k, :math:`h_{ki} = d_{ki}/n_i`, :math:`h_i = \sum_k h_{ki}`
    and the Kaplan–Meier curve :math:`\hat S` of any event,

    .. math::

        \hat F_k(t) = \sum_{t_i \le t} \hat S(t_i^-)\, h_{ki}, \qquad
        A_i = \hat S(t_i^-), \quad B_i = \frac{\hat F_k(t) - \hat F_k(t_i)}{1 - h_i}, \\
        \widehat{Var} = \sum_{t_i \le t} \frac{1}{n_i}\bigl[h_{ki}(A_i - B_i)^2
            + (h_i - h_{ki}) B_i^2 - (h_{ki} A_i - h_i B_i)^2\bigr]

    which is the Greenwood estimator of a multi-state model, and the sum of squared influences.

    Parameters
    ----------
    time
        Days to the first event or censoring; NaN for a patient who does not count.
    cause
        0 for censoring, else the cause: 1, 2, … (trial, patient).
    at
        Time of interest (day).
    of
        Cause of interest.
    extend
        Whether to go on flat after the last follow-up; otherwise NaN.

    Raises
    ------
    InputError
        If a time, a cause or the day is impossible.

    References
    ----------
    Aalen, Johansen 1978, Scand J Statist 5:141–150; Andersen et al. 1993, Statistical Models Based
    on Counting Processes, section IV.4.

    Examples
    --------
    >>> time, cause = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 2, 1, 0])
    >>> found = cumulative_incidence(time, cause, at=3.0)
    >>> float(found.value), round(float(found.standard_error), 6)
    (0.5, 0.25)
    """
    largest = max(int(np.max(cause, initial=0)), 1)
    problems = check_censored(time, cause, causes=largest)
    if not 0.0 <= at < np.inf:
        problems.append(Problem(f"the time is {at:g}", "give a day of 0 or later", field="at"))
    if of < 1:
        problems.append(Problem(f"the cause is {of}", "give 1 or more", field="of"))
    if problems:
        raise InputError(problems)
    rows = [followed_rows(values, time.shape) for values in (time, cause)]
    found = by_blocks(lambda *block: _incidence(*block, at=at, of=of, extend=extend), *rows)
    return CumulativeIncidence(*(column.reshape(time.shape[:-1]) for column in found))


def _incidence(
    time: Float[np.ndarray, "replicate patient"],
    cause: Shaped[np.ndarray, "replicate patient"],
    *,
    at: float,
    of: int,
    extend: bool,
) -> tuple[Float[np.ndarray, " replicate"], Float[np.ndarray, " replicate"]]:
    trials = OrderedTrials.of(time, cause)
    mine = trials.event & (trials.sort(cause) == of)
    passed = trials.time <= at
    risk = np.maximum(trials.at_risk, 1.0)
    any_hazard, own = (trials.at_step(marked) * passed / risk for marked in (trials.event, mine))
    after = np.cumprod(1.0 - any_hazard, axis=1)
    before = np.concatenate([np.ones((after.shape[0], 1)), after[:, :-1]], axis=1)
    so_far = np.cumsum(before * own, axis=1)
    value = so_far[:, -1]
    left = 1.0 - any_hazard
    later = (value[:, None] - so_far) / np.where(left > 0.0, left, np.inf)
    term = own * (before - later) ** 2 + (any_hazard - own) * later**2
    term -= (own * before - any_hazard * later) ** 2
    error = np.sqrt(np.maximum((term / risk).sum(axis=1), 0.0))
    seen = np.where(np.isfinite(trials.time), trials.time, -np.inf).max(axis=1)
    unknown = (seen < at) & (after[:, -1] > 0.0) & (not extend) | (trials.size == 0)
    return np.where(unknown, np.nan, value), np.where(unknown, np.nan, error)
