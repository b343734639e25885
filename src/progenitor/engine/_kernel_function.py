"""A function of compiled code while it is written: rows of the workspace and vector arithmetic."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, final

from llvmlite import ir

from progenitor.engine._graph import Graph
from progenitor.engine._lanes import Lanes
from progenitor.engine._layout import Layout

__all__ = ["KernelFunction", "Loop"]

_I64: Final = ir.IntType(64)
_FUSE: Final = ("contract",)


@final
class KernelFunction:
    """A function being written: rows of the workspace and arithmetic on them."""

    def __init__(
        self,
        function: ir.Function,
        graph: Graph,
        layout: Layout,
        lanes: int,
        single: bool,  # noqa: FBT001 - internal
        static_rows: dict[int, int],
        guarded: frozenset[int],
    ) -> None:
        self.function = function
        self.builder = ir.IRBuilder(function.append_basic_block())
        self.base = function.args[0]
        self.shift: Any = None
        self.carried: list[Any] = []
        self._graph, self._layout = graph, layout
        self._lanes, self._single = lanes, single
        self._static_rows, self._guarded = static_rows, guarded
        self._scalar = ir.FloatType() if single else ir.DoubleType()
        self._vector = ir.VectorType(self._scalar, lanes)
        self._pointer = self.builder.inttoptr(self.base, self._vector.as_pointer())

    def lanes(
        self,
        states: Any,
        time: Any,
        *,
        guard: bool = False,
        floored: frozenset[int] = frozenset(),
    ) -> Lanes:
        """Node arithmetic whose states and time are rows, or given values.

        Guarded states are read as zero where they are negative, and floored ones as their absolute
        tolerance where they are smaller.
        """

        def load(kind: str, place: int) -> Any:
            at = self._layout
            match kind:
                case "state" if callable(states):
                    return states(place)
                case "state":
                    value = self.get(states + place)
                    if place in floored:
                        return self.greatest(value, self.get(at.tolerances + place))
                    if guard and place in self._guarded:
                        return self.greatest(value, self.constant(0.0))
                    return value
                case "parameter":
                    return self.get(at.parameters + place)
                case "static":
                    return self.get(at.statics + self._static_rows[place])
                case "gate":
                    return self.get(at.gates + place)
                case "shift":
                    return self.shift
                case _:
                    return self.get(time) if isinstance(time, int) else time

        return Lanes(
            self.builder,
            self._graph,
            lanes=self._lanes,
            single=self._single,
            load=load,
        )

    def row(self, first: int, index: Any) -> Any:
        return self.builder.add(index, ir.Constant(_I64, first))

    def _place(self, row: Any) -> Any:
        index = ir.Constant(_I64, row) if isinstance(row, int) else row
        return self.builder.gep(self._pointer, [index])

    def get(self, row: Any) -> Any:
        return self.builder.load(self._place(row))

    def put(self, row: Any, value: Any) -> None:
        self.builder.store(value, self._place(row))

    def put_at(self, number: int, value: Any) -> None:
        """Put a vector where a given number of the workspace begins."""
        scalar = self.builder.inttoptr(self.base, self._scalar.as_pointer())
        place = self.builder.gep(scalar, [ir.Constant(_I64, number)])
        self.builder.store(value, self.builder.bitcast(place, value.type.as_pointer()))

    def store(
        self, lanes: Lanes, nodes: Sequence[int], row: int, *, through_static: bool = False
    ) -> None:
        """Put the values of nodes in successive rows, conditions as 1 or 0."""
        values = lanes.compute(nodes, through_static=through_static)
        for place, (node, value) in enumerate(zip(nodes, values, strict=True)):
            self.put(row + place, lanes.number(value) if lanes.is_condition(node) else value)

    def constant(self, value: float) -> Any:
        return ir.Constant(self._vector, [ir.Constant(self._scalar, value)] * self._lanes)

    def spread(self, scalar: Any) -> Any:
        vector = ir.Constant(self._vector, ir.Undefined)
        for lane in range(self._lanes):
            vector = self.builder.insert_element(vector, scalar, ir.Constant(ir.IntType(32), lane))
        return vector

    def add(self, one: Any, two: Any) -> Any:
        return self.builder.fadd(one, two, flags=_FUSE)

    def subtract(self, one: Any, two: Any) -> Any:
        return self.builder.fsub(one, two, flags=_FUSE)

    def multiply(self, one: Any, two: Any) -> Any:
        return self.builder.fmul(one, two, flags=_FUSE)

    def divide(self, one: Any, two: Any) -> Any:
        return self.builder.fdiv(one, two)

    def multiply_add(self, one: Any, two: Any, three: Any) -> Any:
        return self.add(self.multiply(one, two), three)

    def minus_product(self, one: Any, two: Any, three: Any) -> Any:
        return self.subtract(three, self.multiply(one, two))

    def absolute(self, value: Any) -> Any:
        return self.lanes(0, 0).math.intrinsic("llvm.fabs", value)

    def greatest(self, one: Any, two: Any) -> Any:
        return self.builder.select(self.builder.fcmp_ordered(">", one, two), one, two)

    def least(self, one: Any, two: Any) -> Any:
        return self.builder.select(self.builder.fcmp_ordered("<", one, two), one, two)

    def carry(self, *values: Any) -> None:
        self.carried = list(values)


@final
class Loop:
    """A counted loop with values carried from turn to turn."""

    def __init__(self, f: KernelFunction, count: int, carried: Iterable[Any] = ()) -> None:
        self._f, self._count, self._initial = f, count, list(carried)

    def __enter__(self) -> Any:
        b = self._f.builder
        self._before = b.block
        self._body = b.append_basic_block()
        self._after = b.append_basic_block()
        b.branch(self._body)
        b.position_at_end(self._body)
        self._index = b.phi(_I64)
        self._index.add_incoming(ir.Constant(_I64, 0), self._before)
        self._phis = []
        for value in self._initial:
            phi = b.phi(value.type)
            phi.add_incoming(value, self._before)
            self._phis.append(phi)
        return (self._index, self._phis) if self._initial else self._index

    def __exit__(self, *_: object) -> None:
        b = self._f.builder
        following = b.add(self._index, ir.Constant(_I64, 1))
        self._index.add_incoming(following, b.block)
        for phi, value in zip(self._phis, self._f.carried if self._phis else [], strict=True):
            phi.add_incoming(value, b.block)
        more = b.icmp_signed("<", following, ir.Constant(_I64, self._count))
        b.cbranch(more, self._body, self._after)
        b.position_at_end(self._after)
