"""Arithmetic that answers like the floating-point standard where Python would raise an exception.

Division by zero gives an infinity, overflow gives an infinity and meaningless operations give NaN,
so that a wild trial step of a solver is judged by its result and not by an exception.
"""

import math
from collections.abc import Callable
from typing import Final

__all__ = [
    "ceiling",
    "circular",
    "divide",
    "exponential",
    "floor",
    "greatest",
    "hill",
    "least",
    "logarithm",
    "power",
    "root",
]

_INFINITY: Final = math.inf
_NAN: Final = math.nan


def ceiling(value: float) -> float:
    """Return the least whole number that is not below a value.

    Examples
    --------
    >>> ceiling(1.5), ceiling(-math.inf)
    (2.0, -inf)
    """
    return float(math.ceil(value)) if math.isfinite(value) else value


def circular(function: Callable[[float], float], value: float) -> float:
    """Return a circular function or its inverse, NaN where it is not defined.

    Examples
    --------
    >>> circular(math.sin, math.inf), circular(math.acos, 2.0), circular(math.acos, 1.0)
    (nan, nan, 0.0)
    """
    try:
        return function(value)
    except ValueError:
        return _NAN


def divide(numerator: float, denominator: float) -> float:
    """Divide.

    Examples
    --------
    >>> divide(1.0, 0.0), divide(-1.0, 0.0), divide(0.0, 0.0)
    (inf, -inf, nan)
    """
    if denominator != 0:
        return numerator / denominator
    if numerator == 0 or math.isnan(numerator) or math.isnan(denominator):
        return _NAN
    return math.copysign(_INFINITY, numerator) * math.copysign(1.0, denominator)


def exponential(exponent: float) -> float:
    """Raise e to a power.

    Examples
    --------
    >>> exponential(1e6), exponential(-1e6)
    (inf, 0.0)
    """
    return math.exp(exponent) if exponent < 709.0 or math.isnan(exponent) else _INFINITY


def floor(value: float) -> float:
    """Return the greatest whole number that is not above a value.

    Examples
    --------
    >>> floor(-1.5), floor(math.inf)
    (-2.0, inf)
    """
    return float(math.floor(value)) if math.isfinite(value) else value


def greatest(first: float, second: float) -> float:
    """Return the larger of two numbers, NaN when either is.

    Examples
    --------
    >>> greatest(1.0, 2.0), greatest(1.0, math.nan)
    (2.0, nan)
    """
    return first if first >= second or math.isnan(first) else second


def least(first: float, second: float) -> float:
    """Return the smaller of two numbers, NaN when either is.

    Examples
    --------
    >>> least(1.0, 2.0), least(math.nan, 2.0)
    (1.0, nan)
    """
    return first if first <= second or math.isnan(first) else second


def logarithm(value: float) -> float:
    """Return the natural logarithm.

    Examples
    --------
    >>> logarithm(0.0), logarithm(-1.0)
    (-inf, nan)
    """
    if value > 0:
        return math.log(value)
    return -_INFINITY if value == 0 else _NAN


def root(value: float) -> float:
    """Return the square root.

    Examples
    --------
    >>> root(4.0), root(-1.0)
    (2.0, nan)
    """
    return math.sqrt(value) if value >= 0 else _NAN


def power(base: float, exponent: float) -> float:
    """Raise to a power over the real numbers.

    Examples
    --------
    >>> power(0.0, -1.0), power(1e200, 2.0), power(-1.0, 0.5)
    (inf, inf, nan)
    """
    try:
        return math.pow(base, exponent)
    except OverflowError:
        odd = exponent % 2 == 1
        return -_INFINITY if base < 0 and odd else _INFINITY
    except ValueError:
        return _INFINITY if base == 0 else _NAN


def hill(amount: float, half: float, exponent: float) -> float:
    """Return ``amountⁿ / (amountⁿ + halfⁿ)``, zero for amounts that are not above zero.

    Examples
    --------
    >>> hill(1e300, 1.0, 4.0), hill(0.0, 0.0, 2.0), hill(2.0, 2.0, 3.0)
    (1.0, 0.0, 0.5)
    """
    if math.isnan(amount) or math.isnan(half) or math.isnan(exponent):
        return _NAN
    if amount <= 0:
        return 0.0
    return 1.0 / (1.0 + power(half / amount, exponent))
