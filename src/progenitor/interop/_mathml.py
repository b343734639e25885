"""Writing expressions of the engine as MathML, in the subset that SBML allows.

Expressions of a built model were checked by the engine, so Python's own syntax tree of them holds
nothing but numbers, names, operators and the engine's functions.
"""

import ast
from decimal import Decimal
from typing import Final, final
from xml.etree.ElementTree import Element, SubElement

from progenitor.errors import ModelError

__all__ = ["MATHML", "MathWriter"]

MATHML: Final = "http://www.w3.org/1998/Math/MathML"
_INTEGERS: Final = 2**31
"""Other tools read whole numbers into 32 bits."""
_SMALLEST: Final = 1e-6
_LARGEST: Final = 1e15
"""Between these, numbers are written without an exponent."""
_TIME: Final = "http://www.sbml.org/sbml/symbols/time"

_OPERATORS: Final = {
    ast.Add: "plus",
    ast.Sub: "minus",
    ast.Mult: "times",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.Lt: "lt",
    ast.LtE: "leq",
    ast.Gt: "gt",
    ast.GtE: "geq",
    ast.And: "and",
    ast.Or: "or",
    ast.Not: "not",
    ast.USub: "minus",
}
_FUNCTIONS: Final = {
    "abs": "abs",
    "acos": "arccos",
    "asin": "arcsin",
    "atan": "arctan",
    "ceil": "ceiling",
    "cos": "cos",
    "exp": "exp",
    "floor": "floor",
    "log": "ln",
    "max": "max",
    "min": "min",
    "sin": "sin",
    "sqrt": "root",
    "tan": "tan",
}


@final
class MathWriter:
    """Writes expressions; remembers whether ``hill`` was needed.

    Parameters
    ----------
    hill
        Id of the function that stands for ``hill`` in the document.

    Examples
    --------
    >>> from xml.etree.ElementTree import tostring
    >>> math = MathWriter("hill").math("2*x")
    >>> tostring(math.find("apply/ci"), encoding="unicode")
    '<ci>x</ci>'
    """

    def __init__(self, hill: str) -> None:
        self.hill = hill
        self.hill_used = False

    def math(self, text: str) -> Element:
        """Write the ``math`` element of an expression."""
        element = Element("math", {"xmlns": MATHML})
        self._write(element, _tree(text))
        return element

    def lambda_(self, arguments: tuple[str, ...], text: str) -> Element:
        """Write the ``math`` element of a function of the given arguments."""
        element = Element("math", {"xmlns": MATHML})
        inner = SubElement(element, "lambda")
        for name in arguments:
            SubElement(SubElement(inner, "bvar"), "ci").text = name
        self._write(inner, _tree(text))
        return element

    def _write(self, parent: Element, node: ast.expr) -> None:
        match node:
            case ast.Constant(value=int() | float() as value):
                _number(parent, float(value))
            case ast.Name(id="time"):
                about = {"encoding": "text", "definitionURL": _TIME}
                SubElement(parent, "csymbol", about).text = "time"
            case ast.Name(id=name):
                SubElement(parent, "ci").text = name
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                self._write(parent, operand)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                _number(parent, -float(value))
            case ast.UnaryOp(op=operator, operand=operand):
                self._apply(parent, _OPERATORS[type(operator)], [operand])
            case ast.BinOp(left=left, op=operator, right=right):
                self._apply(parent, _OPERATORS[type(operator)], [left, right])
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                self._apply(parent, _OPERATORS[type(operator)], [left, right])
            case ast.BoolOp(op=operator, values=operands):
                self._apply(parent, _OPERATORS[type(operator)], operands)
            case ast.Call(func=ast.Name(id=function), args=arguments):
                self._call(parent, function, arguments)
            case _:
                raise ModelError(f"'{ast.unparse(node)}' cannot be written as MathML")

    def _call(self, parent: Element, function: str, arguments: list[ast.expr]) -> None:
        if function == "piecewise":
            value, condition, otherwise = arguments
            whole = SubElement(parent, "piecewise")
            piece = SubElement(whole, "piece")
            self._write(piece, value)
            self._write(piece, condition)
            self._write(SubElement(whole, "otherwise"), otherwise)
            return
        if function != "hill":
            self._apply(parent, _FUNCTIONS[function], arguments)
            return
        self.hill_used = True
        call = SubElement(parent, "apply")
        SubElement(call, "ci").text = self.hill
        for argument in arguments:
            self._write(call, argument)

    def _apply(self, parent: Element, tag: str, operands: list[ast.expr]) -> None:
        applied = SubElement(parent, "apply")
        SubElement(applied, tag)
        for operand in operands:
            self._write(applied, operand)


def _tree(text: str) -> ast.expr:
    return ast.parse(text.strip(), mode="eval").body


def _number(parent: Element, value: float) -> None:
    """Write a number; read back it is the same, or for an exponent within 1e-15 of itself."""
    if value.is_integer() and abs(value) < _INTEGERS:
        SubElement(parent, "cn", {"type": "integer"}).text = str(int(value))
        return
    decimal = Decimal(repr(value))
    if _SMALLEST <= abs(value) <= _LARGEST:
        SubElement(parent, "cn").text = f"{decimal:f}"
        return
    digits, _, exponent = f"{decimal:e}".partition("e")
    element = SubElement(parent, "cn", {"type": "e-notation"})
    element.text = digits
    SubElement(element, "sep").tail = str(int(exponent))
