"""How good a forecast distribution of a number was: the continuous ranked probability score."""

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem

__all__ = ["crps_normal", "crps_quantiles", "crps_sample"]


def crps_sample(sample: Float[np.ndarray, " member"], value: float) -> float:
    r"""Score equally likely values against the one that came true.

    .. math::

        CRPS = \int (F(x) - 1\{x \ge y\})^2 dx = E|X - y| - \tfrac12 E|X - X'|

    with F the empirical distribution. In the unit of the number; 0 is perfect, and for a single
    value it is the absolute error.

    Parameters
    ----------
    sample
        Values forecast.
    value
        What came true.

    References
    ----------
    Gneiting and Raftery 2007, JASA 102:359–378, doi:10.1198/016214506000001437.

    Examples
    --------
    >>> crps_sample(np.array([1.0, 3.0]), 2.0), crps_sample(np.array([5.0]), 2.0)
    (0.5, 3.0)
    """
    x = np.sort(np.asarray(sample, dtype=float))
    if not (x.size and np.all(np.isfinite(x)) and np.isfinite(value)):
        raise InputError([Problem("a forecast value is missing or infinite", "give finite values")])
    n = x.size
    # half the mean distance of two members from the sorted values: Σ (2i − n − 1) x_i / n²
    apart = float(((2.0 * np.arange(1, n + 1) - n - 1.0) * x).sum()) / n**2
    return float(np.abs(x - value).mean()) - apart


def crps_normal(mean: float, sd: float, value: float) -> float:
    r"""Score a normal forecast: :math:`\sigma\{z[2\Phi(z) - 1] + 2\varphi(z) - 1/\sqrt\pi\}`.

    Parameters
    ----------
    mean, sd
        The forecast.
    value
        What came true.

    References
    ----------
    Gneiting and Raftery 2007, JASA 102:359–378, doi:10.1198/016214506000001437, equation 21.

    Examples
    --------
    >>> round(crps_normal(0.0, 1.0, 0.0), 6)
    0.233695
    """
    from scipy.special import ndtr

    if not (0.0 < sd < np.inf and np.isfinite(mean) and np.isfinite(value)):
        text = f"a normal forecast N({mean:g}, {sd:g}²) and value {value:g}"
        raise InputError([Problem(text, "give finite numbers and a spread above 0")])
    z = (value - mean) / sd
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    return float(sd * (z * (2.0 * ndtr(z) - 1.0) + 2.0 * density - 1.0 / np.sqrt(np.pi)))


def crps_quantiles(
    level: Float[np.ndarray, " quantile"], quantile: Float[np.ndarray, " quantile"], value: float
) -> float:
    r"""Score a few quantiles: twice their mean pinball loss.

    .. math:: \frac2K \sum_k (1\{y < q_k\} - \tau_k)(q_k - y)

    It approaches the CRPS as evenly spaced levels become many.

    Parameters
    ----------
    level, quantile
        Probabilities and the values below which the number lies with them.
    value
        What came true.

    Examples
    --------
    >>> crps_quantiles(np.array([0.5]), np.array([5.0]), 2.0)
    3.0
    """
    tau, q = np.asarray(level, dtype=float), np.asarray(quantile, dtype=float)
    order = np.argsort(tau, kind="stable")
    fits = tau.size == q.size > 0 and np.all((tau > 0.0) & (tau < 1.0))
    if not fits or np.any(np.diff(q[order]) < 0.0) or not np.all(np.isfinite([*q, value])):
        raise InputError(
            [
                Problem(
                    f"quantiles {q.tolist()} at {tau.tolist()}",
                    "give levels between 0 and 1 with values that do not fall as they rise",
                )
            ]
        )
    return float(2.0 * np.mean(((value < q) - tau) * (q - value)))
