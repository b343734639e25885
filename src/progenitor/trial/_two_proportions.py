"""Two response rates compared: exact and score tests, interval of the difference."""

from dataclasses import dataclass
from typing import final

import numpy as np

from progenitor.errors import InputError, Problem

__all__ = ["TwoProportions", "compare_proportions"]

_SAME = 1e-7
"""Tables as likely as the one seen up to this share count as equally extreme."""


@final
@dataclass(frozen=True, slots=True)
class TwoProportions:
    """Two response rates and what separates them.

    Parameters
    ----------
    difference
        First rate minus second.
    fisher_p
        Two-sided exact conditional p-value.
    z_pooled
        Score statistic with the pooled rate, positive where the first is larger; 0 where nobody or
        everybody responded.
    z_p
        Its two-sided p-value.
    lower, upper
        Score interval of the difference.
    mn_lower, mn_upper
        The same with Miettinen and Nurminen's factor N/(N − 1) on the variance: slightly wider.
    level
        Confidence level.
    """

    difference: float
    fisher_p: float
    z_pooled: float
    z_p: float
    lower: float
    upper: float
    mn_lower: float
    mn_upper: float
    level: float


def compare_proportions(
    x1: int, n1: int, x2: int, n2: int, *, level: float = 0.95
) -> TwoProportions:
    r"""Compare x1 responders of n1 patients with x2 of n2.

    .. math::

        z = \frac{\hat p_1 - \hat p_2}{\sqrt{\bar p(1-\bar p)(1/n_1 + 1/n_2)}}, \qquad
        z(\delta) = \frac{\hat p_1 - \hat p_2 - \delta}
            {\sqrt{f\,[\tilde p_1(1-\tilde p_1)/n_1 + \tilde p_2(1-\tilde p_2)/n_2]}}

    with :math:`\tilde p_1, \tilde p_2` the most likely rates whose difference is δ. The interval is
    every δ with :math:`|z(\delta)|` up to the normal quantile: with f = 1 Mee's score interval, in
    which z(0) is the pooled test; with f = N/(N − 1) that of Miettinen and Nurminen. Programs print
    either under the second name, so both are given.

    Parameters
    ----------
    x1, n1, x2, n2
        Responders and patients of each group.
    level
        Confidence level of the interval.

    Raises
    ------
    InputError
        Listing every number that is impossible.

    References
    ----------
    Miettinen and Nurminen 1985, Statistics in Medicine 4:213–226, doi:10.1002/sim.4780040211.
    Mee 1984, Biometrics 40:1175–1176. Fisher 1935, doi:10.2307/2342435.

    Examples
    --------
    >>> found = compare_proportions(27, 50, 15, 50)
    >>> round(found.fisher_p, 6), round(found.z_pooled, 6), round(found.lower, 4)
    (0.025294, 2.431323, 0.0468)
    """
    _check(x1, n1, x2, n2, level)
    from scipy.special import ndtr, ndtri

    pooled = (x1 + x2) / (n1 + n2)
    error = (pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2)) ** 0.5
    difference = x1 / n1 - x2 / n2
    z = difference / error if error > 0.0 else 0.0
    quantile = float(ndtri(0.5 + level / 2.0))
    factor = (n1 + n2) / (n1 + n2 - 1.0)
    score = _limits(x1, n1, x2, n2, quantile)
    wide = _limits(x1, n1, x2, n2, quantile * factor**0.5)
    fisher = _fisher(x1, n1, x2, n2)
    return TwoProportions(difference, fisher, z, float(2.0 * ndtr(-abs(z))), *score, *wide, level)


def _check(x1: int, n1: int, x2: int, n2: int, level: float) -> None:
    problems = [
        Problem(f"{x} responders of {n} patients", "give 0 ≤ x ≤ n, n at least 1", field=name)
        for name, x, n in (("first group", x1, n1), ("second group", x2, n2))
        if not (n >= 1 and 0 <= x <= n)
    ]
    if not 0.0 < level < 1.0:
        problems.append(Problem(f"level = {level:g}", "give a level between 0 and 1"))
    if problems:
        raise InputError(problems)


def _fisher(x1: int, n1: int, x2: int, n2: int) -> float:
    """Sum of the probabilities of all tables no likelier than the one seen, margins fixed."""
    from scipy.special import gammaln

    total = x1 + x2
    x = np.arange(max(0, total - n2), min(n1, total) + 1)
    logs = -(
        gammaln(x + 1.0)
        + gammaln(n1 - x + 1.0)
        + gammaln(total - x + 1.0)
        + gammaln(n2 - total + x + 1.0)
    )
    chance = np.exp(logs - logs.max())
    chance /= chance.sum()
    seen = chance[x1 - x[0]]
    return min(float(chance[chance <= seen * (1.0 + _SAME)].sum()), 1.0)


def _limits(x1: int, n1: int, x2: int, n2: int, quantile: float) -> tuple[float, float]:
    """Differences at which the score statistic is plus and minus the quantile."""
    from scipy.optimize import brentq

    seen = x1 / n1 - x2 / n2

    def excess(delta: float) -> float:
        """(p̂₁ − p̂₂ − δ)² − q²·variance: above 0 outside the interval."""
        first = _most_likely(x1, n1, x2, n2, delta)
        second = min(max(first - delta, 0.0), 1.0)
        variance = first * (1.0 - first) / n1 + second * (1.0 - second) / n2
        return (seen - delta) ** 2 - quantile**2 * variance

    def end(outer: float) -> float:
        """Where the interval ends towards ``outer``; a touch inside where the variance is 0."""
        if excess(outer) <= 0.0:
            return outer
        inner = seen if excess(seen) < 0.0 else seen + (outer - seen) * 1e-9
        return float(brentq(excess, inner, outer, xtol=1e-13))

    return end(-1.0), end(1.0)


def _most_likely(x1: int, n1: int, x2: int, n2: int, delta: float) -> float:
    """Rate of the first group that maximises the likelihood with rates δ apart."""
    low, high = max(0.0, delta), min(1.0, 1.0 + delta)
    n = n1 + n2
    # d logL / d p₂ = 0 with p₁ = p₂ + δ, multiplied out: a cubic in p₂
    cubic = (
        float(n),
        (n1 + 2 * n2) * delta - n - x1 - x2,
        (n2 * delta - n - 2 * x2) * delta + x1 + x2,
        x2 * delta * (1.0 - delta),
    )
    second = _middle_root(cubic)
    return min(max(second + delta, low), high)


def _middle_root(cubic: tuple[float, float, float, float]) -> float:
    """Find the root of the likelihood equation that is a rate, by the cosine rule."""
    a, b, c, d = cubic
    v = b**3 / (27.0 * a**3) - b * c / (6.0 * a**2) + d / (2.0 * a)
    u = float(np.copysign(max(b * b / (9.0 * a * a) - c / (3.0 * a), 0.0) ** 0.5, v))
    cosine = min(max(v / u**3, -1.0), 1.0) if u != 0.0 else 0.0
    angle = (np.pi + np.arccos(cosine)) / 3.0
    return float(2.0 * u * np.cos(angle) - b / (3.0 * a))
