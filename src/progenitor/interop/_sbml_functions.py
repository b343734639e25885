"""MathML functions that the engine's language lacks, written with those that it has."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from progenitor.engine._expressions import Arithmetic, Comparison, Expression, Logic, Negative
from progenitor.interop._sbml_terms import (
    ONE,
    ZERO,
    as_condition,
    as_quantity,
    both,
    call,
    choose,
    different,
    divide,
    equal,
    number,
    plus,
    times,
)

__all__ = ["FUNCTIONS"]

_Operands = Sequence[Expression]
_HALF: Final = number(0.5)
_TWO: Final = number(2.0)
_LANCZOS: Final = (
    0.99999999999980993,
    676.5203681218851,
    -1259.1392167224028,
    771.32342877765313,
    -176.61502916214059,
    12.507343278686905,
    -0.13857109526572012,
    9.9843695780195716e-6,
    1.5056327351493116e-7,
)
"""Coefficients for g = 7 of the approximation of the gamma function; relative error 1e-15."""


def _subtract(left: Expression, right: Expression) -> Expression:
    return Arithmetic("-", as_quantity(left), as_quantity(right))


def _square(value: Expression) -> Expression:
    return times([value, value])


def _reciprocal(value: Expression) -> Expression:
    return divide(ONE, value)


def _sinh(x: Expression) -> Expression:
    return divide(_subtract(call("exp", x), call("exp", Negative(x))), _TWO)


def _cosh(x: Expression) -> Expression:
    return divide(plus([call("exp", x), call("exp", Negative(x))]), _TWO)


def _tanh(x: Expression) -> Expression:
    """Write 1 − 2/(exp(2x) + 1), which keeps finite where exp overflows."""
    return _subtract(ONE, divide(_TWO, plus([call("exp", times([_TWO, x])), ONE])))


def _arcsinh(x: Expression) -> Expression:
    """Write sign(x)·log(|x| + √(x² + 1)), which does not cancel for negative x."""
    size = call("abs", x)
    positive = call("log", plus([size, call("sqrt", plus([_square(x), ONE]))]))
    return choose(positive, Comparison(">=", x, ZERO), Negative(positive))


def _arccosh(x: Expression) -> Expression:
    return call("log", plus([x, call("sqrt", _subtract(_square(x), ONE))]))


def _arctanh(x: Expression) -> Expression:
    return times([_HALF, call("log", divide(plus([ONE, x]), _subtract(ONE, x)))])


def _whole(x: Expression) -> Expression:
    """Round towards zero."""
    return choose(call("floor", x), Comparison(">=", x, ZERO), call("ceil", x))


def _quotient(operands: _Operands) -> Expression:
    numerator, denominator = operands
    return _whole(divide(numerator, denominator))


def _remainder(operands: _Operands) -> Expression:
    """Write a − b·quotient(a, b), which has the sign of a."""
    return _subtract(operands[0], times([operands[1], _quotient(operands)]))


def _factorial(x: Expression) -> Expression:
    """Write Γ(x + 1) after Lanczos, rounded where doubles hold every whole number."""
    terms = [number(_LANCZOS[0])] + [
        divide(number(coefficient), plus([x, number(float(index))]))
        for index, coefficient in enumerate(_LANCZOS[1:], start=1)
    ]
    base = plus([x, number(7.5)])
    power = Arithmetic("**", base, plus([x, _HALF]))
    scale = number(math.sqrt(2 * math.pi))
    gamma = times([scale, power, call("exp", Negative(base)), plus(terms)])
    rounded = call("floor", plus([gamma, _HALF]))
    return choose(rounded, Comparison("<", gamma, number(1e13)), gamma)


def _exclusive(operands: _Operands) -> Expression:
    """Write that an odd number of conditions hold."""
    conditions = [as_condition(operand) for operand in operands]
    if len(conditions) == 2:
        first, second = conditions
        only_first = Logic("and", (first, Logic("not", (second,))))
        only_second = Logic("and", (Logic("not", (first,)), second))
        return Logic("or", (only_first, only_second))
    count = plus(conditions)
    even = times([_TWO, call("floor", divide(count, _TWO))])
    return Comparison(">", _subtract(count, even), _HALF)


def _chain(compare: Callable[[Expression, Expression], Expression]) -> "_Lowering":
    """Compare each operand with the next."""

    def lowered(operands: _Operands) -> Expression:
        values = [as_quantity(operand) for operand in operands]
        return both("and", [compare(left, right) for left, right in pairwise(values)])

    return lowered


def _compared(operator: str) -> "_Lowering":
    return _chain(lambda left, right: Comparison(operator, left, right))


def _extreme(function: str) -> "_Lowering":
    def lowered(operands: _Operands) -> Expression:
        if len(operands) == 1:
            return as_quantity(operands[0])
        half = len(operands) // 2
        return call(function, lowered(operands[:half]), lowered(operands[half:]))

    return lowered


def _one(function: Callable[[Expression], Expression]) -> "_Lowering":
    return lambda operands: function(as_quantity(operands[0]))


def _named(function: str) -> "_Lowering":
    return lambda operands: call(function, operands[0])


def _inverted(function: Callable[[Expression], Expression]) -> "_Lowering":
    """Write the reciprocal of a function, as sec is of cos."""
    return lambda operands: _reciprocal(function(as_quantity(operands[0])))


def _of_reciprocal(function: Callable[[Expression], Expression]) -> "_Lowering":
    """Write a function of the reciprocal, as arcsec is of arccos."""
    return lambda operands: function(_reciprocal(as_quantity(operands[0])))


def _minus(operands: _Operands) -> Expression:
    if len(operands) == 1:
        return Negative(as_quantity(operands[0]))
    return _subtract(operands[0], operands[1])


def _power(operands: _Operands) -> Expression:
    return Arithmetic("**", as_quantity(operands[0]), as_quantity(operands[1]))


def _logarithm(operands: _Operands) -> Expression:
    """Write a logarithm; the base comes first."""
    base, value = operands if len(operands) == 2 else (number(10.0), operands[0])
    return divide(call("log", value), call("log", base))


def _root(operands: _Operands) -> Expression:
    """Write a root; the degree comes first."""
    degree, value = operands if len(operands) == 2 else (_TWO, operands[0])
    if degree == _TWO:
        return call("sqrt", value)
    return Arithmetic("**", as_quantity(value), _reciprocal(as_quantity(degree)))


def _circular(name: str) -> Callable[[Expression], Expression]:
    return lambda x: call(name, x)


_Lowering = Callable[[_Operands], Expression]
FUNCTIONS: Final[Mapping[str, tuple[int, int, _Lowering]]] = {
    "DIVIDE": (2, 2, lambda o: divide(as_quantity(o[0]), as_quantity(o[1]))),
    "FUNCTION_ABS": (1, 1, _named("abs")),
    "FUNCTION_ARCCOS": (1, 1, _named("acos")),
    "FUNCTION_ARCCOSH": (1, 1, _one(_arccosh)),
    "FUNCTION_ARCCOT": (1, 1, _of_reciprocal(_circular("atan"))),
    "FUNCTION_ARCCOTH": (1, 1, _of_reciprocal(_arctanh)),
    "FUNCTION_ARCCSC": (1, 1, _of_reciprocal(_circular("asin"))),
    "FUNCTION_ARCCSCH": (1, 1, _of_reciprocal(_arcsinh)),
    "FUNCTION_ARCSEC": (1, 1, _of_reciprocal(_circular("acos"))),
    "FUNCTION_ARCSECH": (1, 1, _of_reciprocal(_arccosh)),
    "FUNCTION_ARCSIN": (1, 1, _named("asin")),
    "FUNCTION_ARCSINH": (1, 1, _one(_arcsinh)),
    "FUNCTION_ARCTAN": (1, 1, _named("atan")),
    "FUNCTION_ARCTANH": (1, 1, _one(_arctanh)),
    "FUNCTION_CEILING": (1, 1, _named("ceil")),
    "FUNCTION_COS": (1, 1, _named("cos")),
    "FUNCTION_COSH": (1, 1, _one(_cosh)),
    "FUNCTION_COT": (1, 1, _inverted(_circular("tan"))),
    "FUNCTION_COTH": (1, 1, _inverted(_tanh)),
    "FUNCTION_CSC": (1, 1, _inverted(_circular("sin"))),
    "FUNCTION_CSCH": (1, 1, _inverted(_sinh)),
    "FUNCTION_EXP": (1, 1, _named("exp")),
    "FUNCTION_FACTORIAL": (1, 1, _one(_factorial)),
    "FUNCTION_FLOOR": (1, 1, _named("floor")),
    "FUNCTION_LN": (1, 1, _named("log")),
    "FUNCTION_LOG": (1, 2, _logarithm),
    "FUNCTION_MAX": (1, 1000, _extreme("max")),
    "FUNCTION_MIN": (1, 1000, _extreme("min")),
    "FUNCTION_POWER": (2, 2, _power),
    "FUNCTION_QUOTIENT": (2, 2, _quotient),
    "FUNCTION_REM": (2, 2, _remainder),
    "FUNCTION_ROOT": (1, 2, _root),
    "FUNCTION_SEC": (1, 1, _inverted(_circular("cos"))),
    "FUNCTION_SECH": (1, 1, _inverted(_cosh)),
    "FUNCTION_SIN": (1, 1, _named("sin")),
    "FUNCTION_SINH": (1, 1, _one(_sinh)),
    "FUNCTION_TAN": (1, 1, _named("tan")),
    "FUNCTION_TANH": (1, 1, _one(_tanh)),
    "LOGICAL_AND": (0, 1000, lambda o: both("and", [as_condition(x) for x in o])),
    "LOGICAL_IMPLIES": (
        2,
        2,
        lambda o: Logic("or", (Logic("not", (as_condition(o[0]),)), as_condition(o[1]))),
    ),
    "LOGICAL_NOT": (1, 1, lambda o: Logic("not", (as_condition(o[0]),))),
    "LOGICAL_OR": (0, 1000, lambda o: both("or", [as_condition(x) for x in o])),
    "LOGICAL_XOR": (0, 1000, _exclusive),
    "MINUS": (1, 2, _minus),
    "PLUS": (0, 10_000, plus),
    "POWER": (2, 2, _power),
    "RELATIONAL_EQ": (1, 1000, _chain(equal)),
    "RELATIONAL_GEQ": (1, 1000, _compared(">=")),
    "RELATIONAL_GT": (1, 1000, _compared(">")),
    "RELATIONAL_LEQ": (1, 1000, _compared("<=")),
    "RELATIONAL_LT": (1, 1000, _compared("<")),
    "RELATIONAL_NEQ": (2, 2, _chain(different)),
    "TIMES": (0, 10_000, times),
}
"""Kind of a MathML node → fewest and most operands, and how it is written."""
