"""Dunnett's test: several arms against one control, with one error rate for all."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import InputError, Problem

__all__ = ["DunnettTest", "dunnett_critical", "dunnett_tail", "dunnett_test"]

_NODES: Final = 96
_REACH: Final = 9.0
_TAIL: Final = 1e-14


class DunnettTest(NamedTuple):
    """Each arm against the control: difference of means, t, adjusted p and joint limits (arm,)."""

    arms: Shaped[np.ndarray, " arm"]
    difference: Float[np.ndarray, " arm"]
    statistic: Float[np.ndarray, " arm"]
    p_value: Float[np.ndarray, " arm"]
    low: Float[np.ndarray, " arm"]
    high: Float[np.ndarray, " arm"]


def dunnett_test(
    values: Float[np.ndarray, " mouse"],
    arm: Shaped[np.ndarray, " mouse"],
    *,
    control: object,
    level: float = 0.95,
) -> DunnettTest:
    r"""Compare the mean of every arm with the control's, two-sided.

    With the pooled variance :math:`s^2` on :math:`\nu = N - K` degrees of freedom,

    .. math::

        t_i = \frac{\bar y_i - \bar y_0}{s\sqrt{1/n_i + 1/n_0}}, \qquad
        p_i = P\bigl(\max_j |T_j| \ge |t_i|\bigr), \quad
        \rho_{ij} = \lambda_i \lambda_j,\; \lambda_i = \sqrt{\frac{n_i}{n_i + n_0}}

    Values are one number for each *independent* unit: the mean of a donor's mice where donors are
    the units, not of each mouse.

    Parameters
    ----------
    values
        One number for each unit (mouse,).
    arm
        Label of its arm (mouse,).
    control
        Label of the control arm.
    level
        Joint confidence level of the limits.

    Raises
    ------
    InputError
        If a value is missing, there is no control or other arm, or nothing to tell the variance.

    References
    ----------
    Dunnett 1955, JASA 50:1096–1121, doi:10.1080/01621459.1955.10501294.

    Examples
    --------
    >>> values = np.array([7.4, 8.5, 7.2, 8.24, 9.84, 8.32, 9.76, 8.8, 7.68, 9.36, 12.8, 9.68])
    >>> found = dunnett_test(values, np.repeat(["control", "a", "b"], 4), control="control")
    >>> found.p_value.round(4).tolist()
    [0.3169, 0.1072]
    """
    _check(values, arm, control, level)
    arms = np.array([label for label in np.unique(arm) if label != control])
    groups = [values[arm == label] for label in (control, *arms)]
    sizes = np.array([group.size for group in groups], float)
    means = np.array([group.mean() for group in groups])
    freedom = float(sizes.sum() - sizes.size)
    squares = sum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    spread = np.sqrt(squares / freedom * (1.0 / sizes[1:] + 1.0 / sizes[0]))
    difference = means[1:] - means[0]
    statistic = difference / spread
    shares = np.sqrt(sizes[1:] / (sizes[1:] + sizes[0]))
    p = np.array([dunnett_tail(float(abs(one)), shares, freedom) for one in statistic])
    half = dunnett_critical(1.0 - level, shares, freedom) * spread
    return DunnettTest(arms, difference, statistic, p, difference - half, difference + half)


def dunnett_tail(
    statistic: float, shares: Float[np.ndarray, " arm"], freedom: float = np.inf
) -> float:
    r"""Return :math:`P(\max_i |T_i| \ge t)` for correlations :math:`\lambda_i \lambda_j`.

    .. math::

        1 - \int_0^\infty \int \prod_i \Bigl[\Phi\Bigl(\tfrac{\lambda_i z + t s}
        {\sqrt{1-\lambda_i^2}}\Bigr) - \Phi\Bigl(\tfrac{\lambda_i z - t s}{\sqrt{1-\lambda_i^2}}
        \Bigr)\Bigr] \varphi(z)\,dz\, f_\nu(s)\,ds, \quad s^2 \sim \chi^2_\nu/\nu

    Parameters
    ----------
    statistic
        t, 0 or more.
    shares
        λ of each arm, between 0 and 1 (arm,).
    freedom
        ν; infinite for a known variance.

    Examples
    --------
    >>> round(dunnett_tail(1.959964, np.array([0.5])), 6)
    0.05
    """
    from scipy.special import chdtri, gammaln, ndtr

    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    z, at_z = _REACH * nodes, _REACH * weights
    at_z = at_z * np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    s, at_s = np.ones(1), np.ones(1)
    if np.isfinite(freedom):
        low, high = (float(np.sqrt(chdtri(freedom, tail) / freedom)) for tail in (1 - _TAIL, _TAIL))
        s = low + (high - low) * (nodes + 1.0) / 2.0
        half = freedom / 2.0
        density = np.log(2.0) + half * np.log(half) - gammaln(half) + (freedom - 1.0) * np.log(s)
        at_s = (high - low) / 2.0 * weights * np.exp(density - half * s**2)
    rest = np.sqrt(1.0 - shares**2)
    middle = shares[:, None, None] * z[:, None]
    reach = statistic * s
    inside = ndtr((middle + reach) / rest[:, None, None])
    inside = inside - ndtr((middle - reach) / rest[:, None, None])
    return float(np.clip(1.0 - at_z @ inside.prod(axis=0) @ at_s, 0.0, 1.0))


def dunnett_critical(
    error: float, shares: Float[np.ndarray, " arm"], freedom: float = np.inf
) -> float:
    r"""Return the t that :math:`\max_i |T_i|` exceeds with a given probability.

    Parameters
    ----------
    error
        Probability, between 0 and 1.
    shares, freedom
        As :func:`dunnett_tail` takes them.

    Examples
    --------
    >>> round(dunnett_critical(0.05, np.full(5, 0.5**0.5), 18.0), 3)
    2.761
    """
    from scipy.optimize import brentq

    def excess(statistic: float) -> float:
        return dunnett_tail(statistic, shares, freedom) - error

    high = 4.0
    while excess(high) > 0.0:
        high *= 2.0
    return float(brentq(excess, 0.0, high, xtol=1e-10))


def _check(
    values: Float[np.ndarray, " mouse"],
    arm: Shaped[np.ndarray, " mouse"],
    control: object,
    level: float,
) -> None:
    problems = []
    known = np.unique(arm)
    if not np.all(np.isfinite(values)):
        fix = "leave it out, or use a mixed model of all measurements"
        problems.append(Problem("a value is missing or infinite", fix, field="values"))
    if control not in known.tolist():
        fix = f"choose one of {', '.join(map(str, known))}"
        problems.append(Problem(f"there is no arm {control!r}", fix, field="control"))
    if known.size < 2 or values.size <= known.size:
        words = f"{values.size} values in {known.size} arms cannot be compared"
        fix = "give at least two arms, and more values than arms"
        problems.append(Problem(words, fix, field="arm"))
    if not 0.0 < level < 1.0:
        fix = "give a number between 0 and 1"
        problems.append(Problem(f"the level is {level:g}", fix, field="level"))
    if problems:
        raise InputError(problems)
