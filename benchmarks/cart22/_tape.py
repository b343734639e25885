"""A model's right-hand side as elementary operations: what the peers' code is written from.

It is made from the public declarations of a :class:`~progenitor.engine.Model` alone and shares
nothing with the engine's own compiler, so that a peer solves the same equations independently.
Equal operations are one node; nodes of parameters only are computed once per patient; derivatives
are nodes too. It knows the arithmetic and the Hill functions that the benchmark needs.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, final

from progenitor.engine import Model

__all__ = ["Node", "Tape"]

_OPERATORS: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_FOLD: Final[dict[str, Callable[[float, float], float]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
}


@final
@dataclass(frozen=True, slots=True)
class Node:
    """A number, a state, a parameter or an operation on two earlier nodes."""

    operation: str
    left: int = -1
    right: int = -1
    value: float = 0.0


@final
@dataclass(slots=True)
class Tape:
    """The operations of one model."""

    model: Model
    nodes: list[Node] = field(default_factory=list)
    states: list[frozenset[int]] = field(default_factory=list)
    """Species that each node depends on; none for those of parameters only."""
    _known: dict[Node, int] = field(default_factory=dict)
    _symbols: dict[str, int] = field(default_factory=dict)
    _slopes: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for position, species in enumerate(self.model.species):
            self._symbols[species.name] = self._keep(Node("state", position))
        for position, parameter in enumerate(self.model.parameters):
            self._symbols[parameter.name] = self._keep(Node("parameter", position))

    def rates_of_change(self) -> list[int]:
        """Node of each species' derivative with respect to time."""
        totals = [self.number(0.0) for _ in self.model.species]
        names = [species.name for species in self.model.species]
        for reaction in self.model.reactions:
            rate = self.read(reaction.rate)
            for name, change in reaction.change.items():
                term = self.combine("*", self.number(change), rate)
                position = names.index(name)
                totals[position] = self.combine("+", totals[position], term)
        return totals

    def initial(self) -> list[int]:
        """Node of each species' amount on day 0."""
        return [self.read(species.initial) for species in self.model.species]

    def read(self, text: str) -> int:
        """Node of an expression of species, parameters and rules."""
        return self._read(ast.parse(text, mode="eval").body)

    def number(self, value: float) -> int:
        """Node of a constant."""
        return self._keep(Node("number", value=value))

    def combine(self, operation: str, left: int, right: int) -> int:
        """Node of an operation, simplified where a side is a constant."""
        a, b = self._value(left), self._value(right)
        if a is not None and b is not None:
            return self.number(_FOLD[operation](a, b))
        match operation, a, b:
            case ("*", 0, _) | ("*", _, 0) | ("/", 0, _):
                return self.number(0.0)
            case ("+", 0, _) | ("*", 1, _):
                return right
            case ("+" | "-", _, 0) | ("*" | "/" | "**", _, 1):
                return left
            case "*", -1, _:
                return self.combine("-", self.number(0.0), right)
            case "**", _, 2:
                return self._keep(Node("*", left, left))
        if operation == "+" and self._is_negative(right):
            return self.combine("-", left, self.nodes[right].right)
        if operation in "+*" and left > right:
            left, right = right, left
        return self._keep(Node(operation, left, right))

    def slope(self, node: int, state: int) -> int:
        """Node of the derivative of a node with respect to a species."""
        key = node, state
        if key not in self._slopes:
            self._slopes[key] = self._slope(node, state)
        return self._slopes[key]

    def _slope(self, node: int, state: int) -> int:
        if state not in self.states[node]:
            return self.number(0.0)
        operation, left, right = (n := self.nodes[node]).operation, n.left, n.right
        if operation == "state":
            return self.number(1.0)
        of_left = self.slope(left, state)
        if operation == "positive":
            return of_left
        of_right = self.slope(right, state)
        match operation:
            case "+" | "-":
                return self.combine(operation, of_left, of_right)
            case "*":
                first = self.combine("*", of_left, right)
                return self.combine("+", first, self.combine("*", left, of_right))
            case "/":
                less = self.combine("-", of_left, self.combine("*", node, of_right))
                return self.combine("/", less, right)
            case _:  # a power; its exponent is a parameter
                ratio = self.combine("/", self.combine("*", right, node), left)
                return self.combine("*", ratio, of_left)

    def _read(self, tree: ast.expr) -> int:
        match tree:
            case ast.Constant(value):
                return self.number(float(str(value)))
            case ast.Name(name):
                return self._symbol(name)
            case ast.UnaryOp(ast.USub(), operand):
                return self.combine("-", self.number(0.0), self._read(operand))
            case ast.BinOp(left, operator, right):
                sides = self._read(left), self._read(right)
                return self.combine(_OPERATORS[type(operator)], *sides)
            case ast.Call(ast.Name("hill"), [amount, half, exponent]):
                return self._hill(*(self._read(each) for each in (amount, half, exponent)))
            case _:
                raise ValueError(f"the peers' code cannot say '{ast.unparse(tree)}'")

    def _symbol(self, name: str) -> int:
        if name not in self._symbols:
            rule = next(rule for rule in self.model.rules if rule.name == name)
            self._symbols[name] = self.read(rule.expression)
        return self._symbols[name]

    def _hill(self, amount: int, half: int, exponent: int) -> int:
        above = self._keep(Node("positive", amount))
        power = self.combine("**", above, exponent)
        return self.combine(
            "/", power, self.combine("+", power, self.combine("**", half, exponent))
        )

    def _value(self, node: int) -> float | None:
        return self.nodes[node].value if self.nodes[node].operation == "number" else None

    def _is_negative(self, node: int) -> bool:
        found = self.nodes[node]
        return found.operation == "-" and self._value(found.left) == 0

    def _keep(self, node: Node) -> int:
        if node not in self._known:
            self._known[node] = len(self.nodes)
            self.nodes.append(node)
            operands = () if node.operation in _LEAVES else (node.left, node.right)
            below = [self.states[operand] for operand in operands if operand >= 0]
            own = {node.left} if node.operation == "state" else set()
            self.states.append(frozenset(own).union(*below))
        return self._known[node]


_LEAVES: Final = ("number", "parameter", "state")
