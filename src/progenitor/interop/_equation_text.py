"""Equations as plain text with no more brackets than needed."""

from collections.abc import Iterable
from typing import Final

from progenitor.engine import Model
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
from progenitor.interop._equations import Action, Change, Definition, equations_of, signed

__all__ = ["binding", "equations_text", "plain"]

_BINDING: Final = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6, "**": 8}
_COMPARING, _NEGATING, _WHOLE = 4, 7, 9


def equations_text(model: Model) -> str:
    """Write the equations of a model as text, kind by kind.

    Parameters
    ----------
    model
        Any model.

    Examples
    --------
    >>> from progenitor.engine import ModelParameter, Reaction, ReactionSet, Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1", initial="1"),),
    ...     parameters=(ModelParameter("loss_rate", "1/day"),),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ... )
    >>> print(equations_text(Model.build("decay", [decay])), end="")
    Rates of change
      d drug/dt = -loss_rate*drug
    At the start
      drug = 1
    """
    found = equations_of(model)
    parts = {
        "Rates of change": [_change(change) for change in found.changes],
        "Where": [_definition(rule) for rule in found.rules],
        "At the start": [_definition(start) for start in found.starts],
        "Events": [_action(action) for action in found.actions],
        "Observed": [_definition(shown) for shown in found.observables],
    }
    return "".join(
        f"{title}\n" + "".join(f"  {line}\n" for line in lines)
        for title, lines in parts.items()
        if lines
    )


def plain(expression: Expression) -> str:
    """Write an expression with no more brackets than needed; read back it means the same.

    Examples
    --------
    >>> from progenitor.engine._expressions import parse
    >>> plain(parse("(a*b)/((c)) - (d - (e**2))"))
    'a*b/c - (d - e**2)'
    """
    match expression:
        case Number(value):
            return f"{value:g}" if float(f"{value:g}") == value else repr(value)
        case Name(name):
            return name
        case Negative(operand):
            text = _within(operand, _NEGATING)
            return f"-({text})" if text.startswith("-") else f"-{text}"
        case Arithmetic(operator, left, right):
            return _arithmetic(operator, left, right)
        case Comparison(operator, left, right):
            first, second = _within(left, _COMPARING + 1), _within(right, _COMPARING + 1)
            return f"{first} {operator} {second}"
        case Logic("not", (operand,)):
            return f"not {_within(operand, _BINDING['not'])}"
        case Logic(operator, operands):
            inner = [_within(operand, _BINDING[operator] + 1) for operand in operands]
            return f" {operator} ".join(inner)
        case Call(function, arguments):
            return f"{function}({', '.join(plain(argument) for argument in arguments)})"


def binding(expression: Expression) -> int:
    """Return how tightly the outermost operator of an expression binds.

    Examples
    --------
    >>> from progenitor.engine._expressions import parse
    >>> binding(parse("a + b")) < binding(parse("a*b")) < binding(parse("a"))
    True
    """
    match expression:
        case Number(value):
            return _WHOLE if value >= 0 else _NEGATING
        case Negative():
            return _NEGATING
        case Arithmetic(operator, _, _) | Logic(operator, _):
            return _BINDING[operator]
        case Comparison():
            return _COMPARING
        case _:
            return _WHOLE


def _arithmetic(operator: str, left: Expression, right: Expression) -> str:
    own = _BINDING[operator]
    if operator == "**":
        return f"{_within(left, own + 1)}**{_within(right, _NEGATING)}"
    first = _within(left, own)
    second = _within(right, own if operator in "+*" else own + 1)
    if second.startswith("-"):
        second = f"({second})"
    return f"{first} {operator} {second}" if operator in "+-" else f"{first}{operator}{second}"


def _within(expression: Expression, outside: int) -> str:
    text = plain(expression)
    return f"({text})" if binding(expression) < outside else text


def _change(change: Change) -> str:
    return f"d {change.species}/dt = {_sum(change.terms)}"


def _sum(terms: Iterable[Expression]) -> str:
    text = ""
    for term in terms:
        sign, rest = signed(term)
        inner = _within(rest, _BINDING["*"])
        if text:
            text += f" {sign} {inner}"
        else:
            text = inner if sign == "+" else f"-{inner}"
    return text or "0"


def _definition(defined: Definition) -> str:
    return f"{defined.name} = {plain(defined.expression)}"


def _action(action: Action) -> str:
    after = "" if action.delay == Number(0.0) else f", {plain(action.delay)} later"
    made = [_definition(one) for one in action.made] + (["stop"] if action.event.stop else [])
    return f"{action.event.name}: when {plain(action.trigger)}{after}: {'; '.join(made)}"
