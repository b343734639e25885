"""The hazard ratio of two groups: Cox regression on one yes-or-no covariate."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Shaped

from progenitor.errors import DesignError

__all__ = ["LogHazardRatio", "hazard_ratio"]

_FAR: Final = 30.0
"""Logarithm of a hazard ratio beyond which none is looked for."""


class LogHazardRatio(NamedTuple):
    """The natural logarithm of a hazard ratio, and its variance."""

    value: float
    variance: float


def hazard_ratio(
    time: Float[np.ndarray, " patient"],
    event: Shaped[np.ndarray, " patient"],
    group: Shaped[np.ndarray, " patient"],
    *,
    penalised: bool = False,
) -> LogHazardRatio:
    r"""Estimate :math:`\ln HR` of group 1 against group 0 by Cox's partial likelihood.

    Tied events are handled as Efron does: with :math:`d_i` events at :math:`t_i`, and
    :math:`n_{ig}, d_{ig}` those at risk and with the event in group g,

    .. math::

        p_{il} = \frac{(n_{i1} - \tfrac{l}{d_i} d_{i1}) e^\beta}
                      {n_{i0} - \tfrac{l}{d_i} d_{i0} + (n_{i1} - \tfrac{l}{d_i} d_{i1}) e^\beta},
        \qquad
        U = \sum_i d_{i1} - \sum_{i,l} p_{il}, \qquad I = \sum_{i,l} p_{il} (1 - p_{il})

    with l from 0 to :math:`d_i - 1`, and :math:`U(\hat\beta) = 0`, :math:`Var = 1/I`. Where all
    events of one group precede those of the other, or a group has none, there is no finite
    solution; the penalised one of Firth, :math:`U + \tfrac12 I'/I = 0`, always exists.

    Parameters
    ----------
    time
        Days to event or censoring, 0 or later (patient,).
    event
        1 for an event, 0 for censoring (patient,).
    group
        1 or 0 (patient,).
    penalised
        Whether to use Firth's penalty.

    Returns
    -------
    LogHazardRatio
        NaN where a group is empty, nobody has an event, or no event finds both groups at risk;
        infinite where only the penalised solution exists.

    Raises
    ------
    DesignError
        If a time is negative or missing, or an event or group is not 0 or 1.

    References
    ----------
    Cox 1972, JRSS B 34:187–220; Efron 1977, JASA 72:557–565, doi:10.1080/01621459.1977.10480613;
    Heinze, Schemper 2001, Biometrics 57:114–119, doi:10.1111/j.0006-341X.2001.00114.x.

    Examples
    --------
    >>> time, event = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 1, 1, 1])
    >>> found = hazard_ratio(time, event, np.array([0, 1, 1, 0]))
    >>> round(found.value, 4)
    0.4812
    """
    happened, first = _checked(time, event, group)
    risk = _risk_sets(time, happened, first)
    if risk is None:
        return LogHazardRatio(float("nan"), float("nan"))
    one, other, seen = risk

    def share(beta: float) -> Float[np.ndarray, " term"]:
        ratio = np.exp(beta)
        return np.asarray(one * ratio / (other + one * ratio))

    def score(beta: float) -> float:
        p = share(beta)
        spread = p * (1.0 - p)
        total = float(spread.sum())
        pull = 0.5 * float((spread * (1.0 - 2.0 * p)).sum()) / total if total > 0.0 else 0.0
        return seen - float(p.sum()) + (pull if penalised else 0.0)

    beta = _root(score)
    p = share(beta) if np.isfinite(beta) else np.zeros(1)
    information = float((p * (1.0 - p)).sum())
    return LogHazardRatio(beta, 1.0 / information if information > 0.0 else float("nan"))


def _risk_sets(
    time: Float[np.ndarray, " patient"],
    happened: Bool[np.ndarray, " patient"],
    first: Bool[np.ndarray, " patient"],
) -> tuple[Float[np.ndarray, " term"], Float[np.ndarray, " term"], float] | None:
    """Return those at risk in group 1 and 0 at each of Efron's terms, and events in group 1."""
    if first.all() or not first.any() or not happened.any():
        return None
    moments, place, counts = np.unique(time[happened], return_inverse=True, return_counts=True)
    with_one = np.bincount(place, weights=first[happened].astype(float), minlength=moments.size)
    at_risk = []
    for chosen in (first, ~first):
        followed = np.sort(time[chosen])
        at_risk.append(followed.size - np.searchsorted(followed, moments, side="left"))
    which = np.repeat(np.arange(moments.size), counts)
    begin = np.repeat(np.cumsum(counts) - counts, counts)
    passed = (np.arange(which.size) - begin) / counts[which]
    one = at_risk[0][which] - passed * with_one[which]
    other = at_risk[1][which] - passed * (counts - with_one)[which]
    if not np.any((one > 0.0) & (other > 0.0)):
        return None
    return one, other, float(with_one.sum())


def _root(score: Callable[[float], float]) -> float:
    """Find where a falling score is 0; infinite where it never is."""
    from scipy.optimize import brentq

    low, high = score(-_FAR), score(_FAR)
    if not low > 0.0:
        return float("-inf")
    if not high < 0.0:
        return float("inf")
    return float(brentq(score, -_FAR, _FAR, xtol=1e-12, rtol=1e-13))


def _checked(
    time: Float[np.ndarray, " patient"],
    event: Shaped[np.ndarray, " patient"],
    group: Shaped[np.ndarray, " patient"],
) -> tuple[Bool[np.ndarray, " patient"], Bool[np.ndarray, " patient"]]:
    problems = []
    if not np.all(np.isfinite(time)) or np.any(time < 0.0):
        problems.append("a time is missing or lies before time zero")
    for what, values in (("event", event), ("group", group)):
        if not np.all((values == 0) | (values == 1)):
            problems.append(f"a value of {what} is neither 0 nor 1")
    if problems:
        raise DesignError(
            f"no hazard ratio: {'; '.join(problems)}. Fix: keep the patients with a known time "
            "(0 days or later), and give 0 or 1"
        )
    return event.astype(bool), group.astype(bool)
