"""Graph nodes as C expressions, with variables for what is used twice or has a name."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, final

from progenitor.engine._graph import COMPARISONS, LEAVES, Graph, Operation

__all__ = ["HELPERS", "Assignment", "CFunction", "c_comment"]

HELPERS: Final[Mapping[str, str]] = {
    "above_zero": """\
/* An amount, read as zero where it is negative. */
static inline double above_zero(double amount)
{
    return amount > 0.0 ? amount : 0.0;
}
""",
    "at_least": """\
/* An amount, read as its absolute tolerance where it is smaller. */
static inline double at_least(double amount, double tolerance)
{
    return amount > tolerance ? amount : tolerance;
}
""",
    "greatest": """\
/* The larger of two, undefined when either is. */
static inline double greatest(double one, double two)
{
    return one >= two || isnan(one) ? one : two;
}
""",
    "least": """\
/* The smaller of two, undefined when either is. */
static inline double least(double one, double two)
{
    return one <= two || isnan(one) ? one : two;
}
""",
    "hill": """\
/* A share x^n / (x^n + k^n) of an amount x; zero for amounts that are not above zero. */
static inline double hill(double share, double amount)
{
    return amount <= 0.0 ? 0.0 : share;
}
""",
    "signed_power": """\
/* base^exponent from |base|^exponent. */
static inline double signed_power(double size, double base, double exponent)
{
    if (isnan(base) || isnan(exponent))
        return NAN;
    if (base > 0.0)
        return size;
    if (base < 0.0) {
        if (rint(exponent) != exponent)
            return NAN;
        return rint(exponent * 0.5) != exponent * 0.5 ? -size : size;
    }
    return exponent > 0.0 ? 0.0 : exponent < 0.0 ? INFINITY : 1.0;
}
""",
}
"""What the expressions call besides the mathematical library, by name."""

_CALLED: Final = {"abs": "fabs", "max": "greatest", "min": "least"}
_LOGIC: Final = {"and": "&&", "or": "||"}
_LONGEST: Final = 72
_CONDITION, _SUM, _PRODUCT, _ATOM = range(4)


class _Text(NamedTuple):
    """An expression and how tightly it binds."""

    text: str
    binds: int = _ATOM

    def within(self, least: int) -> str:
        return self.text if self.binds >= least else f"({self.text})"


class Assignment(NamedTuple):
    """What an element of an array is set to, and what it means."""

    target: str
    node: int
    comment: str


@final
@dataclass(slots=True)
class CFunction:
    """The body of one function.

    Parameters
    ----------
    graph
        The nodes.
    names
        Variables of nodes that have a name, with what they mean.
    states, parameters
        How species and parameters are written, in their order.
    statics
        How stored numbers that depend on parameters alone are written.
    guarded
        Species read as zero where they are negative.
    floored
        Absolute tolerances of species read as at least these.
    """

    graph: Graph
    names: Mapping[int, tuple[str, str]]
    states: Sequence[str]
    parameters: Sequence[str]
    statics: Mapping[int, str]
    guarded: frozenset[int] = frozenset()
    floored: Mapping[int, float] = field(default_factory=dict)
    _texts: dict[int, _Text] = field(default_factory=dict)

    def lines(self, assignments: Sequence[Assignment]) -> Iterator[str]:
        """Write variables and then the assignments, in the order of the graph."""
        uses = self._uses(assignment.node for assignment in assignments)
        for node in sorted(uses):
            if self._is_stored(node):
                self._texts[node] = _Text(self.statics[node])
                continue
            made = self._compose(self.graph.nodes[node])
            leaf = self.graph.nodes[node].name in LEAVES
            if leaf or (node not in self.names and uses[node] < 2 and len(made.text) < _LONGEST):
                self._texts[node] = made
                continue
            name, meaning = self.names.get(node, (f"v{node}", ""))
            kind = "int" if self._is_condition(node) else "double"
            yield f"    const {kind} {name} = {made.text};{c_comment(meaning)}"
            self._texts[node] = _Text(name)
        for target, node, comment in assignments:
            text = self._texts[node].text
            if self._is_condition(node):
                text = f"{self._texts[node].within(_SUM)} ? 1.0 : 0.0"
            yield f"    {target} = {text};{c_comment(comment)}"

    def _is_stored(self, node: int) -> bool:
        return node in self.statics and self.graph.nodes[node].name not in LEAVES

    def _is_condition(self, node: int) -> bool:
        return self.graph.nodes[node].name in COMPARISONS | {"and", "or", "not"}

    def _uses(self, outputs: Iterable[int]) -> dict[int, int]:
        """How often each node that is needed is written."""
        uses: dict[int, int] = {}
        waiting = list(outputs)
        while waiting:
            node = waiting.pop()
            uses[node] = uses.get(node, 0) + 1
            if uses[node] == 1 and not self._is_stored(node):
                waiting.extend(self.graph.nodes[node].operands)
        return uses

    def _compose(self, operation: Operation) -> _Text:
        name = operation.name
        if name in LEAVES:
            return self._leaf(operation)
        given = [self._texts[operand] for operand in operation.operands]
        match name:
            case "+" | "-":
                return _Text(f"{given[0].within(_SUM)} {name} {given[1].within(_PRODUCT)}", _SUM)
            case "*":
                return _Text(f"{given[0].within(_PRODUCT)}*{given[1].within(_ATOM)}", _PRODUCT)
            case "/":
                return _Text(f"{given[0].within(_PRODUCT)}/{given[1].within(_ATOM)}", _PRODUCT)
            case "negative":
                return _Text(f"-{given[0].within(_ATOM)}", _PRODUCT)
            case "/":
                return _Text(f"{given[0].within(_PRODUCT)}/{given[1].within(_ATOM)}", _PRODUCT)
            case "reciprocal":
                return _Text(f"1.0/{given[0].within(_ATOM)}", _PRODUCT)
            case "select":
                condition, chosen, other = (text.within(_SUM) for text in given)
                return _Text(f"{condition} ? {chosen} : {other}", _CONDITION)
            case "and" | "or":
                one, two = (text.within(_SUM) for text in given)
                return _Text(f"{one} {_LOGIC[name]} {two}", _CONDITION)
            case "not":
                return _Text(f"!{given[0].within(_ATOM)}")
            case "hill":
                given = given[:2]
            case _ if name in COMPARISONS:
                return _compared(name, *(text.within(_SUM) for text in given))
        inner = ", ".join(text.text for text in given)
        return _Text(f"{_CALLED.get(name, name)}({inner})")

    def _leaf(self, operation: Operation) -> _Text:
        place = operation.position
        match operation.name:
            case "number":
                return _number(operation.value)
            case "state" if place in self.floored:
                return _Text(f"at_least({self.states[place]}, {self.floored[place]!r})")
            case "state" if place in self.guarded:
                return _Text(f"above_zero({self.states[place]})")
            case "state":
                return _Text(self.states[place])
            case "parameter":
                return _Text(self.parameters[place])
            case "gate":
                return _Text(f"gate[{place}]")
            case "time":
                return _Text("t")
            case name:
                return _Text(name)


def c_comment(text: str) -> str:
    """Write a C comment after two spaces, nothing for no text.

    Examples
    --------
    >>> c_comment("cells */ per day")
    '  /* cells * / per day */'
    """
    safe = " ".join(text.split()).replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?")
    return f"  /* {safe} */" if safe else ""


def _number(value: float) -> _Text:
    if math.isnan(value):
        return _Text("NAN")
    text = repr(abs(value)) if math.isfinite(value) else "INFINITY"
    negative = math.copysign(1.0, value) < 0
    return _Text(f"-{text}", _PRODUCT) if negative else _Text(text)


def _compared(sign: str, one: str, two: str) -> _Text:
    """Compare; comparing something with itself is a warning of compilers."""
    if one == two:
        return _Text(f"!isnan({one})" if "=" in sign else "0")
    return _Text(f"{one} {sign} {two}", _CONDITION)
