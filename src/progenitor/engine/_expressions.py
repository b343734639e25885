"""The expression language of models: text in, a small frozen tree out, nothing is ever evaluated.

The text is read by Python's parser only to obtain its syntax; every node is then checked against
a whitelist and rebuilt as one of the frozen classes below. Names, attributes, calls, strings,
subscripts and comprehensions outside the whitelist are refused, and so are texts that are too long,
too deep or too large.
"""

import ast
import functools
import keyword
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

from progenitor.errors import ModelError

__all__ = [
    "CONSTANT_TIME",
    "FUNCTIONS",
    "MAXIMUM_DEPTH",
    "MAXIMUM_LENGTH",
    "MAXIMUM_NODES",
    "Arithmetic",
    "Call",
    "Comparison",
    "Expression",
    "Logic",
    "Name",
    "Negative",
    "Number",
    "is_symbol",
    "names_in",
    "parse",
    "render",
    "symbols_of",
]

MAXIMUM_LENGTH: Final = 4_000
MAXIMUM_NODES: Final = 1_000
MAXIMUM_DEPTH: Final = 60
CONSTANT_TIME: Final = "time"

FUNCTIONS: Final = {
    "abs": 1,
    "acos": 1,
    "asin": 1,
    "atan": 1,
    "ceil": 1,
    "cos": 1,
    "exp": 1,
    "floor": 1,
    "hill": 3,
    "log": 1,
    "max": 2,
    "min": 2,
    "piecewise": 3,
    "sin": 1,
    "sqrt": 1,
    "tan": 1,
}
"""Function name → number of arguments."""

_SYMBOL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_ARITHMETIC: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_COMPARISON: Final = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@final
@dataclass(frozen=True, slots=True)
class Number:
    """A literal number."""

    value: float


@final
@dataclass(frozen=True, slots=True)
class Name:
    """A species, parameter, rule or ``time``."""

    name: str


@final
@dataclass(frozen=True, slots=True)
class Negative:
    """``-operand``."""

    operand: "Expression"


@final
@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left operator right`` with one of ``+ - * / **``."""

    operator: str
    left: "Expression"
    right: "Expression"


@final
@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right`` with one of ``< <= > >=``."""

    operator: str
    left: "Expression"
    right: "Expression"


@final
@dataclass(frozen=True, slots=True)
class Logic:
    """``and``, ``or`` or ``not`` of conditions."""

    operator: str
    operands: tuple["Expression", ...]


@final
@dataclass(frozen=True, slots=True)
class Call:
    """One of the whitelisted functions."""

    function: str
    arguments: tuple["Expression", ...]


Expression = Number | Name | Negative | Arithmetic | Comparison | Logic | Call


def is_symbol(text: str) -> bool:
    """Whether a text can name a species, parameter or rule.

    Examples
    --------
    >>> is_symbol("tumour_cells"), is_symbol("lambda"), is_symbol("exp"), is_symbol("_x")
    (True, False, False, False)
    """
    reserved = {CONSTANT_TIME, "and", "or", "not", *FUNCTIONS}
    return bool(_SYMBOL.match(text)) and text not in reserved and not keyword.iskeyword(text)


@functools.lru_cache(maxsize=8192)
def parse(text: str) -> Expression:
    """Read an expression.

    Numbers, names, ``+ - * / **``, ``< <= > >=``, ``and or not`` and the functions ``exp``,
    ``log``, ``sqrt``, ``abs``, ``floor``, ``ceil``, ``sin``, ``cos``, ``tan``, ``asin``, ``acos``,
    ``atan``, ``min``, ``max``, ``hill(x, k, n)`` = xⁿ/(xⁿ + kⁿ) and
    ``piecewise(value, condition, otherwise)``; nothing else.

    Parameters
    ----------
    text
        At most 4,000 characters, 1,000 nodes and 60 levels.

    Raises
    ------
    ModelError
        When the text is not such an expression; the message names the part that is refused.

    Examples
    --------
    >>> render(parse("growth*cells*(1 - cells/capacity)"))
    '((growth * cells) * (1.0 - (cells / capacity)))'
    >>> parse("x.real")
    Traceback (most recent call last):
    ...
    progenitor.errors.ModelError: Attribute is not allowed in an expression
    """
    if len(text) > MAXIMUM_LENGTH:
        raise ModelError(f"the expression has {len(text)} characters; at most {MAXIMUM_LENGTH}")
    if _nesting(text) > MAXIMUM_DEPTH:
        raise ModelError(
            f"the expression nests more than {MAXIMUM_DEPTH} brackets; split it in rules"
        )
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", None) or type(error).__name__
        raise ModelError(f"not an expression: {_excerpt(text)} ({reason})") from None
    if sum(1 for _ in ast.walk(tree)) > 3 * MAXIMUM_NODES:
        raise ModelError(f"the expression has more than {MAXIMUM_NODES} parts; split it in rules")
    return _build(tree, 0)


def names_in(expression: Expression) -> frozenset[str]:
    """Every name an expression uses, ``time`` included.

    Examples
    --------
    >>> sorted(names_in(parse("a*exp(-b*time)")))
    ['a', 'b', 'time']
    """
    return frozenset(node.name for node in _walk(expression) if isinstance(node, Name))


def symbols_of(text: str) -> frozenset[str]:
    """Every symbol an expression uses, without ``time``.

    Parameters
    ----------
    text
        The expression.

    Raises
    ------
    ModelError
        When it is not one.

    Examples
    --------
    >>> sorted(symbols_of("a*exp(-b*time)"))
    ['a', 'b']
    """
    return names_in(parse(text)) - {CONSTANT_TIME}


def render(expression: Expression) -> str:
    """Write the canonical text of an expression, fully bracketed; ``parse`` reads it back.

    Examples
    --------
    >>> render(parse("a+b *c > 0 and not d<1"))
    '(((a + (b * c)) > 0.0) and (not (d < 1.0)))'
    """
    match expression:
        case Number(value):
            return repr(value)
        case Name(name):
            return name
        case Negative(operand):
            return f"(-{render(operand)})"
        case Arithmetic(operator, left, right) | Comparison(operator, left, right):
            return f"({render(left)} {operator} {render(right)})"
        case Logic("not", (operand,)):
            return f"(not {render(operand)})"
        case Logic(operator, operands):
            return "(" + f" {operator} ".join(render(operand) for operand in operands) + ")"
        case Call(function, arguments):
            return f"{function}({', '.join(render(argument) for argument in arguments)})"


def _walk(expression: Expression) -> Iterator[Expression]:
    yield expression
    match expression:
        case Negative(operand):
            yield from _walk(operand)
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            yield from _walk(left)
            yield from _walk(right)
        case Logic(_, operands) | Call(_, operands):
            for operand in operands:
                yield from _walk(operand)
        case Number() | Name():
            return


def _build(node: ast.expr, depth: int) -> Expression:
    if depth > MAXIMUM_DEPTH:
        raise ModelError(
            f"the expression is more than {MAXIMUM_DEPTH} levels deep; split it in rules"
        )
    deeper = depth + 1
    match node:
        case ast.Constant(value=value):
            return _number(value)
        case ast.Name(id=name):
            return _name(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _build(operand, deeper)
            return Number(-inner.value) if isinstance(inner, Number) else Negative(inner)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _build(operand, deeper)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Logic("not", (_build(operand, deeper),))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
            symbol = _ARITHMETIC[type(operator)]
            return Arithmetic(symbol, _build(left, deeper), _build(right, deeper))
        case ast.BoolOp(op=connective, values=values):
            symbol = "and" if isinstance(connective, ast.And) else "or"
            return Logic(symbol, tuple(_build(value, deeper) for value in values))
        case ast.Compare():
            return _comparison(node, deeper)
        case ast.Call():
            return _call(node, deeper)
        case _:
            raise ModelError(f"{type(node).__name__} is not allowed in an expression")


def _number(value: object) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ModelError(f"{_excerpt(repr(value))} is not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ModelError("a number in the expression is too large; at most 1.8e308")
    return Number(number)


def _name(name: str) -> Name:
    if name == CONSTANT_TIME or is_symbol(name):
        return Name(name)
    raise ModelError(
        f"{_excerpt(name)} cannot be a name here; names are letters, digits and underscores, "
        "begin with a letter and are not functions"
    )


def _comparison(node: ast.Compare, depth: int) -> Comparison:
    if len(node.ops) != 1:
        raise ModelError("chained comparisons are not allowed; write 'a < b and b < c'")
    operator = _COMPARISON.get(type(node.ops[0]))
    if operator is None:
        raise ModelError("only < <= > >= compare; exact equality of real numbers has no meaning")
    return Comparison(operator, _build(node.left, depth), _build(node.comparators[0], depth))


def _call(node: ast.Call, depth: int) -> Call:
    function = node.func.id if isinstance(node.func, ast.Name) else type(node.func).__name__
    known = ", ".join(sorted(FUNCTIONS))
    if function not in FUNCTIONS:
        raise ModelError(f"unknown function {_excerpt(function)}; known: {known}")
    wanted = FUNCTIONS[function]
    if node.keywords or len(node.args) != wanted:
        given = len(node.args) + len(node.keywords)
        raise ModelError(f"{function} takes {wanted} plain arguments; {given} given")
    return Call(function, tuple(_build(argument, depth) for argument in node.args))


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


def _excerpt(text: str) -> str:
    shown = text if len(text) <= 60 else text[:57] + "..."
    return repr(shown)
