"""Building expressions of the engine's language, and a few facts about them.

Functions named after an operation leave their operands as they are; those that begin with
``simple`` leave out what does nothing, such as adding zero. Conditions and quantities are told
apart by kind: a condition where a quantity belongs is 1 or 0, a quantity where a condition belongs
is true unless it is zero.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

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

__all__ = [
    "ONE",
    "ZERO",
    "as_condition",
    "as_quantity",
    "both",
    "call",
    "choose",
    "different",
    "divide",
    "equal",
    "is_condition",
    "is_number",
    "number",
    "operands_of",
    "plus",
    "replaced",
    "simple_minus",
    "simple_over",
    "simple_plus",
    "simple_times",
    "size_of",
    "substitute",
    "times",
    "truth",
]

ZERO: Final = Number(0.0)
ONE: Final = Number(1.0)
_MOST_OPERANDS: Final = 8
"""Operands that are written side by side; more are joined in halves."""


def number(value: float) -> Expression:
    """Write any floating-point number, infinities and not-a-number included.

    Examples
    --------
    >>> number(-2.0)
    Negative(operand=Number(value=2.0))
    """
    if math.isnan(value):
        return Arithmetic("/", ZERO, ZERO)
    if math.isinf(value):
        infinite = Arithmetic("/", ONE, ZERO)
        return infinite if value > 0 else Negative(infinite)
    return Negative(Number(-value)) if value < 0 else Number(abs(value))


def is_number(expression: Expression, value: float) -> bool:
    """Whether an expression is a given literal."""
    return isinstance(expression, Number) and expression.value == value


def is_condition(expression: Expression) -> bool:
    """Whether an expression is true or false rather than a quantity."""
    return isinstance(expression, Comparison | Logic)


def truth(*, value: bool) -> Expression:
    """Write a condition that always holds, or never."""
    return Comparison(">", ONE, ZERO) if value else Comparison(">", ZERO, ONE)


def as_quantity(expression: Expression) -> Expression:
    """Read a condition as 1 or 0."""
    return Call("piecewise", (ONE, expression, ZERO)) if is_condition(expression) else expression


def as_condition(expression: Expression) -> Expression:
    """Read a quantity as true unless it is zero."""
    if is_condition(expression):
        return expression
    if isinstance(expression, Number):
        return truth(value=expression.value != 0)
    return different(expression, ZERO)


def equal(left: Expression, right: Expression) -> Expression:
    """Write ``left == right``, which the engine's language lacks."""
    return Logic("and", (Comparison(">=", left, right), Comparison("<=", left, right)))


def different(left: Expression, right: Expression) -> Expression:
    """Write ``left != right``."""
    return Logic("or", (Comparison("<", left, right), Comparison(">", left, right)))


def both(operator: str, operands: Sequence[Expression]) -> Expression:
    """Join conditions by ``and`` or ``or``; none of them is true for ``and``, false for ``or``."""
    if len(operands) < 2:
        return operands[0] if operands else truth(value=operator == "and")
    if len(operands) <= _MOST_OPERANDS:
        return Logic(operator, tuple(operands))
    half = len(operands) // 2
    return Logic(operator, (both(operator, operands[:half]), both(operator, operands[half:])))


def plus(terms: Sequence[Expression]) -> Expression:
    """Write a sum."""
    return _balanced("+", terms, ZERO)


def times(factors: Sequence[Expression]) -> Expression:
    """Write a product."""
    return _balanced("*", factors, ONE)


def divide(numerator: Expression, denominator: Expression) -> Expression:
    """Write a quotient."""
    return Arithmetic("/", numerator, denominator)


def call(function: str, *arguments: Expression) -> Expression:
    """Write a function of quantities."""
    return Call(function, tuple(as_quantity(argument) for argument in arguments))


def choose(value: Expression, condition: Expression, otherwise: Expression) -> Expression:
    """Write ``value`` where a condition holds and something else where not."""
    condition = as_condition(condition)
    if is_condition(value) and is_condition(otherwise):
        opposite = Logic("and", (Logic("not", (condition,)), otherwise))
        return Logic("or", (Logic("and", (condition, value)), opposite))
    return Call("piecewise", (as_quantity(value), condition, as_quantity(otherwise)))


def simple_plus(left: Expression, right: Expression) -> Expression:
    """Add, leaving out zeros."""
    if is_number(left, 0):
        return right
    return left if is_number(right, 0) else Arithmetic("+", left, right)


def simple_minus(left: Expression, right: Expression) -> Expression:
    """Subtract, leaving out zeros."""
    if is_number(right, 0):
        return left
    return Negative(right) if is_number(left, 0) else Arithmetic("-", left, right)


def simple_times(left: Expression, right: Expression) -> Expression:
    """Multiply, leaving out ones, and everything where a factor is zero."""
    if is_number(left, 0) or is_number(right, 0):
        return ZERO
    if is_number(left, 1):
        return right
    return left if is_number(right, 1) else Arithmetic("*", left, right)


def simple_over(numerator: Expression, denominator: Expression) -> Expression:
    """Divide, leaving out ones and a numerator of zero."""
    if is_number(numerator, 0) or is_number(denominator, 1):
        return numerator
    return Arithmetic("/", numerator, denominator)


def operands_of(expression: Expression) -> tuple[Expression, ...]:
    """Return what an expression is made of, one level down."""
    match expression:
        case Number() | Name():
            return ()
        case Negative(operand):
            return (operand,)
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return left, right
        case Logic(_, operands) | Call(_, operands):
            return operands


def replaced(expression: Expression, operands: Sequence[Expression]) -> Expression:
    """Return the same operation on other operands."""
    match expression:
        case Number() | Name():
            return expression
        case Negative():
            return Negative(operands[0])
        case Arithmetic(operator, _, _):
            return Arithmetic(operator, as_quantity(operands[0]), as_quantity(operands[1]))
        case Comparison(operator, _, _):
            return Comparison(operator, as_quantity(operands[0]), as_quantity(operands[1]))
        case Logic(operator, _):
            return Logic(operator, tuple(as_condition(operand) for operand in operands))
        case Call(function, _):
            return Call(function, tuple(operands))


def size_of(expression: Expression) -> int:
    """Return how many parts an expression has when it is written out.

    Examples
    --------
    >>> size_of(Arithmetic("+", ONE, Negative(ONE)))
    4
    """
    sizes: dict[int, int] = {}
    waiting = [expression]
    while waiting:
        part = waiting[-1]
        unknown = [operand for operand in operands_of(part) if id(operand) not in sizes]
        if unknown:
            waiting += unknown
            continue
        sizes[id(part)] = 1 + sum(sizes[id(operand)] for operand in operands_of(part))
        waiting.pop()
    return sizes[id(expression)]


def substitute(
    expression: Expression, find: Callable[[str], Expression] | Mapping[str, Expression]
) -> Expression:
    """Replace names; a mapping leaves names it lacks as they are.

    Examples
    --------
    >>> substitute(Negative(Name("x")), {"x": Name("y")})
    Negative(operand=Name(name='y'))
    """
    if isinstance(expression, Name):
        if callable(find):
            return find(expression.name)
        return find.get(expression.name, expression)
    operands = operands_of(expression)
    if not operands:
        return expression
    changed = tuple(substitute(operand, find) for operand in operands)
    same = all(new is old for new, old in zip(changed, operands, strict=True))
    return expression if same else replaced(expression, changed)


def _balanced(operator: str, items: Iterable[Expression], empty: Expression) -> Expression:
    """Join left to right; many items in halves, so that the expression stays flat."""
    parts = [as_quantity(item) for item in items]
    if not parts:
        return empty
    if len(parts) <= _MOST_OPERANDS:
        total = parts[0]
        for part in parts[1:]:
            total = Arithmetic(operator, total, part)
        return total
    half = len(parts) // 2
    return Arithmetic(
        operator,
        _balanced(operator, parts[:half], empty),
        _balanced(operator, parts[half:], empty),
    )
