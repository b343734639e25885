"""Dimensional analysis of expressions: what unit a rate, rule, observable or assignment has.

Size counts as well as dimension: a rate per hour is not a rate per day, a percentage is not a
fraction, and cells divided by litres are not cells per microlitre.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, final

from progenitor.engine._expressions import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Logic,
    Name,
    Negative,
    Number,
    render,
)
from progenitor.units import Dimension, dimension, scale

__all__ = ["DAY", "PLAIN", "Kind", "Measure", "UnitChecker", "Unmeasured"]

_SAME_SIZE: Final = 1e-9


@final
@dataclass(frozen=True, slots=True)
class Measure:
    """A dimension with the size of its unit in base units.

    Examples
    --------
    >>> print(Measure.of("cell/uL"), Measure.of("1/hour").fits(Measure.of("1/day")))
    1e+09 × cell·length^-3 False
    """

    dimension: Dimension
    size: float

    @classmethod
    def of(cls, unit: str) -> "Measure":
        """Measure a unit; raises UnitError when the unit is unknown."""
        return cls(dimension(unit), scale(unit))

    def fits(self, other: "Measure") -> bool:
        """Whether two amounts can be added."""
        same_size = abs(self.size / other.size - 1) < _SAME_SIZE
        return self.dimension == other.dimension and same_size

    def __mul__(self, other: "Measure") -> "Measure":
        return Measure(self.dimension * other.dimension, self.size * other.size)

    def __pow__(self, exponent: float) -> "Measure":
        return Measure(self.dimension**exponent, self.size**exponent)

    def __str__(self) -> str:
        size = "" if abs(self.size - 1) < _SAME_SIZE else f"{self.size:g} × "
        return f"{size}{self.dimension}"


@final
class Unmeasured(enum.Enum):
    """Results of the analysis that are not a measure."""

    ZERO = "zero"
    """The literal 0, which fits every dimension."""
    CONDITION = "a condition"
    """True or false."""
    UNKNOWN = "unknown"
    """Something already reported as wrong; it fits everything, so that one error is told once."""


Kind = Measure | Unmeasured
PLAIN: Final = Measure.of("1")
DAY: Final = Measure.of("day")


@final
@dataclass(frozen=True, slots=True)
class UnitChecker:
    """Infers the dimension of expressions and collects every misfit.

    Parameters
    ----------
    symbols
        Measure of each species, parameter and rule; a missing name is taken as already reported.
    problems
        Where messages are collected.
    time
        Measure of the model's time.

    Examples
    --------
    >>> checker = UnitChecker({"cells": Measure.of("cell"), "age": Measure.of("day")})
    >>> from progenitor.engine._expressions import parse
    >>> print(checker.kind(parse("cells/age")))
    cell·time^-1
    >>> _ = checker.kind(parse("cells + age"))
    >>> len(checker.problems)
    1
    """

    symbols: Mapping[str, Kind]
    problems: list[str] = field(default_factory=list)
    time: Measure = DAY

    def kind(self, expression: Expression) -> Kind:
        """Dimension of an expression, or why it has none."""
        match expression:
            case Number(value):
                return Unmeasured.ZERO if value == 0 else PLAIN
            case Name("time"):
                return self.time
            case Name(name):
                return self.symbols.get(name, Unmeasured.UNKNOWN)
            case Negative(operand):
                return self.quantity(operand)
            case Arithmetic("+" | "-", left, right):
                return self.same(expression, left, right)
            case Arithmetic("**", base, exponent):
                return self._power(expression, base, exponent)
            case Arithmetic(operator, left, right):
                return self._product(operator, left, right)
            case Comparison(_, left, right):
                self.same(expression, left, right)
                return Unmeasured.CONDITION
            case Logic(_, operands):
                for operand in operands:
                    self.condition(operand)
                return Unmeasured.CONDITION
            case Call(function, arguments):
                return _CALLS[function](self, expression, arguments)

    def condition(self, expression: Expression) -> None:
        """Report an expression that is a quantity where a condition belongs."""
        found = self.kind(expression)
        if found not in (Unmeasured.CONDITION, Unmeasured.UNKNOWN):
            self._report(
                f"{render(expression)} is a quantity where a condition such as a > b belongs"
            )

    def require(self, expression: Expression, wanted: Measure, what: str) -> None:
        """Report an expression whose measure is not the wanted one."""
        found = self.kind(expression)
        if found is Unmeasured.CONDITION:
            self._report(f"{what} is a condition; a quantity in {wanted} belongs there")
        elif not _fits(found, wanted):
            self._report(f"{what} has unit {found} but must have {wanted}")

    def _report(self, message: str) -> None:
        self.problems.append(message)

    def quantity(self, expression: Expression) -> Kind:
        found = self.kind(expression)
        if found is not Unmeasured.CONDITION:
            return found
        self._report(f"{render(expression)} is a condition where a quantity belongs; use piecewise")
        return Unmeasured.UNKNOWN

    def dimensionless(self, expression: Expression, what: str) -> Kind:
        found = self.quantity(expression)
        if not _fits(found, PLAIN):
            self._report(f"{what} must be dimensionless, but {render(expression)} is {found}")
        return PLAIN

    def same(self, whole: Expression, left: Expression, right: Expression) -> Kind:
        first, second = self.quantity(left), self.quantity(right)
        if not _fits(first, second):
            self._report(
                f"{render(whole)} puts together {render(left)} in {first} "
                f"and {render(right)} in {second}"
            )
            return Unmeasured.UNKNOWN
        return second if isinstance(first, Unmeasured) else first

    def _product(self, operator: str, left: Expression, right: Expression) -> Kind:
        first, second = self.quantity(left), self.quantity(right)
        if Unmeasured.UNKNOWN in (first, second):
            return Unmeasured.UNKNOWN
        numerator = PLAIN if isinstance(first, Unmeasured) else first
        other = PLAIN if isinstance(second, Unmeasured) else second
        return numerator * (other if operator == "*" else other**-1.0)

    def _power(self, whole: Expression, base: Expression, exponent: Expression) -> Kind:
        found = self.quantity(base)
        self.dimensionless(exponent, f"the exponent in {render(whole)}")
        if isinstance(found, Unmeasured) or found.fits(PLAIN):
            return PLAIN if found is Unmeasured.ZERO else found
        if isinstance(exponent, Number):
            return found**exponent.value
        self._report(
            f"{render(whole)} raises {render(base)} in {found} to a power that is not a number; "
            "divide it by a reference amount first"
        )
        return Unmeasured.UNKNOWN


def _fits(first: Kind, second: Kind) -> bool:
    return isinstance(first, Unmeasured) or isinstance(second, Unmeasured) or first.fits(second)


_Arguments = tuple[Expression, ...]


def _plain(checker: UnitChecker, whole: Call, arguments: _Arguments) -> Kind:
    return checker.dimensionless(arguments[0], f"the argument of {whole.function}")


def _absolute(checker: UnitChecker, _: Call, arguments: _Arguments) -> Kind:
    return checker.quantity(arguments[0])


def _root(checker: UnitChecker, _: Call, arguments: _Arguments) -> Kind:
    found = checker.quantity(arguments[0])
    return found if isinstance(found, Unmeasured) else found**0.5


def _extreme(checker: UnitChecker, whole: Call, arguments: _Arguments) -> Kind:
    return checker.same(whole, *arguments)


def _hill(checker: UnitChecker, whole: Call, arguments: _Arguments) -> Kind:
    amount, half, exponent = arguments
    checker.same(whole, amount, half)
    return checker.dimensionless(exponent, f"the exponent in {render(whole)}")


def _piecewise(checker: UnitChecker, whole: Call, arguments: _Arguments) -> Kind:
    value, condition, otherwise = arguments
    checker.condition(condition)
    return checker.same(whole, value, otherwise)


_CALLS: Final[dict[str, Callable[[UnitChecker, Call, _Arguments], Kind]]] = {
    "abs": _absolute,
    "acos": _plain,
    "asin": _plain,
    "atan": _plain,
    "ceil": _plain,
    "cos": _plain,
    "exp": _plain,
    "floor": _plain,
    "hill": _hill,
    "log": _plain,
    "max": _extreme,
    "min": _extreme,
    "piecewise": _piecewise,
    "sin": _plain,
    "sqrt": _root,
    "tan": _plain,
}
