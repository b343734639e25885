"""Derivatives of formulas: with respect to a symbol, or to time along the course of the model."""

from collections.abc import Callable, Mapping
from typing import Final

from progenitor.engine._expressions import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Name,
    Negative,
    Number,
)
from progenitor.interop._sbml_terms import (
    ONE,
    ZERO,
    call,
    choose,
    number,
    simple_minus,
    simple_over,
    simple_plus,
    simple_times,
)

__all__ = ["derivative"]

_Inner = Callable[[Expression], Expression]
_TWO: Final = number(2.0)


def derivative(expression: Expression, of: Callable[[str], Expression]) -> Expression:
    """Return the derivative of an expression, given the derivative of each name.

    Jumps have none: rounding and the borders of ``piecewise`` count as flat.

    Parameters
    ----------
    expression
        In the engine's language.
    of
        Derivative of a name.

    Examples
    --------
    >>> from progenitor.engine._expressions import parse, render
    >>> render(derivative(parse("3*x**2"), lambda name: ONE if name == "x" else ZERO))
    '(3.0 * (2.0 * (x ** 1.0)))'
    """
    match expression:
        case Name(name):
            return of(name)
        case Negative(operand):
            return simple_minus(ZERO, derivative(operand, of))
        case Arithmetic(operator, left, right):
            return _arithmetic(operator, left, right, of)
        case Call("piecewise", (value, condition, otherwise)):
            first, second = derivative(value, of), derivative(otherwise, of)
            return first if first == second else choose(first, condition, second)
        case Call("max" | "min" as name, (left, right)):
            first, second = derivative(left, of), derivative(right, of)
            above = Comparison(">=" if name == "max" else "<=", left, right)
            return first if first == second else choose(first, above, second)
        case Call(name, (inner,)) if name in _OUTER:
            slope = derivative(inner, of)
            return ZERO if slope == ZERO else simple_times(_OUTER[name](inner), slope)
        case _:
            return ZERO


def _arithmetic(
    operator: str, left: Expression, right: Expression, of: Callable[[str], Expression]
) -> Expression:
    first = derivative(left, of)
    if operator == "**":
        return _power(left, right, first, derivative(right, of))
    second = derivative(right, of)
    match operator:
        case "+":
            return simple_plus(first, second)
        case "-":
            return simple_minus(first, second)
        case "*":
            return simple_plus(simple_times(first, right), simple_times(left, second))
        case _:
            falling = simple_over(simple_times(left, second), simple_times(right, right))
            return simple_minus(simple_over(first, right), falling)


def _power(
    base: Expression, exponent: Expression, base_slope: Expression, exponent_slope: Expression
) -> Expression:
    lower = (
        number(exponent.value - 1) if isinstance(exponent, Number) else simple_minus(exponent, ONE)
    )
    along_base = simple_times(simple_times(exponent, Arithmetic("**", base, lower)), base_slope)
    if exponent_slope == ZERO:
        return ZERO if base_slope == ZERO else along_base
    growth = simple_times(Arithmetic("**", base, exponent), call("log", base))
    return simple_plus(along_base, simple_times(growth, exponent_slope))


def _reciprocal(inner: Expression) -> Expression:
    return Arithmetic("/", ONE, inner)


def _square(inner: Expression) -> Expression:
    return Arithmetic("*", inner, inner)


def _arc(inner: Expression) -> Expression:
    return _reciprocal(call("sqrt", Arithmetic("-", ONE, _square(inner))))


_OUTER: Final[Mapping[str, _Inner]] = {
    "abs": lambda x: choose(ONE, Comparison(">=", x, ZERO), number(-1.0)),
    "acos": lambda x: Negative(_arc(x)),
    "asin": _arc,
    "atan": lambda x: _reciprocal(Arithmetic("+", ONE, _square(x))),
    "cos": lambda x: Negative(call("sin", x)),
    "exp": lambda x: call("exp", x),
    "log": _reciprocal,
    "sin": lambda x: call("cos", x),
    "sqrt": lambda x: _reciprocal(Arithmetic("*", _TWO, call("sqrt", x))),
    "tan": lambda x: _reciprocal(_square(call("cos", x))),
}
"""Derivative of a function with respect to its argument."""
