"""The number that an expression of known symbols is."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from progenitor.engine import _ieee
from progenitor.engine._expressions import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Logic,
    Name,
    Negative,
    Number,
)

__all__ = ["value_of"]

_ARITHMETIC: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _ieee.divide,
    "**": _ieee.power,
}
_COMPARISON: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_FUNCTIONS: Final[Mapping[str, Callable[..., float]]] = {
    "abs": abs,
    "acos": lambda x: _ieee.circular(math.acos, x),
    "asin": lambda x: _ieee.circular(math.asin, x),
    "atan": math.atan,
    "ceil": _ieee.ceiling,
    "cos": lambda x: _ieee.circular(math.cos, x),
    "exp": _ieee.exponential,
    "floor": _ieee.floor,
    "hill": _ieee.hill,
    "log": _ieee.logarithm,
    "max": _ieee.greatest,
    "min": _ieee.least,
    "piecewise": lambda value, condition, otherwise: value if condition else otherwise,
    "sin": lambda x: _ieee.circular(math.sin, x),
    "sqrt": _ieee.root,
    "tan": lambda x: _ieee.circular(math.tan, x),
}


def value_of(
    expression: Expression, known: dict[str, float], rules: Mapping[str, Expression]
) -> float:
    """Evaluate an expression; not-a-number where a symbol has no value.

    Parameters
    ----------
    expression
        In the engine's language.
    known
        Values of symbols; those of rules are added.
    rules
        Formulas of other symbols.

    Examples
    --------
    >>> from progenitor.engine._expressions import parse
    >>> value_of(parse("2*y + 1"), {"x": 3.0}, {"y": parse("x**2")})
    19.0
    """
    match expression:
        case Number(value):
            return value
        case Name(name):
            if name not in known:
                known[name] = math.nan
                if name in rules:
                    known[name] = value_of(rules[name], known, rules)
            return known[name]
        case Negative(operand):
            return -value_of(operand, known, rules)
        case Arithmetic(operator, left, right):
            return _ARITHMETIC[operator](
                value_of(left, known, rules), value_of(right, known, rules)
            )
        case Comparison(operator, left, right):
            return _COMPARISON[operator](
                value_of(left, known, rules), value_of(right, known, rules)
            )
        case Logic(operator, operands):
            values = [bool(value_of(operand, known, rules)) for operand in operands]
            if operator == "not":
                return not values[0]
            return all(values) if operator == "and" else any(values)
        case Call(function, arguments):
            return _FUNCTIONS[function](*(value_of(a, known, rules) for a in arguments))
