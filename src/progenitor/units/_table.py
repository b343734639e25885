"""The units this field uses, as exact multiples of base units.

Base units are day, metre, kilogram, mole, degree Celsius (as a plain scale, without offset),
one for each currency (rates of exchange are not constants) and one for everything that is counted:
a cell per microlitre is not a gene copy per microlitre. Whatever is not listed is looked up in
pint, and every listed unit that pint also knows is compared with pint in the tests.

References
----------
Bureau International des Poids et Mesures, The International System of Units (SI), 9th edition,
tables 7 and 8; conventional millimetre of mercury 133.322387415 Pa (BS 350). A year is the Julian
year of 365.25 days and a month a twelfth of it.
"""

from fractions import Fraction
from typing import Final

from progenitor.units._dimension import DIMENSIONLESS, Dimension

__all__ = ["UNITS"]

_DAY: Final = Fraction(86400)
_TIME = Dimension.of(time=1)
_LENGTH = Dimension.of(length=1)
_VOLUME = Dimension.of(length=3)
_MASS = Dimension.of(mass=1)
_SUBSTANCE = Dimension.of(substance=1)
_PRESSURE = Dimension.of(mass=1, length=-1, time=-2)
_PASCAL = _DAY**2  # kg/m/s² in kg/m/day²
_PREFIXES: Final = {
    "": Fraction(1),
    "k": Fraction(10**3),
    "d": Fraction(1, 10),
    "c": Fraction(1, 10**2),
    "m": Fraction(1, 10**3),
    "u": Fraction(1, 10**6),
    "n": Fraction(1, 10**9),
    "p": Fraction(1, 10**12),
    "f": Fraction(1, 10**15),
}
_COUNTED: Final = {
    "cell": "cells",
    "copy": "copies",
    "patient": "patients",
    "lot": "lots",
    "division": "divisions",
    "dose": "doses",
    "molecule": "molecules",
    "IU": "IU",  # international units of biological activity
    "TU": "TU",  # transducing units of a vector
    "USD": "USD",
    "EUR": "EUR",
    "GBP": "GBP",
    "degC": "degC",
}
_TIMES: Final = {
    ("s", "second", "seconds"): 1 / _DAY,
    ("min", "minute", "minutes"): 60 / _DAY,
    ("h", "hour", "hours"): Fraction(1, 24),
    ("d", "day", "days"): Fraction(1),
    ("week", "weeks"): Fraction(7),
    ("month", "months"): Fraction("30.4375"),
    ("year", "years"): Fraction("365.25"),
}


def _prefixed(
    symbol: str, prefixes: str, factor: Fraction, dimension: Dimension
) -> dict[str, tuple[Fraction, Dimension]]:
    """Return a unit under each of its usual prefixes; a blank stands for none."""
    return {
        prefix.strip() + symbol: (factor * _PREFIXES[prefix.strip()], dimension)
        for prefix in prefixes
    }


def _build() -> dict[str, tuple[Fraction, Dimension]]:
    one = Fraction(1)
    units = {
        "%": (Fraction(1, 100), DIMENSIONLESS),
        "percent": (Fraction(1, 100), DIMENSIONLESS),
        "fraction": (one, DIMENSIONLESS),
        "fold": (one, DIMENSIONLESS),
        "dimensionless": (one, DIMENSIONLESS),
    }
    for singular, plural in _COUNTED.items():
        counted = (one, Dimension.of(**{singular: 1}))
        units[singular] = units[plural] = counted
    for names, days in _TIMES.items():
        units.update(dict.fromkeys(names, (days, _TIME)))
    units.update(_prefixed("IU", " kmu", one, Dimension.of(IU=1)))
    units.update(_prefixed("m", " kdcmunp", one, _LENGTH))
    units.update(_prefixed("g", " kmunpf", Fraction(1, 1000), _MASS))
    units.update(_prefixed("L", " dcmunpf", Fraction(1, 1000), _VOLUME))
    units.update(_prefixed("mol", " munpf", one, _SUBSTANCE))
    units.update(_prefixed("M", " munpf", Fraction(1000), _SUBSTANCE / _VOLUME))
    units.update(_prefixed("Pa", " k", _PASCAL, _PRESSURE))
    units["mmHg"] = (_PASCAL * Fraction("133.322387415"), _PRESSURE)
    return units


UNITS: Final = _build()
"""Name of a unit → its size in base units, and its dimension. Greek mu is written ``u``."""
