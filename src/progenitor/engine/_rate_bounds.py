"""Upper bounds of rates over a stretch of time in which no reaction happens.

Every expression is evaluated with intervals in place of numbers: what depends on time lies between
its values at the ends of the stretch, or within hulls that are wider but certain. The bounds are
written as expressions of a companion model, so that the code of models serves for them too.

References
----------
Lewis, Shedler. Simulation of nonhomogeneous Poisson processes by thinning. Nav Res Logist Q
1979;26:403-413, doi:10.1002/nav.3800260304.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, final

from progenitor.engine._declarations import Observable, Reaction, Rule, Species
from progenitor.engine._graph import COMPARISONS
from progenitor.engine._model import Model
from progenitor.engine._program import Node, Program
from progenitor.engine._time_dependence import TimeDependence

__all__ = ["UNBOUNDED", "companion_model"]

UNBOUNDED: Final = frozenset({"tan"})
"""Functions of time that jump to infinity."""

_HUGE: Final = "1e300"
_RISING: Final = frozenset({"exp", "log", "sqrt", "floor", "ceil", "atan", "asin"})
_OPERATORS: Final = frozenset({"+", "-", "*", "/", "**", *COMPARISONS})
_Ends = tuple[str, str]


def companion_model(
    program: Program, time: TimeDependence, rates: Sequence[int], watched: Sequence[int]
) -> Model:
    """Build the model whose rates bound those of another, and which reports what is watched.

    It has one species more, the last: the end of the stretch that begins at its time. Its
    observables are the left minus the right sides of the comparisons watched.

    Parameters
    ----------
    program, time
        Expressions of the model, and how they depend on time.
    rates
        Node of each reaction's rate.
    watched
        Comparisons.
    """
    model = program.model
    writer = _Writer(program, time, _unused(model))
    highest = [writer.ends(rate)[1] for rate in rates]
    sides = [program.nodes[index].arguments for index in watched]
    gaps = [f"{writer.name(left)} - {writer.name(right)}" for left, right in sides]
    text = f"{model.content_hash}:companion:{list(rates)}:{list(watched)}"
    return replace(
        model,
        species=(*model.species, Species(writer.end, "1")),
        reactions=tuple(
            Reaction(reaction.name, highest[place], {}, {writer.end: 1.0})
            for place, reaction in enumerate(model.reactions)
        ),
        rules=tuple(writer.rules),
        events=(),
        observables=tuple(Observable(f"gap_{i}", gap, "1") for i, gap in enumerate(gaps)),
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
    )


def _unused(model: Model) -> str:
    """Return a beginning of names that none of the model's names has."""
    groups = (model.species, model.parameters, model.rules)
    names = [item.name for group in groups for item in group]
    prefix = "b"
    while any(name.startswith(prefix) for name in names):
        prefix += "b"
    return prefix


@final
@dataclass(slots=True)
class _Writer:
    """Writes nodes of a program as rules: one for a node that is known, two for its ends."""

    program: Program
    time: TimeDependence
    prefix: str
    rules: list[Rule] = field(default_factory=list)
    _names: dict[int, str] = field(default_factory=dict)
    _ends: dict[int, _Ends] = field(default_factory=dict)

    @property
    def end(self) -> str:
        """Name of the end of the stretch."""
        return f"{self.prefix}end"

    def name(self, index: int) -> str:
        """Name of a node's value at the beginning of the stretch."""
        if index not in self._names:
            node = self.program.nodes[index]
            operands = [self.name(a) for a in _written(node)]
            self._names[index] = self._rule(f"v{index}", _point(node, operands, self.program))
        return self._names[index]

    def ends(self, index: int) -> _Ends:
        """Names of the least and the greatest value of a node over the stretch."""
        if not self.time.smooth[index]:
            return self.name(index), self.name(index)
        if index not in self._ends:
            self._ends[index] = self._smooth(index, self.program.nodes[index])
        return self._ends[index]

    def _rule(self, name: str, expression: str) -> str:
        named = f"{self.prefix}{name}"
        self.rules.append(Rule(named, expression, "1"))
        return named

    def _pair(self, index: int, low: str, high: str) -> _Ends:
        return self._rule(f"l{index}", low), self._rule(f"h{index}", high)

    def _smooth(self, index: int, node: Node) -> _Ends:
        operation = node.operation
        if operation == "time":
            return "time", self.end
        if operation == "piecewise":
            return self._choice(index, node)
        ends = [self.ends(a) for a in _written(node)]
        (low, high), other = ends[0], ends[-1]
        if operation == "+":
            return self._pair(index, f"{low} + {other[0]}", f"{high} + {other[1]}")
        if operation == "-":
            return self._pair(index, f"{low} - {other[1]}", f"{high} - {other[0]}")
        if operation == "negative":
            return self._pair(index, f"-{high}", f"-{low}")
        if operation in ("min", "max"):
            write = f"{operation}({{}}, {{}})"
            return self._pair(index, write.format(low, other[0]), write.format(high, other[1]))
        if operation in _RISING:
            return self._pair(index, f"{operation}({low})", f"{operation}({high})")
        if operation == "acos":
            return self._pair(index, f"acos({high})", f"acos({low})")
        if operation == "abs":
            least = f"max(max({low}, -{high}), 0)"
            return self._pair(index, least, f"max(abs({low}), abs({high}))")
        if operation in ("sin", "cos"):
            return self._wave(index, operation, low, high)
        if operation == "hill":
            return self._hill(index, ends)
        return self._corners(index, operation, ends)

    def _wave(self, index: int, function: str, low: str, high: str) -> _Ends:
        """Bound a wave, which changes no faster than its argument."""
        middle = self._rule(f"m{index}", f"{function}(({low} + {high})/2)")
        half = self._rule(f"w{index}", f"({high} - {low})/2")
        return self._pair(index, f"max({middle} - {half}, -1)", f"min({middle} + {half}, 1)")

    def _hill(self, index: int, ends: Sequence[_Ends]) -> _Ends:
        """Between 0 and 1, and monotone in each argument for amounts of 0 or more."""
        values = [f"hill({a}, {b}, {c})" for a in ends[0] for b in ends[1] for c in ends[2]]
        return self._hull(index, values)

    def _corners(self, index: int, operation: str, ends: Sequence[_Ends]) -> _Ends:
        """Products, quotients and powers reach their extremes at corners, if they have any."""
        (low, high), other = ends
        pairs = [(a, b) for a in dict.fromkeys(ends[0]) for b in dict.fromkeys(other)]
        least, most = self._hull(index, [f"{a} {operation} {b}" for a, b in pairs])
        if operation == "*":
            return least, most
        if operation == "/":
            return self._unless(index, f"{other[0]} <= 0 and {other[1]} >= 0", least, most)
        exponent = self.program.nodes[self.program.nodes[index].arguments[1]]
        if exponent.operation != "number" or exponent.value != int(exponent.value):
            return self._unless(index, f"{low} < 0", least, most)
        through_zero = f"{low} <= 0 and {high} >= 0"
        if exponent.value < 0:
            return self._unless(index, through_zero, least, most)
        if exponent.value % 2 == 0:
            least = self._rule(f"e{index}", f"piecewise(0, {through_zero}, {least})")
        return least, most

    def _unless(self, index: int, condition: str, least: str, most: str) -> _Ends:
        """No bounds at all where a condition holds."""
        return (
            self._rule(f"q{index}", f"piecewise(-{_HUGE}, {condition}, {least})"),
            self._rule(f"Q{index}", f"piecewise({_HUGE}, {condition}, {most})"),
        )

    def _hull(self, index: int, values: Sequence[str]) -> _Ends:
        names = [self._rule(f"c{place}of{index}", value) for place, value in enumerate(values)]
        return self._pair(index, _nested("min", names), _nested("max", names))

    def _choice(self, index: int, node: Node) -> _Ends:
        """Either of both values where a condition may turn within the stretch."""
        chosen, condition, other = node.arguments
        one, two = self.ends(chosen), self.ends(other)
        if self.time.smooth[condition]:
            return self._pair(index, f"min({one[0]}, {two[0]})", f"max({one[1]}, {two[1]})")
        holds = self.name(condition)
        return self._pair(
            index,
            f"piecewise({one[0]}, {holds}, {two[0]})",
            f"piecewise({one[1]}, {holds}, {two[1]})",
        )


def _written(node: Node) -> tuple[int, ...]:
    """Arguments as the modeller wrote them; ``hill`` carries its powers before them."""
    return node.arguments[2:] if node.operation == "hill" else node.arguments


def _point(node: Node, operands: Sequence[str], program: Program) -> str:
    """Write one operation on named operands."""
    match node.operation:
        case "number":
            return repr(node.value)
        case "time":
            return "time"
        case "state":
            return program.model.species[node.position].name
        case "parameter":
            return program.model.parameters[node.position].name
        case "negative":
            return f"-{operands[0]}"
        case "not":
            return f"not {operands[0]}"
        case "and" | "or" as word:
            return f" {word} ".join(operands)
        case operation if operation in _OPERATORS:
            return f"{operands[0]} {operation} {operands[1]}"
        case function:
            return f"{function}({', '.join(operands)})"


def _nested(function: str, names: Sequence[str]) -> str:
    text = names[0]
    for name in names[1:]:
        text = f"{function}({text}, {name})"
    return text
