"""A number with its unit, read from text and converted once."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import final, overload

import numpy as np
from jaxtyping import Float

from progenitor.errors import UnitError
from progenitor.units._dimension import Dimension
from progenitor.units._unit import dimension, resolve

__all__ = ["Quantity", "convert", "parse_quantity"]

_TEXT = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?:\s+(\S.*)|([%°].*)|)")
_Number = int | float
_LONGEST = 200
_EXACT = 2**53


@overload
def convert(value: float, from_unit: str, to_unit: str) -> float: ...
@overload
def convert(
    value: Float[np.ndarray, "..."], from_unit: str, to_unit: str
) -> Float[np.ndarray, "..."]: ...
def convert(
    value: _Number | Float[np.ndarray, "..."], from_unit: str, to_unit: str
) -> float | Float[np.ndarray, "..."]:
    r"""Express a value in another unit of the same dimension.

    .. math:: x_{to} = x_{from} \cdot s(from) / s(to)

    where :math:`s` is the size of a unit in base units, kept as an exact fraction.

    Parameters
    ----------
    value
        A number, or an array of any shape; an array comes back as a new array.
    from_unit, to_unit
        Unit text.

    Raises
    ------
    UnitError
        When a unit is unknown or the two measure different things; both are shown.

    Examples
    --------
    >>> convert(36.0, "h", "day")
    1.5
    >>> convert(5.0, "cell/uL", "copy/uL")
    Traceback (most recent call last):
    ...
    progenitor.errors.UnitError: 'cell/uL' does not convert to 'copy/uL': cell·length^-3 is not ...
    """
    numerator, denominator = _ratio(from_unit, to_unit)
    if denominator == 1.0:
        return value * numerator
    if numerator == 1.0:
        return value / denominator
    return value * (numerator / denominator)


@lru_cache(maxsize=4096)
def _ratio(from_unit: str, to_unit: str) -> tuple[float, float]:
    """Return numerator and denominator of the exact ratio of two units."""
    source, target = resolve(from_unit), resolve(to_unit)
    if source[1] != target[1]:
        message = f"'{from_unit}' does not convert to '{to_unit}': {source[1]} is not {target[1]}"
        raise UnitError(message)
    ratio = source[0] / target[0]
    if max(ratio.numerator, ratio.denominator) <= _EXACT:
        return float(ratio.numerator), float(ratio.denominator)
    return float(ratio), 1.0


@final
@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit.

    Parameters
    ----------
    value
        The number.
    unit
        Unit text.

    Examples
    --------
    >>> Quantity(2e6, "cell/kg").to("1e6 cell/kg")
    Quantity(value=2.0, unit='1e6 cell/kg')
    >>> print(Quantity(28.0, "day"))
    28 day
    """

    value: float
    unit: str

    @property
    def dimension(self) -> Dimension:
        """What the quantity measures."""
        return dimension(self.unit)

    def to(self, unit: str) -> "Quantity":
        """Return the same quantity in another unit.

        Raises
        ------
        UnitError
            When the unit measures something else.
        """
        return Quantity(convert(self.value, self.unit, unit), unit)

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}".rstrip()


def parse_quantity(text: str) -> Quantity:
    """Read a quantity as people write it: a number, a blank and a unit.

    Parameters
    ----------
    text
        Such as ``"2e6 cell/kg"``, ``"-5 day"`` or ``"20 %"``. A bare number is dimensionless,
        with unit ``"1"``.

    Raises
    ------
    UnitError
        When there is no finite number, or the unit is unknown.

    Examples
    --------
    >>> parse_quantity("2e6 cell/kg")
    Quantity(value=2000000.0, unit='cell/kg')
    >>> parse_quantity("20%").to("1").value
    0.2
    """
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    match = _TEXT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        raise UnitError(
            f"'{shown}' is not a quantity; write a number, a blank and a unit: '28 day'"
        )
    value = float(match[1])
    if not math.isfinite(value):
        raise UnitError(f"'{shown}' is not finite; give a smaller number")
    unit = (match[2] or match[3] or "1").strip()
    resolve(unit)
    return Quantity(value, unit)
