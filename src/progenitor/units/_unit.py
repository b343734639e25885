"""Reads the text of a unit: a product of powers of named units, with an optional number."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from typing import final

from progenitor.errors import UnitError
from progenitor.units._dimension import DIMENSIONLESS, Dimension
from progenitor.units._foreign import foreign_unit
from progenitor.units._table import UNITS

__all__ = ["dimension", "resolve", "scale"]

_Size = tuple[Fraction, Dimension]
_ONE: _Size = (Fraction(1), DIMENSIONLESS)
_LONGEST = 80
_LARGEST_POWER = 12
_LARGEST_SIZE = 1e150
_NUMBER = r"\d+(?:\.\d*)?(?:[eE][-+]?\d{1,2})?(?![\w.%])"
_TOKEN = re.compile(rf"\s*([A-Za-z]\w*|%|{_NUMBER}|\*\*\s*[-+]?\d+|\^\s*[-+]?\d+|[*/()])\s*")
_SPELLINGS = str.maketrans(
    {"µ": "u", "μ": "u", "·": "*", "⋅": "*", "×": "*", "²": "^2", "³": "^3", "⁻": "^-", "¹": "1"}
)
_EXAMPLES = "write it like 'cell/uL', '1/(cell*day)' or 'mg/m^2'"


def dimension(unit: str) -> Dimension:
    """Return what a unit measures; two units convert into each other when these are equal.

    Parameters
    ----------
    unit
        Unit text such as ``"cell/uL"``, ``"1e6 cell/kg"``, ``"1/(cell*day)"``, ``"%"`` or ``""``.

    Raises
    ------
    UnitError
        When the unit cannot be read.

    Examples
    --------
    >>> dimension("cell/µL") == dimension("cells/L")
    True
    >>> dimension("1/day") * dimension("day") == dimension("%")
    True
    """
    return resolve(unit)[1]


def scale(unit: str) -> float:
    """Return the size of a unit in base units (day, m, kg, mol, degC, USD, and one per count).

    Parameters
    ----------
    unit
        Unit text, as for :func:`dimension`.

    Raises
    ------
    UnitError
        When the unit cannot be read.

    Examples
    --------
    >>> scale("%"), scale("week"), scale("1e6 cell")
    (0.01, 7.0, 1000000.0)
    """
    return float(resolve(unit)[0])


@lru_cache(maxsize=4096)
def resolve(unit: str) -> _Size:
    """Return the exact size in base units and the dimension of a unit.

    Raises
    ------
    UnitError
        When the unit cannot be read.
    """
    text = unit.strip()
    if text in {"", "-", "–"}:
        return _ONE
    if len(text) > _LONGEST:
        raise UnitError(f"unit '{text[:_LONGEST]}…' is too long; write it in base units")
    text = text.replace("°C", "degC").translate(_SPELLINGS)
    reader = _Reader(unit, _tokens(text, unit))
    size = reader.product()
    if reader.tokens:
        raise reader.unreadable()
    if not 1 / _LARGEST_SIZE < size[0] < _LARGEST_SIZE:
        raise UnitError(f"unit '{unit}' is zero or of absurd size; write it in base units")
    return size


def _tokens(text: str, unit: str) -> list[str]:
    """Return the tokens of a unit, last first."""
    tokens: list[str] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            near = text[position:].strip()[:10]
            raise UnitError(f"unit '{unit}' cannot be read at '{near}'; {_EXAMPLES}")
        tokens.append(match[1])
        position = match.end()
    return tokens[::-1]


@final
@dataclass(slots=True)
class _Reader:
    """Reads factors joined by ``*`` and ``/`` from left to right.

    Parameters
    ----------
    unit
        The whole text, for messages.
    tokens
        What is left to read, last first.
    """

    unit: str
    tokens: list[str]

    def product(self) -> _Size:
        """Read a product; only its first factor may be a number, as in ``1e6 cell/kg``."""
        if self._next()[:1].isdigit():
            size = Fraction(self.tokens.pop()), DIMENSIONLESS
            if self._next() not in {"", ")", "*", "/"}:
                size = self._times(size, self._factor(), 1)
        else:
            size = self._factor()
        while self._next() in {"*", "/"}:
            power = -1 if self.tokens.pop() == "/" else 1
            size = self._times(size, self._factor(), power)
        return size

    def unreadable(self) -> UnitError:
        """Return the error that points at the next token."""
        where = f"at '{self._next()}'" if self.tokens else "to its end"
        return UnitError(f"unit '{self.unit}' cannot be read {where}; {_EXAMPLES}")

    def _next(self) -> str:
        return self.tokens[-1] if self.tokens else ""

    def _factor(self) -> _Size:
        word = self._next()
        if word == "(":
            self.tokens.pop()
            size = self.product()
            if self._next() != ")":
                raise self.unreadable()
        elif word[:1].isalpha() or word == "%":
            size = self._named(word)
        else:
            raise self.unreadable()
        self.tokens.pop()
        if self._next().startswith(("^", "**")):
            size = self._raised(size, int(self.tokens.pop().lstrip("*^ ")))
        return size

    def _named(self, word: str) -> _Size:
        """Return the size of a named unit; ``m2`` is a square metre."""
        if word in UNITS:
            return UNITS[word]
        name = word[:-1]
        if word[-1] in "23" and name in UNITS:
            return self._raised(UNITS[name], int(word[-1]))
        size = foreign_unit(word)
        if size is None:
            near = get_close_matches(word, UNITS, n=1, cutoff=0.6)
            hint = f"did you mean '{near[0]}'?" if near else _EXAMPLES
            raise UnitError(f"unknown unit '{word}' in '{self.unit}'; {hint}")
        return size

    def _times(self, one: _Size, other: _Size, power: int) -> _Size:
        other = self._raised(other, power)
        return one[0] * other[0], one[1] * other[1]

    def _raised(self, size: _Size, power: int) -> _Size:
        if abs(power) > _LARGEST_POWER:
            raise UnitError(f"unit '{self.unit}' has a power beyond {_LARGEST_POWER}; lower it")
        if not size[0]:
            raise UnitError(f"unit '{self.unit}' has size zero; give a number above zero")
        return size[0] ** power, size[1] ** power
