"""A model's arithmetic as one graph of elementary operations, ready for derivatives and code.

Where :class:`~progenitor.engine._program.Program` keeps what the modeller wrote, this graph keeps
what a processor computes: divisions are products with shared reciprocals, powers are products or
exponentials of shared logarithms, Hill functions are logistic functions of logarithms. Equal
operations are one node, so a derivative that needs a logarithm finds it there.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, final

from progenitor.engine._program import Program

__all__ = ["COMPARISONS", "LEAVES", "Graph", "Operation"]

LEAVES: Final = frozenset({"number", "state", "parameter", "time", "gate", "shift"})
"""Operations without operands; ``gate`` is 0 while a countable species is absent and otherwise 1,
``shift`` is the diagonal 1/(γh) of a Rosenbrock step."""
COMPARISONS: Final = frozenset({"<", "<=", ">", ">="})

_MOST_FACTORS: Final = 16
_LEAST: Final = 1e-300
"""Amount at which logarithms of powers stop falling."""
_LEAST_HILL: Final = 1e-30
_STEEPEST: Final = 69.0
"""Bound on the logarithm of a power's derivative, which may be infinite at zero."""
_SMALLEST_ROOT: Final = 1e-15


class Operation(NamedTuple):
    """An elementary operation on earlier nodes."""

    name: str
    operands: tuple[int, ...] = ()
    value: float = 0.0
    position: int = -1


@final
@dataclass(slots=True)
class Graph:
    """Elementary operations of a program, grown on demand.

    Examples
    --------
    >>> from progenitor.engine._declarations import ReactionSet, Species
    >>> from progenitor.engine._model import Model
    >>> program = Program(Model.build("m", [ReactionSet("p", species=(Species("x", "1"),))]))
    >>> graph = Graph(program)
    >>> node = graph.of(program.add("x/(x + 1) + 2*3"))
    >>> graph.nodes[node].name
    '+'
    """

    program: Program
    nodes: list[Operation] = field(default_factory=list)
    static: list[bool] = field(default_factory=list)
    """Whether a node depends on parameters alone."""
    _positions: dict[Operation, int] = field(default_factory=dict)
    _lowered: dict[tuple[int, bool], int] = field(default_factory=dict)
    """By node of the program, and whether it is inside a comparison."""

    def of(self, position: int) -> int:
        """Node that computes a node of the program.

        Inside comparisons quotients are rounded once, since 49·(1/49) is not quite 1 there.
        """
        waiting = [(position, False)]
        while waiting:
            top = waiting[-1]
            missing = [a for a in self._wanted(*top) if a not in self._lowered]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            if top not in self._lowered:
                self._lowered[top] = self._lower(*top)
        return self._lowered[position, False]

    # Constructors that simplify

    def number(self, value: float) -> int:
        """Node of a constant."""
        return self._intern(Operation("number", value=float(value)))

    def leaf(self, name: str, position: int = -1) -> int:
        """Node of a state, parameter, gate, the time or the shift."""
        return self._intern(Operation(name, position=position))

    def value_of(self, node: int) -> float | None:
        """Value of a constant node, None for any other."""
        operation = self.nodes[node]
        return operation.value if operation.name == "number" else None

    def plus(self, one: int, two: int) -> int:
        """Sum."""
        a, b = self.value_of(one), self.value_of(two)
        if a is not None and b is not None:
            return self.number(a + b)
        if a == 0:
            return two
        if b == 0:
            return one
        if self.nodes[two].name == "negative":
            return self.minus(one, self.nodes[two].operands[0])
        return self._intern(Operation("+", (min(one, two), max(one, two))))

    def minus(self, one: int, two: int) -> int:
        """Difference."""
        a, b = self.value_of(one), self.value_of(two)
        if a is not None and b is not None:
            return self.number(a - b)
        if b == 0:
            return one
        if a == 0:
            return self.negative(two)
        if one == two and self.nodes[one].name == "parameter":
            return self.number(0.0)
        if self.nodes[two].name == "negative":
            return self.plus(one, self.nodes[two].operands[0])
        return self._intern(Operation("-", (one, two)))

    def times(self, one: int, two: int) -> int:
        """Product; a factor of zero makes it zero."""
        a, b = self.value_of(one), self.value_of(two)
        if a is not None and b is not None:
            return self.number(a * b)
        if a == 0 or b == 0:
            return self.number(0.0)
        if a == 1:
            return two
        if b == 1:
            return one
        if a == -1:
            return self.negative(two)
        if b == -1:
            return self.negative(one)
        return self._intern(Operation("*", (min(one, two), max(one, two))))

    def product(self, one: int, two: int) -> int:
        """Product as the modeller wrote it: zero times infinity is not a number."""
        a, b = self.value_of(one), self.value_of(two)
        if (a == 0) != (b == 0):
            return self._intern(Operation("*", (min(one, two), max(one, two))))
        return self.times(one, two)

    def negative(self, one: int) -> int:
        """Negative."""
        value = self.value_of(one)
        if value is not None:
            return self.number(-value)
        operation = self.nodes[one]
        if operation.name == "negative":
            return operation.operands[0]
        if operation.name == "-":
            return self.minus(operation.operands[1], operation.operands[0])
        return self._intern(Operation("negative", (one,)))

    def reciprocal(self, one: int) -> int:
        """One over a node."""
        value = self.value_of(one)
        if value:
            return self.number(1.0 / value)
        return self._intern(Operation("reciprocal", (one,)))

    def function(self, name: str, *operands: int) -> int:
        """Any other operation: functions, comparisons, logic and selection."""
        return self._intern(Operation(name, operands))

    def select(self, condition: int, chosen: int, other: int) -> int:
        """``chosen`` where a condition holds, else ``other``."""
        if chosen == other:
            return chosen
        return self.function("select", condition, chosen, other)

    def total(self, terms: Iterable[int]) -> int:
        """Sum of nodes."""
        answer = self.number(0.0)
        for term in terms:
            answer = self.plus(answer, term)
        return answer

    def power(self, base: int, exponent: int) -> int:
        """Real power; NaN for fractional powers of negative numbers."""
        value = self.value_of(exponent)
        if value is not None and value == int(value) and abs(value) <= _MOST_FACTORS:
            whole = self._whole_power(base, int(abs(value)))
            return whole if value >= 0 else self.reciprocal(whole)
        if value == 1 / 2:
            return self.function("sqrt", base)
        size = self.function("exp", self.times(exponent, self.size_log(base)))
        return self._intern(Operation("signed_power", (size, base, exponent)))

    def size_log(self, base: int) -> int:
        """Logarithm of a node's absolute value, bounded below."""
        floor = self.number(_LEAST)
        return self.function("log", self.function("max", self.function("abs", base), floor))

    def _whole_power(self, base: int, exponent: int) -> int:
        answer, square = self.number(1.0), base
        while exponent:
            if exponent & 1:
                answer = self.times(answer, square)
            exponent >>= 1
            if exponent:
                square = self.times(square, square)
        return answer

    def steep(self, base: int, exponent: int) -> int:
        """Node of |base|^(exponent − 1) with its sign: what a power's derivative needs.

        It is bounded, and zero for a base of zero where it would be infinite.
        """
        less = self.minus(exponent, self.number(1.0))
        bound = self.number(_STEEPEST)
        logarithm = self.function("min", self.times(less, self.size_log(base)), bound)
        size = self.function("exp", logarithm)
        signed = self._intern(Operation("signed_power", (size, base, less)))
        zero = self.number(0.0)
        finite = self.function(
            "or", self.function("<", base, zero), self.function(">=", less, zero)
        )
        rest = self.select(finite, signed, zero)
        return self.select(self.function(">", base, zero), size, rest)

    def root_slope(self, root: int) -> int:
        """Slope of a square root, zero where it would be infinite."""
        positive = self.function(">", root, self.number(_SMALLEST_ROOT))
        half = self.times(self.number(0.5), self.reciprocal(root))
        return self.select(positive, half, self.number(0.0))

    def _intern(self, operation: Operation) -> int:
        known = self._positions.get(operation)
        if known is not None:
            return known
        folded = self._folded(operation)
        if folded is not None:
            operation = Operation("number", value=folded)
            if operation in self._positions:
                return self._positions[operation]
        self.nodes.append(operation)
        self.static.append(
            operation.name in ("number", "parameter")
            or (bool(operation.operands) and all(self.static[o] for o in operation.operands))
        )
        self._positions[operation] = len(self.nodes) - 1
        return len(self.nodes) - 1

    def _folded(self, operation: Operation) -> float | None:
        """Value of a function of constants."""
        values = [self.value_of(o) for o in operation.operands]
        if not values or None in values:
            return None
        known = [value for value in values if value is not None]
        match operation.name:
            case "max" | "min" if any(math.isnan(value) for value in known):
                return math.nan
            case "exp" if known[0] < _STEEPEST:
                return math.exp(known[0])
            case "log" if known[0] > 0:
                return math.log(known[0])
            case "sqrt" if known[0] >= 0:
                return math.sqrt(known[0])
            case "abs":
                return abs(known[0])
            case "max":
                return max(known)
            case "min":
                return min(known)
            case _:
                return None

    # Lowering

    def _wanted(self, position: int, compared: bool) -> list[tuple[int, bool]]:  # noqa: FBT001 - key
        node = self.program.nodes[position]
        arguments = node.arguments[2:] if node.operation == "hill" else node.arguments
        return [(argument, compared or node.operation in COMPARISONS) for argument in arguments]

    def _lower(self, position: int, compared: bool) -> int:  # noqa: FBT001 - key
        node = self.program.nodes[position]
        operands = [self._lowered[argument] for argument in self._wanted(position, compared)]
        match node.operation:
            case "number":
                return self.number(node.value)
            case "time" | "state" | "parameter" as name:
                return self.leaf(name, node.position)
            case "+":
                return self.plus(*operands)
            case "-":
                return self.minus(*operands)
            case "*":
                return self.product(*operands)
            case "/" if compared:
                return self.function("/", *operands)
            case "/":
                return self.product(operands[0], self.reciprocal(operands[1]))
            case "negative":
                return self.negative(operands[0])
            case "**":
                return self.power(*operands)
            case "hill":
                return self._hill(*operands)
            case "piecewise":
                return self.select(operands[1], operands[0], operands[2])
            case "and" | "or" as name:
                answer = operands[0]
                for operand in operands[1:]:
                    answer = self.function(name, answer, operand)
                return answer
            case name:
                return self.function(name, *operands)

    def _hill(self, amount: int, half: int, exponent: int) -> int:
        """Logistic function of n·(log x − log k), zero for amounts that are not above zero.

        Behind the share and the amount stand what derivatives need.
        """
        bounded = self.function("max", amount, self.number(_LEAST_HILL))
        contrast = self.times(
            exponent, self.minus(self.function("log", half), self.function("log", bounded))
        )
        share = self.reciprocal(self.plus(self.number(1.0), self.function("exp", contrast)))
        operands = (share, amount, half, exponent, self.reciprocal(bounded), contrast)
        return self._intern(Operation("hill", operands))
