"""Units outside our own table, looked up in pint the first time one is met."""

from fractions import Fraction
from functools import cache
from typing import Any

from progenitor.units._dimension import Dimension

__all__ = ["foreign_unit"]

_SECONDS_PER_DAY = 86400
_BASE = {
    "[length]": "length",
    "[mass]": "mass",
    "[time]": "time",
    "[substance]": "substance",
    "[current]": "current",
    "[temperature]": "temperature",
    "[luminosity]": "luminosity",
}


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()


def foreign_unit(name: str) -> tuple[Fraction, Dimension] | None:
    """Return the size in our base units and the dimension of a unit that pint knows.

    Units with an offset or on a logarithmic scale (``degF``, ``dB``) are not known: they do not
    multiply.

    Parameters
    ----------
    name
        One identifier, such as ``ounce``; never a whole expression.

    Examples
    --------
    >>> size, dimension = foreign_unit("ounce")
    >>> round(float(size), 6), dimension
    (0.02835, Dimension('mass'))
    >>> foreign_unit("degF") is None, foreign_unit("zorkmid") is None
    (True, True)
    """
    import pint

    registry = _registry()
    try:
        unit = registry.Unit(name)
        nothing = registry.Quantity(0.0, unit).to_base_units().magnitude
        size = registry.Quantity(1.0, unit).to_base_units().magnitude
        powers = dict(unit.dimensionality)
    except (pint.PintError, AttributeError, ValueError, TypeError, ArithmeticError):
        return None
    if nothing != 0.0 or not set(powers) <= set(_BASE):
        return None
    days = Fraction(_SECONDS_PER_DAY) ** -int(powers.get("[time]", 0))
    named = {_BASE[base]: Fraction(power) for base, power in powers.items()}
    return Fraction(size) * days, Dimension.of(**named)
