"""Estimate, p-value and confidence limits after a Simon two-stage trial."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import InputError, Problem
from progenitor.trial._binomial_tables import binomial_tables
from progenitor.trial._simon_search import check_boundaries

__all__ = ["TwoStageInference", "two_stage_inference"]


@final
@dataclass(frozen=True, slots=True)
class TwoStageInference:
    """What a finished two-stage trial says about the response rate.

    Parameters
    ----------
    responders, patients
        Responders among the patients treated.
    stopped_early
        Whether the trial ended after its first stage.
    umvue
        Unbiased estimate of the rate with the smallest variance.
    naive
        Responders divided by patients, which the early stop biases downwards.
    p_value
        Probability of a result at least as extreme at p0.
    lower, upper
        One-sided confidence limits, each at ``level``; together an interval of 2·level − 1. NaN
        after no response at all, where the p-value does not depend on the rate.
    level
        Confidence level of each limit.
    """

    responders: int
    patients: int
    stopped_early: bool
    umvue: float
    naive: float
    p_value: float
    lower: float
    upper: float
    level: float


def two_stage_inference(
    *, r1: int, n1: int, r: int, n: int, x: int, p0: float, level: float = 0.95
) -> TwoStageInference:
    r"""Estimate the response rate after ``x`` responders in all of a two-stage trial.

    The trial ended after stage one if :math:`x \le r_1`. Results are ordered by stage and then by
    responders, so that with :math:`X_1 \sim B(n_1, p)` and :math:`X_2 \sim B(n - n_1, p)`

    .. math::

        p(p_0) = \begin{cases} P(X_1 \ge x) & x \le r_1 \\
                 P(X_1 > r_1,\; X_1 + X_2 \ge x) & x > r_1 \end{cases}

    The limits solve :math:`p(p_L) = 1 - level` and :math:`p(p_U) = level`. The estimate is the
    expectation of :math:`X_1/n_1` given the sufficient statistic,

    .. math::

        \hat p = \frac{\sum_{x_1 > r_1} \binom{n_1 - 1}{x_1 - 1}\binom{n - n_1}{x - x_1}}
                      {\sum_{x_1 > r_1} \binom{n_1}{x_1}\binom{n - n_1}{x - x_1}}.

    Parameters
    ----------
    r1, n1, r, n
        The design, as in ``SimonTwoStage``.
    x
        Responders in all.
    p0
        Response rate of no interest.
    level
        One-sided confidence level of each limit.

    Raises
    ------
    DesignError
        If the numbers do not describe a design.
    InputError
        If the result cannot be one of this design.

    References
    ----------
    Koyama and Chen 2008, Statistics in Medicine 27:3145–3154, doi:10.1002/sim.3123 (p-value,
    limits). Jung and Kim 2004, Statistics in Medicine 23:881–896, doi:10.1002/sim.1653 (UMVUE).

    Examples
    --------
    >>> found = two_stage_inference(r1=3, n1=13, r=12, n=43, x=13, p0=0.2)
    >>> round(found.umvue, 6), round(found.p_value, 6), round(found.lower, 4)
    (0.370709, 0.049581, 0.2002)
    """
    check_boundaries(r1, n1, r, n)
    problems = []
    if not 0 <= x <= n:
        problems.append(Problem(f"x = {x} responders of {n} patients", "give 0 ≤ x ≤ n"))
    if not 0.0 < p0 < 1.0:
        problems.append(Problem(f"p0 = {p0:g}", "give a rate between 0 and 1"))
    if not 0.5 < level < 1.0:
        problems.append(Problem(f"level = {level:g}", "give a level between 0.5 and 1"))
    if problems:
        raise InputError(problems)
    early = x <= r1
    patients = n1 if early else n

    def tail(rate: float) -> float:
        return _upper_tail(rate, x, r1, n1, n)

    return TwoStageInference(
        responders=x,
        patients=patients,
        stopped_early=early,
        umvue=x / n1 if early else _unbiased(x, r1, n1, n),
        naive=x / patients,
        p_value=min(tail(p0), 1.0),
        lower=_solve(tail, 1.0 - level) if x > 0 else np.nan,
        upper=_solve(tail, level) if x > 0 else np.nan,
        level=level,
    )


def _upper_tail(rate: float, x: int, r1: int, n1: int, n: int) -> float:
    """P-value as a function of the rate."""
    pmf, tail = binomial_tables(rate, max(n1, n - n1))
    if x <= r1:
        return float(tail[n1, x])
    first = np.arange(r1 + 1, n1 + 1)
    needed = np.clip(x - first, 0, n - n1 + 1)
    return float(pmf[n1, first] @ tail[n - n1, needed])


def _unbiased(x: int, r1: int, n1: int, n: int) -> float:
    first = np.arange(max(r1 + 1, x - (n - n1), 0), min(x, n1) + 1)
    ways = _log_choose(n1, first) + _log_choose(n - n1, x - first)
    weight = np.exp(ways - ways.max())
    return float((weight * first / n1).sum() / weight.sum())


def _log_choose(n: int, k: Int[np.ndarray, " k"]) -> Float[np.ndarray, " k"]:
    from scipy.special import gammaln

    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0))


def _solve(tail: Callable[[float], float], level: float) -> float:
    """Find the rate at which a rising tail reaches a level."""
    from scipy.optimize import brentq

    return float(brentq(lambda rate: tail(rate) - level, 0.0, 1.0, xtol=1e-13))
