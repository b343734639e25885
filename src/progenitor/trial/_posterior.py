"""Posterior and predictive probabilities of a response rate under a Beta prior."""

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import DesignError, InputError, Problem

__all__ = [
    "beta_binomial",
    "check_prior",
    "posterior_exceeds",
    "predictive_probability",
    "probability_greater",
]


def check_prior(a: float, b: float, name: str = "prior") -> None:
    """Refuse a Beta prior whose shapes are not above 0.

    Raises
    ------
    DesignError
        Unless both are finite and above 0.

    Examples
    --------
    >>> check_prior(0.0, 1.0)
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: prior: Beta(0, 1) is not a distribution. Fix: ...
    """
    if not (0.0 < a < np.inf and 0.0 < b < np.inf):
        raise DesignError(
            f"{name}: Beta({a:g}, {b:g}) is not a distribution. Fix: give two shapes above 0"
        )


def posterior_exceeds(
    y: Int[np.ndarray, "*count"] | int, n: int, *, a: float, b: float, rate: float
) -> Float[np.ndarray, "*count"]:
    r"""Posterior probability that the response rate exceeds ``rate``.

    .. math:: P(p > rate \mid y, n) = 1 - I_{rate}(a + y,\; b + n - y)

    Examples
    --------
    >>> float(posterior_exceeds(16, 23, a=0.6, b=0.4, rate=0.6).round(6))
    0.835981
    """
    from scipy.special import betaincc

    y = np.asarray(y, dtype=float)
    return np.asarray(betaincc(a + y, b + n - y, rate))


def beta_binomial(
    m: int, *, a: Float[np.ndarray, " row"] | float, b: Float[np.ndarray, " row"] | float
) -> Float[np.ndarray, "row future"]:
    """Probabilities of 0 … m responders among m future patients when p ~ Beta(a, b).

    Examples
    --------
    >>> beta_binomial(1, a=1.0, b=3.0).round(3).tolist()
    [[0.75, 0.25]]
    """
    from scipy.special import betaln, gammaln

    a, b = np.atleast_1d(a)[:, None].astype(float), np.atleast_1d(b)[:, None].astype(float)
    i = np.arange(m + 1.0)
    choose = gammaln(m + 1.0) - gammaln(i + 1.0) - gammaln(m - i + 1.0)
    return np.asarray(np.exp(choose + betaln(a + i, b + m - i) - betaln(a, b)))


def predictive_probability(
    y: Int[np.ndarray, " count"] | int,
    n: int,
    nmax: int,
    *,
    a: float,
    b: float,
    p0: float,
    theta_t: float,
) -> Float[np.ndarray, " count"]:
    r"""Predictive probability that a trial of ``nmax`` patients will succeed, after y of n.

    With Y future responders among :math:`m = n_{max} - n` patients, beta-binomial given the data,

    .. math::

        PP = \sum_{i=0}^{m} P(Y = i \mid y)\;
             1\{P(p > p_0 \mid y + i, n_{max}) > \theta_T\}

    Parameters
    ----------
    y, n
        Responders among patients so far; y may be an array.
    nmax
        Size of the trial.
    a, b
        Beta prior.
    p0
        Response rate of no interest.
    theta_t
        Posterior probability that must be exceeded at the end.

    Raises
    ------
    InputError
        Listing every number that is impossible.

    References
    ----------
    Lee and Liu 2008, Clinical Trials 5:93–106, doi:10.1177/1740774508089279.

    Examples
    --------
    >>> pp = predictive_probability(16, 23, 40, a=0.6, b=0.4, p0=0.6, theta_t=0.9)
    >>> float(pp.round(6)[0])
    0.565559
    """
    _check_predictive(np.atleast_1d(y), n, nmax, p0, theta_t)
    check_prior(a, b)
    y = np.atleast_1d(y)
    m = nmax - n
    ends = posterior_exceeds(np.arange(nmax + 1), nmax, a=a, b=b, rate=p0) > theta_t
    future = beta_binomial(m, a=a + y, b=b + n - y)
    pp = np.where(ends[y[:, None] + np.arange(m + 1)], future, 0.0).sum(axis=1)
    return np.asarray(np.minimum(pp, 1.0))


def probability_greater(
    first: tuple[float, float], second: tuple[float, float], delta: float = 0.0
) -> float:
    r"""Probability that one Beta variable exceeds another by more than ``delta``.

    .. math:: P(p_1 > p_2 + \delta) = \int_0^1 F_2\!\left(F_1^{-1}(u) - \delta\right) du

    The first variable is integrated out over its quantiles, so that spikes at 0 and 1 of a Beta
    with a shape below 1 do no harm.

    Parameters
    ----------
    first, second
        Shapes of the two.
    delta
        Least difference, from −1 to 1.

    References
    ----------
    Thall and Simon 1994, Biometrics 50:337–349, doi:10.2307/2533377.

    Examples
    --------
    >>> round(probability_greater((6.0, 5.0), (20.0, 35.0), 0.15), 6)
    0.58243
    """
    from scipy.integrate import quad
    from scipy.special import betainc, betaincinv

    check_prior(*first, "first")
    check_prior(*second, "second")
    if not -1.0 <= delta <= 1.0:
        raise DesignError(
            f"a difference of {delta:g} between two probabilities is impossible. "
            "Fix: give delta between −1 and 1"
        )

    def below(u: float) -> float:
        shifted = min(max(float(betaincinv(*first, u)) - delta, 0.0), 1.0)
        return float(betainc(*second, shifted))

    start = float(betainc(*first, max(delta, 0.0)))
    stop = float(betainc(*first, min(1.0 + delta, 1.0)))
    marks = [float(betainc(*first, min(max(p + delta, 0.0), 1.0))) for p in _spread(second)]
    inside = sorted({mark for mark in marks if start < mark < stop})
    total = 1.0 - stop
    for low, high in zip([start, *inside], [*inside, stop], strict=True):
        total += quad(below, low, high, epsabs=1e-11, epsrel=1e-10, limit=200)[0]
    return min(max(total, 0.0), 1.0)


def _spread(shapes: tuple[float, float]) -> list[float]:
    """Quantiles between which a Beta distribution rises, so that no quadrature steps over it."""
    from scipy.special import betaincinv

    return [float(betaincinv(*shapes, q)) for q in (1e-9, 0.001, 0.5, 0.999, 1.0 - 1e-9)]


def _check_predictive(
    y: Int[np.ndarray, " count"], n: int, nmax: int, p0: float, theta_t: float
) -> None:
    problems = []
    if not 0 <= n <= nmax or nmax < 1:
        problems.append(Problem(f"n = {n} of nmax = {nmax} patients", "give 0 ≤ n ≤ nmax"))
    if np.any((y < 0) | (y > n)):
        shown = ", ".join(map(str, y[(y < 0) | (y > n)]))
        problems.append(Problem(f"y = {shown} responders of {n} patients", "give 0 ≤ y ≤ n"))
    for name, value in (("p0", p0), ("theta_t", theta_t)):
        if not 0.0 < value < 1.0:
            problems.append(Problem(f"{name} = {value:g}", "give a probability between 0 and 1"))
    if problems:
        raise InputError(problems)
