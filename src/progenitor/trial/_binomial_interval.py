"""Confidence intervals of a response rate."""

from typing import Literal, get_args

from progenitor.errors import DesignError

__all__ = ["IntervalMethod", "binomial_interval"]

IntervalMethod = Literal[
    "clopper_pearson", "wilson", "wilson_corrected", "jeffreys", "agresti_coull"
]


def binomial_interval(
    x: int, n: int, *, method: IntervalMethod = "clopper_pearson", level: float = 0.95
) -> tuple[float, float]:
    r"""Return the two-sided confidence interval of a rate after ``x`` responders among ``n``.

    With :math:`a = (1 - level)/2` and :math:`B_q(\cdot,\cdot)` the Beta quantile,

    .. math::

        \mathrm{Clopper\text{-}Pearson:}\quad B_a(x, n-x+1),\; B_{1-a}(x+1, n-x) \\
        \mathrm{Jeffreys:}\quad B_a(x+\tfrac12, n-x+\tfrac12),\;
            B_{1-a}(x+\tfrac12, n-x+\tfrac12) \\
        \mathrm{Wilson:}\quad \frac{x + z^2/2}{n + z^2} \pm
            \frac{z}{n + z^2}\sqrt{\frac{x(n-x)}{n} + \frac{z^2}{4}} \\
        \mathrm{Agresti\text{-}Coull:}\quad \tilde p \pm z\sqrt{\tilde p(1-\tilde p)/\tilde n},
            \; \tilde n = n + z^2,\; \tilde p = (x + z^2/2)/\tilde n

    ``wilson_corrected`` is Wilson's interval around x ∓ c with c = min(½, abs(x − n/2)), the
    continuity correction of the test it inverts. Clopper–Pearson never covers less than ``level``;
    Wilson and Jeffreys cover ``level`` on average. The limit is 0 where nobody responded and 1
    where everybody did, except for Agresti–Coull, which may leave [0, 1] and is returned as it is.

    Parameters
    ----------
    x, n
        Responders and patients.
    method
        Which of the five.
    level
        Confidence level.

    Raises
    ------
    DesignError
        Unless 0 ≤ x ≤ n, n ≥ 1, 0 < level < 1 and the method is known.

    References
    ----------
    Brown, Cai, DasGupta 2001, Statistical Science 16:101–133, doi:10.1214/ss/1009213286.
    Newcombe 1998, Statistics in Medicine 17:857–872 (method 4).

    Examples
    --------
    >>> low, high = binomial_interval(6, 12)
    >>> round(low, 6), round(high, 6)
    (0.210945, 0.789055)
    """
    if not (n >= 1 and 0 <= x <= n and 0.0 < level < 1.0):
        raise DesignError(
            f"no interval for {x} responders among {n} patients at level {level:g}. "
            "Fix: give 0 ≤ x ≤ n, n of at least 1 and a level between 0 and 1"
        )
    if method not in get_args(IntervalMethod):
        raise DesignError(
            f"no interval is called '{method}'. Fix: choose {', '.join(get_args(IntervalMethod))}"
        )
    tail = (1.0 - level) / 2.0
    if method == "agresti_coull":
        return _agresti_coull(x, n, tail)
    if method == "wilson":
        low, high = _wilson(x, n, tail)
    elif method == "wilson_corrected":
        moved = min(0.5, abs(x - n / 2.0))
        low = _wilson(max(x - moved, 0.0), n, tail)[0]
        high = _wilson(min(x + moved, float(n)), n, tail)[1]
    elif method == "jeffreys":
        low, high = _beta_quantiles((x + 0.5, n - x + 0.5), (x + 0.5, n - x + 0.5), tail)
    else:
        low, high = _beta_quantiles((x, n - x + 1), (x + 1, n - x), tail)
    return (0.0 if x == 0 else low), (1.0 if x == n else high)


def _wilson(x: float, n: int, tail: float) -> tuple[float, float]:
    from scipy.special import ndtri

    z = float(ndtri(1.0 - tail))
    centre = (x + z * z / 2.0) / (n + z * z)
    half = z / (n + z * z) * (x * (n - x) / n + z * z / 4.0) ** 0.5
    return centre - half, centre + half


def _agresti_coull(x: int, n: int, tail: float) -> tuple[float, float]:
    from scipy.special import ndtri

    z = float(ndtri(1.0 - tail))
    size = n + z * z
    rate = (x + z * z / 2.0) / size
    half = z * (rate * (1.0 - rate) / size) ** 0.5
    return rate - half, rate + half


def _beta_quantiles(
    low: tuple[float, float], high: tuple[float, float], tail: float
) -> tuple[float, float]:
    """Lower quantile of one Beta distribution and upper quantile of another; NaN at shape 0."""
    from scipy.special import betaincinv

    return float(betaincinv(*low, tail)), float(betaincinv(*high, 1.0 - tail))
