r"""Equations as LaTeX, in the subset that LaTeX, MathJax and MathML converters share.

Names keep their spelling, ``growth_rate`` is :math:`\mathrm{growth\_rate}`; single letters and
Greek letters are set as mathematicians do: ``k_on`` is :math:`k_{\mathrm{on}}`.
"""

import re
from collections.abc import Iterable, Iterator
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
from progenitor.interop._equation_text import binding
from progenitor.interop._equations import Action, Change, Definition, equations_of, signed

__all__ = ["equation_lines", "equations_latex", "latex"]

_GREEK: Final = re.compile(
    "(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|"
    "upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega)"
    r"(?:_(?P<index>\w+))?\Z"
)
_SIGNS: Final = {"<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq", "and": r"\wedge", "or": r"\vee"}
_FUNCTIONS: Final = {
    "acos": r"\arccos",
    "asin": r"\arcsin",
    "atan": r"\arctan",
    "cos": r"\cos",
    "exp": r"\exp",
    "log": r"\ln",
    "max": r"\max",
    "min": r"\min",
    "sin": r"\sin",
    "tan": r"\tan",
}
_AROUND: Final = {
    "abs": (r"\left|", r"\right|"),
    "ceil": (r"\left\lceil ", r"\right\rceil "),
    "floor": (r"\left\lfloor ", r"\right\rfloor "),
    "sqrt": (r"\sqrt{", "}"),
}
_SHORT: Final = re.compile(r"([A-Za-z])(?:_?(?P<number>\d+)|_(?P<word>\w+))?\Z")
_COMPARING, _SUM, _PRODUCT, _POWER, _WHOLE = 4, 5, 6, 8, 9
"""How tightly things are bound; a power binds its base only when that is whole."""
_LONG: Final = 110
"""Characters seen in print after which the terms of a sum get lines of their own."""


def equations_latex(model: Model) -> str:
    r"""Write the equations of a model as ``align*`` environments of LaTeX with amsmath.

    Parameters
    ----------
    model
        Any model.

    Examples
    --------
    >>> from progenitor.engine import ModelParameter, Reaction, ReactionSet, Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1"),),
    ...     parameters=(ModelParameter("k", "1/day"),),
    ...     reactions=(Reaction("loss", "k*drug", {"drug": 1}),),
    ... )
    >>> print(equations_latex(Model.build("decay", [decay])).splitlines()[2])
    \frac{\mathrm{d}\,\mathrm{drug}}{\mathrm{d}t} &= -k \cdot \mathrm{drug}
    """
    blocks = []
    for title, lines in equation_lines(model):
        body = " \\\\\n".join(lines)
        blocks.append(f"% {title}\n\\begin{{align*}}\n{body}\n\\end{{align*}}\n")
    return "\n".join(blocks)


def equation_lines(model: Model) -> Iterator[tuple[str, list[str]]]:
    """Yield each kind of equations with its title: LaTeX lines in which ``&`` marks the sign.

    Parameters
    ----------
    model
        Any model.
    """
    found = equations_of(model)
    kinds: dict[str, Iterable[Iterable[str]]] = {
        "Rates of change": map(_change, found.changes),
        "Where": map(_definition, found.rules),
        "At the start": map(_start, found.starts),
        "Events": map(_action, found.actions),
        "Observed": map(_definition, found.observables),
    }
    for title, groups in kinds.items():
        lines = [line for group in groups for line in group]
        if lines:
            yield title, lines


def latex(expression: Expression) -> str:
    r"""Write one expression.

    Examples
    --------
    >>> from progenitor.engine._expressions import parse
    >>> print(latex(parse("k_on*bound/(1 + alpha**2)")))
    \frac{k_{\mathrm{on}} \cdot \mathrm{bound}}{1 + \alpha^{2}}
    """
    match expression:
        case Number(value):
            return _number(value)
        case Name(name):
            return _name(name)
        case Negative(operand):
            text = _within(operand, _PRODUCT)
            return rf"-\left({text}\right)" if text.startswith("-") else f"-{text}"
        case Arithmetic(operator, left, right):
            return _arithmetic(operator, left, right)
        case Comparison(operator, left, right):
            return f"{latex(left)} {_SIGNS[operator]} {latex(right)}"
        case Logic("not", (operand,)):
            return rf"\neg {_within(operand, _WHOLE)}"
        case Logic(operator, operands):
            inner = (_within(operand, _COMPARING) for operand in operands)
            return f" {_SIGNS[operator]} ".join(inner)
        case Call(function, arguments):
            return _call(function, arguments)


def _arithmetic(operator: str, left: Expression, right: Expression) -> str:
    if operator == "/":
        return rf"\frac{{{latex(left)}}}{{{latex(right)}}}"
    if operator == "**":
        return f"{_within(left, _WHOLE)}^{{{latex(right)}}}"
    own = _PRODUCT if operator == "*" else _SUM
    second = _within(right, own + (operator == "-"))
    if second.startswith("-"):
        second = rf"\left({second}\right)"
    sign = r"\cdot" if operator == "*" else operator
    return f"{_within(left, own)} {sign} {second}"


def _call(function: str, arguments: tuple[Expression, ...]) -> str:
    if function == "hill":
        level, half, power = arguments
        raised = _within(level, _WHOLE), _within(half, _WHOLE), latex(power)
        top = f"{raised[0]}^{{{raised[2]}}}"
        return rf"\frac{{{top}}}{{{top} + {raised[1]}^{{{raised[2]}}}}}"
    if function == "piecewise":
        return rf"\begin{{cases}} {' '.join(_pieces(arguments))} \end{{cases}}"
    inner = ", ".join(latex(argument) for argument in arguments)
    if function in _AROUND:
        return inner.join(_AROUND[function])
    return rf"{_FUNCTIONS[function]}\left({inner}\right)"


def _pieces(arguments: tuple[Expression, ...]) -> Iterator[str]:
    value, condition, otherwise = arguments
    yield rf"{latex(value)} & \text{{if }} {latex(condition)} \\"
    match otherwise:
        case Call("piecewise", further):
            yield from _pieces(further)
        case _:
            yield rf"{latex(otherwise)} & \text{{otherwise}}"


def _within(expression: Expression, outside: int) -> str:
    text = latex(expression)
    return text if _binding(expression) >= outside else rf"\left({text}\right)"


def _binding(expression: Expression) -> int:
    """Return how tightly an expression is bound as it is set here."""
    match expression:
        case Arithmetic("/", _, _):
            return _POWER
        case Call("piecewise", _):
            return 0
        case Call(function, _):
            return _WHOLE if function in _AROUND else _POWER
        case Number(value) if r"\times" in _number(value):
            return _PRODUCT
        case _:
            return binding(expression)


def _number(value: float) -> str:
    text = f"{value:g}" if float(f"{value:g}") == value else repr(value)
    digits, _, exponent = text.partition("e")
    if not exponent:
        return digits
    power = f"10^{{{int(exponent)}}}"
    return power if digits == "1" else rf"{digits} \times {power}"


def _name(name: str) -> str:
    if name == "time":
        return "t"
    greek, short = _GREEK.match(name), _SHORT.match(name)
    if greek:
        letter, word = f"\\{greek[1]}", greek["index"] or ""
    elif short:
        letter, word = short[1], short["number"] or short["word"] or ""
    else:
        return _upright(name)
    if not word:
        return letter
    return f"{letter}_{{{word if word.isdigit() else _upright(word)}}}"


def _upright(word: str) -> str:
    spelt = word.replace("_", r"\_")
    return rf"\mathrm{{{spelt}}}"


def _change(change: Change) -> Iterator[str]:
    left = rf"\frac{{\mathrm{{d}}\,{_name(change.species)}}}{{\mathrm{{d}}t}} &= "
    yield from _sum(left, change.terms)


def _sum(left: str, terms: Iterable[Expression]) -> Iterator[str]:
    """Write a sum, on several lines where it is long."""
    line = ""
    for term in terms:
        sign, rest = signed(term)
        inner = _within(rest, _PRODUCT)
        if not line:
            line = left + (inner if sign == "+" else f"-{inner}")
        elif _width(line) + _width(inner) > _LONG:
            yield line
            line = rf"&\quad {sign} {inner}"
        else:
            line += f" {sign} {inner}"
    yield line or f"{left}0"


def _width(text: str) -> int:
    return len(re.sub(r"\\[A-Za-z]+|[\\{}]", "", text))


def _definition(defined: Definition) -> Iterator[str]:
    yield f"{_name(defined.name)} &= {latex(defined.expression)}"


def _start(defined: Definition) -> Iterator[str]:
    yield rf"{_name(defined.name)}(0) &= {latex(defined.expression)}"


def _action(action: Action) -> Iterator[str]:
    after = "" if action.delay == Number(0.0) else rf" \text{{, after }} {latex(action.delay)}"
    made = [rf"{_name(one.name)} \leftarrow {latex(one.expression)}" for one in action.made]
    made += [r"\text{stop}"] if action.event.stop else []
    yield rf"{latex(action.trigger)}{after}: &\quad {made[0] if made else ''}"
    yield from (rf"&\quad {one}" for one in made[1:])
