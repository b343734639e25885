"""Graph nodes as vector instructions: one number per lane, lane after lane the same arithmetic."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, final

from llvmlite import ir

from progenitor.engine._graph import COMPARISONS, LEAVES, Graph
from progenitor.engine._vector_math import VectorMath

__all__ = ["Lanes"]

_FUSE: Final = ("contract",)
_LIBRARY: Final = {
    "acos": "llvm.acos",
    "asin": "llvm.asin",
    "atan": "llvm.atan",
    "ceil": "llvm.ceil",
    "cos": "llvm.cos",
    "floor": "llvm.floor",
    "sin": "llvm.sin",
    "tan": "llvm.tan",
}
"""Rare functions: LLVM's own, which may call the system's mathematical library lane by lane."""


@final
class Lanes:
    """Instructions for nodes of a graph inside one function.

    Parameters
    ----------
    builder
        Where instructions go.
    graph
        The nodes.
    lanes, single
        The kind of vector.
    load
        Makes the value of a leaf (its name and position) or of a static node (``"static"`` and
        the node).

    Notes
    -----
    Arithmetic follows the floating-point standard; multiplications may be fused with additions.
    """

    def __init__(
        self,
        builder: ir.IRBuilder,
        graph: Graph,
        *,
        lanes: int,
        single: bool,
        load: Callable[[str, int], Any],
    ) -> None:
        self._builder = builder
        self._graph = graph
        self._load = load
        self.math = VectorMath(builder, lanes, single=single)
        self._values: dict[int, Any] = {}

    def compute(self, nodes: Iterable[int], *, through_static: bool = False) -> list[Any]:
        """Values of nodes, computing each needed node once.

        With ``through_static`` static nodes are computed too, otherwise they are loaded.
        """
        wanted = list(nodes)
        for node in sorted(self._reach(wanted, through_static=through_static)):
            if node not in self._values:
                self._values[node] = self._value(node, through_static=through_static)
        return [self._values[node] for node in wanted]

    def number(self, condition: Any) -> Any:
        """Read a condition as 1 or 0."""
        return self._builder.select(condition, self.math.constant(1.0), self.math.constant(0.0))

    def is_condition(self, node: int) -> bool:
        """Whether a node is a condition."""
        return self._graph.nodes[node].name in COMPARISONS | {"and", "or", "not"}

    def _reach(self, nodes: Iterable[int], *, through_static: bool) -> set[int]:
        reached: set[int] = set()
        waiting = [node for node in nodes if node not in self._values]
        while waiting:
            node = waiting.pop()
            if node in reached:
                continue
            reached.add(node)
            if through_static or not self._graph.static[node]:
                waiting.extend(o for o in self._graph.nodes[node].operands if o not in self._values)
        return reached

    def _value(self, node: int, *, through_static: bool) -> Any:
        operation = self._graph.nodes[node]
        if operation.name == "number":
            return self.math.constant(operation.value)
        if operation.name in LEAVES:
            return self._load(operation.name, operation.position)
        if self._graph.static[node] and not through_static and not self.is_condition(node):
            return self._load("static", node)
        if any(o not in self._values for o in operation.operands):
            self.compute(operation.operands, through_static=through_static)
        return self._operate(operation.name, [self._values[o] for o in operation.operands])

    def _operate(self, name: str, v: list[Any]) -> Any:
        b, maths = self._builder, self.math
        match name:
            case "+":
                return b.fadd(v[0], v[1], flags=_FUSE)
            case "-":
                return b.fsub(v[0], v[1], flags=_FUSE)
            case "*":
                return b.fmul(v[0], v[1], flags=_FUSE)
            case "/":
                return b.fdiv(v[0], v[1])
            case "negative":
                return b.fneg(v[0])
            case "reciprocal":
                return b.fdiv(maths.constant(1.0), v[0])
            case "exp":
                return maths.exp(v[0])
            case "log":
                return maths.log(v[0])
            case "sqrt":
                return maths.intrinsic("llvm.sqrt", v[0])
            case "abs":
                return maths.intrinsic("llvm.fabs", v[0])
            case "max":
                return self._extreme(">=", v[0], v[1])
            case "min":
                return self._extreme("<=", v[0], v[1])
            case "select":
                return b.select(v[0], v[1], v[2])
            case "and":
                return b.and_(v[0], v[1])
            case "or":
                return b.or_(v[0], v[1])
            case "not":
                return b.not_(v[0])
            case "hill":
                return self._hill(v[0], v[1])
            case "signed_power":
                return self._signed(v[0], v[1], v[2])
            case _ if name in COMPARISONS:
                return b.fcmp_ordered(name, v[0], v[1])
            case _:
                return maths.intrinsic(_LIBRARY[name], v[0])

    def _extreme(self, comparison: str, one: Any, two: Any) -> Any:
        """Larger or smaller of two, undefined when either is."""
        b = self._builder
        if isinstance(two, ir.Constant):
            return b.select(b.fcmp_unordered(comparison, one, two), one, two)
        chosen = b.select(b.fcmp_ordered(comparison, one, two), one, two)
        if isinstance(one, ir.Constant):
            return chosen
        return b.select(b.fcmp_unordered("uno", one, one), one, chosen)

    def _hill(self, share: Any, amount: Any) -> Any:
        b, zero = self._builder, self.math.constant(0.0)
        return b.select(b.fcmp_ordered("<=", amount, zero), zero, share)

    def _signed(self, size: Any, base: Any, exponent: Any) -> Any:
        """Power of a negative or zero base, from the power of its absolute value."""
        b, maths = self._builder, self.math
        zero, one = maths.constant(0.0), maths.constant(1.0)
        rounded = maths.intrinsic("llvm.rint", exponent)
        whole = b.fcmp_ordered("==", rounded, exponent)
        half = b.fmul(exponent, maths.constant(0.5))
        odd = b.fcmp_ordered("!=", maths.intrinsic("llvm.rint", half), half)
        signed = b.select(odd, b.fneg(size), size)
        signed = b.select(whole, signed, maths.constant(math.nan))
        answer = b.select(b.fcmp_ordered("<", base, zero), signed, size)
        at_zero = b.select(b.fcmp_ordered(">", exponent, zero), zero, maths.constant(math.inf))
        at_zero = b.select(b.fcmp_ordered("==", exponent, zero), one, at_zero)
        answer = b.select(b.fcmp_ordered("==", base, zero), at_zero, answer)
        undefined = b.fcmp_unordered("uno", base, exponent)
        return b.select(undefined, maths.constant(math.nan), answer)


Loads = Mapping[str, Callable[[int], Any]]
