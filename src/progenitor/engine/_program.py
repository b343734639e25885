"""A model's expressions as one shared graph: equal sub-expressions are one node.

Each node is an operation on earlier nodes, so the list is already in an order in which it can be
computed. Nodes that depend on parameters only are *static*: they are computed once per patient.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import final

from progenitor.engine._expressions import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Logic,
    Name,
    Negative,
    Number,
    parse,
)
from progenitor.engine._model import Model

__all__ = ["Node", "Program"]


@final
@dataclass(frozen=True, slots=True)
class Node:
    """An operation on earlier nodes.

    Parameters
    ----------
    operation
        ``number``, ``state``, ``parameter``, ``time``, an operator or a function.
    arguments
        Positions of earlier nodes.
    value
        The number of a ``number``.
    position
        Which species or parameter a ``state`` or ``parameter`` is.
    """

    operation: str
    arguments: tuple[int, ...] = ()
    value: float = 0.0
    position: int = -1


@final
@dataclass(slots=True)
class Program:
    """The graph of one model, grown by asking for expressions.

    Examples
    --------
    >>> from progenitor.engine._declarations import ReactionSet, Rule, Species
    >>> part = ReactionSet("p", species=(Species("x", "1"),), rules=(Rule("r", "x*x", "1"),))
    >>> program = Program(Model.build("m", [part]))
    >>> program.add("r + 1") == program.add("x*x + 1")
    True
    """

    model: Model
    nodes: list[Node] = field(default_factory=list)
    static: list[bool] = field(default_factory=list)
    timed: list[bool] = field(default_factory=list)
    """Whether a node depends on time and parameters alone."""
    _positions: dict[Node, int] = field(default_factory=dict)
    _symbols: dict[str, int] = field(default_factory=dict)
    _rules: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._symbols["time"] = self.intern(Node("time"))
        for index, species in enumerate(self.model.species):
            self._symbols[species.name] = self.intern(Node("state", position=index))
        for index, parameter in enumerate(self.model.parameters):
            self._symbols[parameter.name] = self.intern(Node("parameter", position=index))
        self._rules = {rule.name: rule.expression for rule in self.model.rules}

    def add(self, text: str) -> int:
        """Position of the node that computes an expression."""
        return self._expression(parse(text))

    def number(self, value: float) -> int:
        """Position of a constant."""
        return self.intern(Node("number", value=float(value)))

    def combine(self, operation: str, *arguments: int) -> int:
        """Position of an operation on given nodes."""
        return self.intern(Node(operation, arguments))

    def weighted_sum(self, terms: Iterable[tuple[float, int]]) -> int:
        """Position of Σ weight·node; the empty sum is zero."""
        total: int | None = None
        for weight, node in terms:
            size = abs(weight)
            term = node if size == 1 else self.combine("*", self.number(size), node)
            if total is None:
                total = term if weight > 0 else self.combine("negative", term)
            else:
                total = self.combine("+" if weight > 0 else "-", total, term)
        return self.number(0.0) if total is None else total

    def intern(self, node: Node) -> int:
        """Position of a node, added when it is new."""
        known = self._positions.get(node)
        if known is not None:
            return known
        self.nodes.append(node)
        self.static.append(
            node.operation in ("number", "parameter")
            or (bool(node.arguments) and all(self.static[a] for a in node.arguments))
        )
        self.timed.append(
            node.operation in ("number", "parameter", "time")
            or (bool(node.arguments) and all(self.timed[a] for a in node.arguments))
        )
        self._positions[node] = len(self.nodes) - 1
        return len(self.nodes) - 1

    def _expression(self, expression: Expression) -> int:
        match expression:
            case Number(value):
                return self.number(value)
            case Name(name):
                return self._symbol(name)
            case Negative(operand):
                return self.combine("negative", self._expression(operand))
            case Arithmetic("**", left, right):
                return self._power(self._expression(left), self._expression(right))
            case Arithmetic(operator, left, right) | Comparison(operator, left, right):
                return self.combine(operator, self._expression(left), self._expression(right))
            case Logic(operator, operands):
                return self.combine(operator, *(self._expression(operand) for operand in operands))
            case Call("hill", arguments):
                return self._hill(*(self._expression(argument) for argument in arguments))
            case Call(function, arguments):
                return self.combine(function, *(self._expression(a) for a in arguments))

    def _symbol(self, name: str) -> int:
        if name not in self._symbols:
            self._symbols[name] = self._expression(parse(self._rules[name]))
        return self._symbols[name]

    def _power(self, base: int, exponent: int) -> int:
        return base if exponent == self.number(1.0) else self.combine("**", base, exponent)

    def _hill(self, amount: int, half: int, exponent: int) -> int:
        """``hill`` carries xⁿ and kⁿ too, so that both are shared and kⁿ can be static."""
        powers = self._power(amount, exponent), self._power(half, exponent)
        return self.combine("hill", *powers, amount, half, exponent)
