"""MathML as read by libsbml, written in the engine's language over the identifiers of the model.

Functions of the model are written out where they are used. ``rateOf`` and ``delay`` are kept as
calls, to be resolved when it is known what every identifier is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, final

from progenitor.engine._expressions import CONSTANT_TIME, Call, Expression, Name, Number
from progenitor.interop._sbml_functions import FUNCTIONS
from progenitor.interop._sbml_names import encoded
from progenitor.interop._sbml_terms import as_quantity, both, choose, number, size_of, truth

__all__ = ["DELAY", "RATE_OF", "MathReader", "UnreadableMathError"]

DELAY: Final = "delay"
RATE_OF: Final = "rateOf"
AVOGADRO: Final = 6.02214179e23
"""As SBML Level 3 fixes it."""
_MOST_NODES: Final = 100_000
_MOST_PIECES: Final = 6
_TOO_LARGE: Final = f"has more than {_MOST_NODES:,} parts once written out"
_ASSOCIATIVE: Final = ("LOGICAL_AND", "LOGICAL_OR", "PLUS", "TIMES")
_CONSTANTS: Final[Mapping[str, Expression]] = {
    "CONSTANT_E": Number(math.e),
    "CONSTANT_FALSE": truth(value=False),
    "CONSTANT_PI": Number(math.pi),
    "CONSTANT_TRUE": truth(value=True),
    "NAME_AVOGADRO": Number(AVOGADRO),
    "NAME_TIME": Name(CONSTANT_TIME),
}
_SPECIAL: Final = (
    *_CONSTANTS,
    "FUNCTION",
    "FUNCTION_DELAY",
    "FUNCTION_PIECEWISE",
    "FUNCTION_RATE_OF",
    "INTEGER",
    "NAME",
    "RATIONAL",
    "REAL",
    "REAL_E",
)


def _kinds() -> dict[int, str]:
    """Name of each kind of node that has a meaning in SBML, by libsbml's number."""
    import libsbml

    return {getattr(libsbml, f"AST_{name}"): name for name in [*FUNCTIONS, *_SPECIAL]}


@final
class UnreadableMathError(Exception):
    """A formula that cannot be written in the engine's language; the message says why."""


@final
@dataclass(slots=True)
class MathReader:
    """Reads the formulas of one model.

    Parameters
    ----------
    functions
        Function definitions: arguments and body as libsbml nodes.
    """

    functions: Mapping[str, tuple[tuple[str, ...], Any]]
    _kinds: Mapping[int, str] = field(default_factory=_kinds)
    _nodes: int = 0
    _open: list[str] = field(default_factory=list)

    def read(self, node: Any, local: Mapping[str, Expression] | None = None) -> Expression:
        """Write a formula; ``local`` says what some names stand for.

        Raises
        ------
        UnreadableMathError
            When it uses something the engine's language cannot express.
        """
        self._nodes = 0
        self._open.clear()
        found = self._read(node, local or {})
        if size_of(found) > _MOST_NODES:
            raise UnreadableMathError(_TOO_LARGE)
        return found

    def _read(self, node: Any, local: Mapping[str, Expression]) -> Expression:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise UnreadableMathError(_TOO_LARGE)
        kind = self._kinds.get(node.getType(), "")
        if kind in _SPECIAL:
            return self._special(kind, node, local)
        children = _spread(node) if kind in _ASSOCIATIVE else _children(node)
        operands = [self._read(child, local) for child in children]
        if kind not in FUNCTIONS:
            raise UnreadableMathError(f"uses {_shown(node, kind)}")
        fewest, most, write = FUNCTIONS[kind]
        if not fewest <= len(operands) <= most:
            raise UnreadableMathError(f"gives {len(operands)} operands to {_shown(node, kind)}")
        return write(operands)

    def _special(self, kind: str, node: Any, local: Mapping[str, Expression]) -> Expression:
        match kind:
            case "NAME":
                return self._name(node, local)
            case "FUNCTION":
                return self._function(node, local)
            case "FUNCTION_PIECEWISE":
                return self._piecewise(node, local)
            case "FUNCTION_DELAY":
                return self._kept(DELAY, 2, node, local)
            case "FUNCTION_RATE_OF":
                return self._kept(RATE_OF, 1, node, local)
            case "INTEGER" | "RATIONAL" | "REAL" | "REAL_E":
                return number(float(node.getValue()))
            case _:
                return _CONSTANTS[kind]

    def _name(self, node: Any, local: Mapping[str, Expression]) -> Expression:
        name = node.getName()
        if name in local:
            return local[name]
        if self._open:
            raise UnreadableMathError(
                f"calls the function '{self._open[-1]}', which uses '{name}' that is no argument"
            )
        return Name(encoded(name))

    def _piecewise(self, node: Any, local: Mapping[str, Expression]) -> Expression:
        parts = [self._read(child, local) for child in _children(node)]
        otherwise = parts.pop() if len(parts) % 2 else number(math.nan)
        return _pieces(list(zip(parts[::2], parts[1::2], strict=True)), otherwise)

    def _kept(
        self, name: str, count: int, node: Any, local: Mapping[str, Expression]
    ) -> Expression:
        operands = [as_quantity(self._read(child, local)) for child in _children(node)]
        if len(operands) != count:
            raise UnreadableMathError(f"gives {len(operands)} operands to {name}")
        return Call(name, tuple(operands))

    def _function(self, node: Any, local: Mapping[str, Expression]) -> Expression:
        name = node.getName()
        if name in self._open:
            raise UnreadableMathError(f"calls the function '{name}', which calls itself")
        if name not in self.functions:
            raise UnreadableMathError(f"calls '{name}', which is no function with a formula")
        arguments, body = self.functions[name]
        values = [self._read(child, local) for child in _children(node)]
        if len(values) != len(arguments):
            raise UnreadableMathError(
                f"gives {len(values)} arguments to the function '{name}' of {len(arguments)}"
            )
        self._open.append(name)
        result = self._read(body, dict(zip(arguments, values, strict=True)))
        self._open.pop()
        return result


def _children(node: Any) -> list[Any]:
    return [node.getChild(index) for index in range(node.getNumChildren())]


def _spread(node: Any) -> list[Any]:
    """Operands of an operation that libsbml nests in itself from the left, however long."""
    operands: list[Any] = []
    while node.getNumChildren() == 2 and node.getChild(0).getType() == node.getType():
        operands.append(node.getChild(1))
        node = node.getChild(0)
    return [*_children(node), *reversed(operands)]


def _shown(node: Any, kind: str) -> str:
    return f"'{node.getName() or kind.removeprefix('FUNCTION_').lower() or 'an unknown function'}'"


def _pieces(pieces: Sequence[tuple[Expression, Expression]], otherwise: Expression) -> Expression:
    """Write a choice between pieces; many in halves, so that the expression stays flat."""
    if len(pieces) > _MOST_PIECES:
        half = len(pieces) // 2
        early, late = pieces[:half], _pieces(pieces[half:], otherwise)
        any_early = both("or", [condition for _, condition in early])
        return choose(_pieces(early[:-1], early[-1][0]), any_early, late)
    result = otherwise
    for value, condition in reversed(pieces):
        result = choose(value, condition, result)
    return result
