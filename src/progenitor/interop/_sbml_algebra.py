"""Algebraic rules solved for what nothing else determines.

Each rule ``0 = f`` in which an undetermined symbol u appears linearly gives
``u = −f(u=0) / (∂f/∂u)``; what is found is put into the remaining rules, so that coupled rules are
solved by elimination.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

from progenitor.engine._expressions import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Logic,
    Negative,
    names_in,
)
from progenitor.interop._sbml_change import derivative
from progenitor.interop._sbml_terms import ONE, ZERO, simple_over, size_of, substitute

__all__ = ["Solution", "solve"]

_MOST_NODES: Final = 20_000


@final
@dataclass(frozen=True, slots=True)
class Solution:
    """What was found.

    Parameters
    ----------
    formulas
        Symbol → formula, which may use symbols found later in the order.
    unsolved
        Which of the rules determine nothing, and why.
    """

    formulas: Mapping[str, Expression]
    unsolved: Mapping[int, str]


def solve(
    equations: Sequence[Expression],
    unknown: Sequence[str],
    expand: Callable[[Expression], Expression],
) -> Solution:
    """Solve ``0 = equation`` for as many symbols as there are equations.

    Parameters
    ----------
    equations
        Left-hand sides.
    unknown
        Symbols that may be determined, the likeliest first.
    expand
        Writes out rules that depend on unknown symbols.

    Examples
    --------
    >>> from progenitor.engine._expressions import parse, render
    >>> found = solve([parse("s - 2*x")], ["x"], lambda equation: equation)
    >>> render(found.formulas["x"])
    '((-(s - (2.0 * 0.0))) / (-2.0))'
    """
    waiting = dict(enumerate(expand(equation) for equation in equations))
    formulas: dict[str, Expression] = {}
    reasons: dict[int, str] = {}
    while waiting:
        left = [name for name in unknown if name not in formulas]
        choice = _choice(waiting, left)
        if choice is None:
            reasons = {index: _reason(rule, left) for index, rule in waiting.items()}
            break
        index, name, slope = choice
        rest = substitute(waiting.pop(index), {name: ZERO})
        formulas[name] = simple_over(Negative(rest), slope)
        put = {name: formulas[name]}
        waiting = {other: substitute(rule, put) for other, rule in waiting.items()}
        if any(size_of(rule) > _MOST_NODES for rule in waiting.values()):
            reasons = dict.fromkeys(waiting, "becomes too long when solved")
            break
    return Solution(formulas, reasons)


def _choice(
    waiting: Mapping[int, Expression], unknown: Sequence[str]
) -> tuple[int, str, Expression] | None:
    """Choose a rule and a symbol to solve it for: the rule with the fewest choices first."""
    best: tuple[int, int, str, Expression] | None = None
    for index, rule in waiting.items():
        here = names_in(rule)
        options = [(name, _slope(rule, name)) for name in unknown if name in here]
        linear = [(name, slope) for name, slope in options if slope is not None]
        if linear and (best is None or len(linear) < best[0]):
            best = len(linear), index, *linear[0]
    return best[1:] if best is not None else None


def _slope(rule: Expression, symbol: str) -> Expression | None:
    """Return ∂f/∂u where u appears linearly; None elsewhere."""
    if not _linear(rule, symbol):
        return None
    slope = derivative(rule, lambda name: ONE if name == symbol else ZERO)
    return None if slope == ZERO or symbol in names_in(slope) else slope


def _linear(rule: Expression, symbol: str) -> bool:
    """Whether a symbol appears only where a derivative tells everything about it.

    A symbol in a condition, or under a function that has steps, is not linear even where the
    derivative does not contain it.
    """
    match rule:
        case Comparison() | Logic():
            return symbol not in names_in(rule)
        case Call("piecewise", (value, condition, otherwise)):
            inside = symbol in names_in(condition)
            return not inside and _linear(value, symbol) and _linear(otherwise, symbol)
        case Call(_, arguments):
            return all(symbol not in names_in(argument) for argument in arguments)
        case Negative(operand):
            return _linear(operand, symbol)
        case Arithmetic(_, left, right):
            return _linear(left, symbol) and _linear(right, symbol)
        case _:
            return True


def _reason(rule: Expression, unknown: Sequence[str]) -> str:
    here = sorted(names_in(rule) & set(unknown))
    if here:
        return f"is not linear in {', '.join(here)}"
    return "determines nothing: all that it names is determined elsewhere or constant"
