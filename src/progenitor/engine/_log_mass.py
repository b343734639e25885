r"""Logarithms of Poisson and binomial probabilities that stay accurate for huge counts.

The factorials of a count of a billion cancel to a few units out of ten thousand million; written
with the errors of Stirling's formula δ and the deviance D nothing large is subtracted:

.. math::

    \log P(k; \mu) &= -\delta(k) - D(k, \mu) - \tfrac12 \log 2 \pi k \\
    D(k, \mu) &= k \log \frac{k}{\mu} + \mu - k

References
----------
Loader. Fast and accurate computation of binomial probabilities. Bell Laboratories 2000, sections
2-4.
"""

import math
from typing import Final

from progenitor.engine._compiled import compiled_part

__all__ = ["log_binomial", "log_poisson"]

_TABLE: Final = (
    0.0,
    0.08106146679532726,
    0.0413406959554093,
    0.02767792568499834,
    0.020790672103765093,
    0.016644691189821193,
    0.013876128823070748,
    0.01189670994589177,
    0.010411265261972096,
    0.009255462182712733,
    0.00833056343336287,
    0.007573675487951841,
    0.00694284010720953,
    0.006408994188004207,
    0.0059513701127588475,
    0.005554733551962801,
)
"""Errors of Stirling's formula up to 15; above, the series is exact to the last digit."""
_CLOSE: Final = 0.1
_LEAST_TERM: Final = 1e-17


@compiled_part
def _stirling_error(count: float) -> float:
    """Return log n! less Stirling's formula for it."""
    if count < len(_TABLE):
        return _TABLE[int(count)]
    inverse = 1.0 / (count * count)
    series = 1 / 1260 - inverse * (1 / 1680 - inverse / 1188)
    return (1 / 12 - inverse * (1 / 360 - inverse * series)) / count


@compiled_part
def _deviance(count: float, mean: float) -> float:
    """Return k log(k/μ) + μ - k, by a series where it is small."""
    gap = count - mean
    if abs(gap) >= _CLOSE * (count + mean):
        return count * math.log(count / mean) - gap
    ratio = gap / (count + mean)
    total, term = gap * ratio, 2.0 * count * ratio
    for odd in range(3, 33, 2):
        term *= ratio * ratio
        total += term / odd
        if abs(term) < _LEAST_TERM * total:
            break
    return total


@compiled_part
def log_poisson(count: float, mean: float) -> float:
    """Return the logarithm of the Poisson probability of a count.

    Examples
    --------
    >>> round(log_poisson(0.0, 2.5), 12)
    -2.5
    >>> round(log_poisson(3.0, 2.0), 9) == round(math.log(8 / 6) - 2, 9)
    True
    """
    if count <= 0.0:
        return -mean
    tail = _stirling_error(count) + _deviance(count, mean)
    return -tail - 0.5 * math.log(2 * math.pi * count)


@compiled_part
def log_binomial(count: float, number: float, chance: float) -> float:
    """Return the logarithm of the binomial probability of a count.

    Examples
    --------
    >>> round(log_binomial(1.0, 2.0, 0.5), 9) == round(math.log(0.5), 9)
    True
    """
    if count <= 0.0:
        return number * math.log1p(-chance)
    if count >= number:
        return number * math.log(chance)
    rest = number - count
    errors = _stirling_error(number) - _stirling_error(count) - _stirling_error(rest)
    gaps = _deviance(count, number * chance) + _deviance(rest, number * (1.0 - chance))
    return errors - gaps + 0.5 * math.log(number / (2 * math.pi * count * rest))
