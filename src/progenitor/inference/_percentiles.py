"""Percentiles of samples: with values below a limit, over replicates, and what chance allows."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

__all__ = ["censored_percentiles", "central_interval", "normal_percentile_interval"]


def censored_percentiles(
    value: Float[np.ndarray, " observation"],
    censored: Bool[np.ndarray, " observation"],
    limit: Float[np.ndarray, " observation"],
    percentiles: Sequence[float],
) -> Float[np.ndarray, " percentile"]:
    r"""Return sample percentiles as far as values below the limit leave them known.

    Censored values take their place in the ranking below everything measured. With ordered values
    :math:`y_{(1)}\le\dots\le y_{(n)}` and :math:`h=1+(n-1)p`,

    .. math::

        q_p = y_{(\lfloor h\rfloor)} + (h-\lfloor h\rfloor)
              \left(y_{(\lfloor h\rfloor+1)}-y_{(\lfloor h\rfloor)}\right)

    A percentile that reaches down to a censored value, or lies below the largest limit that
    censored anything, is not known and is NaN: it would move with what was not measured.

    Parameters
    ----------
    value, censored, limit
        Values, which of them lie below the limit, and the limit of each.
    percentiles
        In per cent.

    References
    ----------
    Bergstrand, Karlsson. Handling data below the limit of quantification in mixed effect models.
    AAPS J 2009;11:371-380, doi:10.1208/s12248-009-9112-5. Percentile: Hyndman and Fan's type 7.

    Examples
    --------
    >>> value = np.array([np.nan, 2.0, 4.0, 6.0, 8.0])
    >>> below = np.isnan(value)
    >>> censored_percentiles(value, below, np.full(5, 1.0), (10.0, 50.0)).tolist()
    [nan, 4.0]
    """
    ordered = np.sort(np.where(censored, -np.inf, value))
    place = (len(ordered) - 1) * np.asarray(percentiles, dtype=np.float64) / 100.0
    lower = np.floor(place).astype(np.int64)
    upper = np.minimum(lower + 1, len(ordered) - 1)
    least = limit[censored].max() if censored.any() else -np.inf
    known = ordered[lower] >= least if censored.any() else np.ones(lower.shape, dtype=bool)
    bottom = np.where(known, ordered[lower], 0.0)
    top = np.where(known, ordered[upper], 0.0)
    return np.where(known, bottom + (place - lower) * (top - bottom), np.nan)


def central_interval(
    sample: Float[np.ndarray, "replicate *rest"], level: float
) -> tuple[Float[np.ndarray, "*rest"], Float[np.ndarray, "*rest"], Float[np.ndarray, "*rest"]]:
    """Return the lower end, the median and the upper end of the central interval over replicates.

    Parameters
    ----------
    sample
        A number of each replicate.
    level
        Share of replicates inside, such as 0.95.
    """
    tail = (1.0 - level) / 2.0
    low, middle, high = np.quantile(sample, [tail, 0.5, 1.0 - tail], axis=0)
    return np.asarray(low), np.asarray(middle), np.asarray(high)


def normal_percentile_interval(
    percentile: float, count: int, level: float
) -> tuple[float, float, float]:
    r"""Return the interval, and its centre, of a percentile of a standard normal sample.

    The :math:`k`-th of :math:`n` ordered uniform numbers is Beta distributed with parameters
    :math:`k` and :math:`n+1-k`; with :math:`k=1+(n-1)p` its quantiles, through the normal quantile
    function, bound the percentile of a normal sample.

    Parameters
    ----------
    percentile
        In per cent.
    count
        Size of the sample.
    level
        Probability of the interval.

    References
    ----------
    David, Nagaraja. Order statistics, 3rd edition. Wiley 2003, equation 2.1.6.

    Examples
    --------
    >>> low, middle, high = normal_percentile_interval(50.0, 101, 0.95)
    >>> f"{low:.3f} {abs(middle):.3f} {high:.3f}"  # standard error 1.25 / sqrt(101)
    '-0.244 0.000 0.244'
    """
    from scipy.special import betaincinv, ndtri

    rank = 1.0 + (count - 1) * percentile / 100.0
    tail = (1.0 - level) / 2.0
    shares = betaincinv(rank, count + 1.0 - rank, np.array([tail, 0.5, 1.0 - tail]))
    low, middle, high = ndtri(shares).tolist()
    return low, middle, high
