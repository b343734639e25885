"""LLVM code of a model: what a step, an output and an event need, for a block of lanes at once.

Every function takes the address of a workspace laid out by :class:`Layout` and works on all lanes
alike. Compact code wins: the eight stages share one right-hand side and one triangular solution,
which talk through memory that stays in the nearest cache.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, final

from llvmlite import ir

from progenitor.engine._kernel_function import KernelFunction, Loop
from progenitor.engine._kernel_needs import (
    dense_species,
    guarded_states,
    steep_states,
    stored_statics,
)
from progenitor.engine._kernel_report import REPORT_EXTRA, SumReport, course_rows
from progenitor.engine._layout import Layout
from progenitor.engine._linear_observables import linear_observables
from progenitor.engine._model import Model
from progenitor.engine._model_graph import ModelGraph
from progenitor.engine._rodas import DENSE, ERROR_ORDER, GAMMA, INCREMENTS, NODES, SLOPES, STAGES
from progenitor.engine._rodas import TIME as TIME_WEIGHTS

__all__ = ["FUNCTIONS", "KernelCode"]

FUNCTIONS: Final = (
    "initial", "statics", "start", "step", "dense", "output", "between", "observe", "triggers",
    "due", "actions", "flows", "switches", "rates", "accept", "course", "report",
)  # fmt: skip

_I64: Final = ir.IntType(64)
_FUSE: Final = ("contract",)
_SAFETY: Final = 0.9
_LEAST_GROWTH: Final = 0.2
_MOST_GROWTH: Final = 6.0
_FIRST: Final = 0.05
_NEGLIGIBLE: Final = 1e-5
_TINY_STEP: Final = 1e-6


@final
class KernelCode:
    """The functions of one model as an LLVM module.

    Parameters
    ----------
    nodes
        What to compute.
    lanes
        Lanes of a block.
    single
        Whether to compute in 32 bits.
    """

    def __init__(self, nodes: ModelGraph, *, lanes: int, single: bool) -> None:
        self._nodes = nodes
        self._graph = nodes.graph
        self._lanes = lanes
        self._single = single
        self._size = len(nodes.model.species)
        self._scalar = ir.FloatType() if single else ir.DoubleType()
        self._vector = ir.VectorType(self._scalar, lanes)
        self._guarded = guarded_states(nodes)
        self._steep = steep_states(nodes)
        self._needed = dense_species(nodes)
        self._statics = stored_statics(nodes)
        self._static_rows = {node: row for row, node in enumerate(self._statics)}
        model = nodes.model
        self.sums = sums = linear_observables(nodes.graph, nodes.observables)
        self.layout = Layout.of(
            species=self._size,
            parameters=len(model.parameters),
            statics=len(self._statics),
            countable=sum(species.countable for species in model.species),
            factors=nodes.factors,
            observables=len(model.observables),
            events=len(model.events),
            edges=len(nodes.edges),
            assignments=sum(len(event.assignments) for event in model.events),
            switches=len(nodes.switches),
            reactions=len(model.reactions),
            course=course_rows(len(sums), lanes),
        )
        least = [_least(model, weights) for weights in sums]
        self._report = SumReport(self.layout, lanes, single, sums, least)
        self._factor_rows = {node: row for row, node in enumerate(nodes.factors.nodes)}
        self.module = ir.Module(name="kernels")
        self._emit()

    def _emit(self) -> None:
        nodes, at = self._nodes, self.layout
        here = (at.at, at.point)
        self._simple("initial", nodes.initial, at.at, through_static=True)
        self._simple("statics", self._statics, at.statics, through_static=True)
        self._simple("observe", nodes.observables, at.observed, source=here)
        self._paired(
            "triggers",
            (nodes.triggers, at.triggers),
            (nodes.roots, at.roots),
            ([edge for _, edge in nodes.edges], at.edges),
        )
        self._paired("due", (nodes.delays, at.delays), (nodes.priorities, at.priorities))
        actions = [node for action in nodes.actions for node in action]
        self._simple("actions", actions, at.actions, source=here)
        self._simple("flows", nodes.flows, at.flows, source=here)
        self._simple("switches", nodes.switches, at.switches, source=here)
        self._simple("rates", nodes.rates, at.rates, source=here)
        right = self._simple("right", (), 0, public=False, body=self._right_hand_side)
        prepare = self._simple("prepare", (), 0, public=False, body=self._prepare)
        solve = self._solve()
        self._simple("start", (), 0, body=self._start)
        self._simple("step", (), 0, body=lambda f: self._step(f, prepare, right, solve))
        self._simple("dense", (), 0, body=self._dense)
        self._simple("output", (), 0, body=self._output)
        self._simple("between", (), 0, body=self._between)
        self._simple("accept", (), 0, body=self._accept)
        self._simple("course", (), 0, body=self._report.course)
        self._simple("report", (), 0, body=self._report.report, extra=REPORT_EXTRA)

    # Functions

    def _simple(
        self,
        name: str,
        nodes: Sequence[int],
        row: int,
        *,
        source: tuple[int, int] | None = None,
        through_static: bool = False,
        public: bool = True,
        body: Callable[[KernelFunction], None] | None = None,
        extra: Sequence[ir.Type] = (),
    ) -> ir.Function:
        """Make a function that stores nodes in successive rows, or does what ``body`` says."""
        function = self._open(name, public=public, extra=extra)
        if body is not None:
            body(function)
        else:
            lanes = function.lanes(*(source or (0, 0)))
            function.store(lanes, nodes, row, through_static=through_static)
        function.builder.ret_void()
        return function.function

    def _paired(self, name: str, *groups: tuple[Sequence[int], int]) -> None:
        def body(function: KernelFunction) -> None:
            lanes = function.lanes(self.layout.at, self.layout.point)
            for nodes, row in groups:
                function.store(lanes, nodes, row)

        self._simple(name, (), 0, body=body)

    def _open(
        self, name: str, *, public: bool = True, extra: Sequence[ir.Type] = ()
    ) -> KernelFunction:
        kind = ir.FunctionType(ir.VoidType(), [_I64, *extra])
        function = ir.Function(self.module, kind, name)
        if not public:
            function.linkage = "internal"
            function.attributes.add("noinline")
        return KernelFunction(
            function, self._graph, self.layout, self._lanes, self._single,
            self._static_rows, self._guarded,
        )  # fmt: skip

    # Bodies

    def _right_hand_side(self, f: KernelFunction) -> None:
        at = self.layout
        slopes = f.lanes(at.tried, at.point, guard=True).compute(self._nodes.derivatives)
        for i, slope in enumerate(slopes):
            f.put(at.slopes + i, f.add(slope, f.get(at.infusions + i)))

    def _prepare(self, f: KernelFunction) -> None:
        """Slopes, the matrix and its factors at the start of a step."""
        at, nodes = self.layout, self._nodes
        inverse = f.divide(f.constant(1.0), f.get(at.step))
        f.put(at.inverse, inverse)
        f.shift = f.multiply(inverse, f.constant(1.0 / GAMMA))
        time = at.early if nodes.switches else at.time
        lanes = f.lanes(at.values, time, guard=True)
        for i, slope in enumerate(lanes.compute(nodes.derivatives)):
            f.put(at.slopes + i, f.add(slope, f.get(at.infusions + i)))
            f.put(at.sums + i, f.constant(0.0))
        if self._steep:
            lanes = f.lanes(at.values, time, guard=True, floored=self._steep)
        if nodes.timed:
            for i, slope in enumerate(lanes.compute(nodes.time_slopes)):
                f.put(at.timed + i, slope)
        for node in nodes.factors.nodes:
            f.put(at.factors + self._factor_rows[node], lanes.compute([node])[0])

    def _solve(self) -> ir.Function:
        """Triangular solution of one stage: slopes and sums in, an increment out."""
        f = self._open("solve", public=False, extra=(_I64, self._scalar))
        at, factors = self.layout, self._nodes.factors
        stage, weight = f.function.args[1], f.function.args[2]
        inverse = f.get(at.inverse)
        right = [
            f.multiply_add(inverse, f.get(at.sums + i), f.get(at.slopes + i))
            for i in range(self._size)
        ]
        if self._nodes.timed:
            lasting = f.multiply(f.get(at.step), f.spread(weight))
            right = [
                f.multiply_add(lasting, f.get(at.timed + i), value) for i, value in enumerate(right)
            ]
        for pivot in factors.order:
            for row, node in factors.lower[pivot]:
                right[row] = f.minus_product(self._factor(f, node), right[pivot], right[row])
        for pivot in reversed(factors.order):
            for column, node in factors.upper[pivot]:
                right[pivot] = f.minus_product(self._factor(f, node), right[column], right[pivot])
            right[pivot] = f.multiply(right[pivot], self._factor(f, factors.pivots[pivot]))
        for i, value in enumerate(right):
            row = f.builder.add(stage, ir.Constant(_I64, at.increments + i * STAGES))
            f.put(row, value)
        f.builder.ret_void()
        return f.function

    def _factor(self, f: KernelFunction, node: int) -> Any:
        value = self._graph.value_of(node)
        if value is not None:
            return f.constant(value)
        return f.get(self.layout.factors + self._factor_rows[node])

    def _step(
        self, f: KernelFunction, prepare: ir.Function, right: ir.Function, solve: ir.Function
    ) -> None:
        """Try a step of every lane and report its error."""
        at, b, nodes = self.layout, f.builder, self._nodes
        b.call(prepare, [f.base])
        for stage in range(STAGES):
            if stage > 0:
                self._combine(f, stage)
                point = f.multiply_add(f.constant(NODES[stage]), f.get(at.step), f.get(at.time))
                if nodes.switches:
                    point = f.least(f.greatest(point, f.get(at.early)), f.get(at.late))
                f.put(at.point, point)
                b.call(right, [f.base])
            number = ir.Constant(_I64, stage)
            b.call(solve, [f.base, number, ir.Constant(self._scalar, TIME_WEIGHTS[stage])])
        self._judge(f)

    def _combine(self, f: KernelFunction, stage: int) -> None:
        """Values and sums of a stage from the increments before it."""
        at = self.layout
        if self._size == 0:
            return
        with Loop(f, self._size) as i:
            value, total = f.get(f.row(at.values, i)), None
            first = f.row(at.increments, f.builder.mul(i, ir.Constant(_I64, STAGES)))
            for j in range(stage):
                increment = f.get(f.builder.add(first, ir.Constant(_I64, j)))
                value = f.multiply_add(f.constant(INCREMENTS[stage][j]), increment, value)
                part = f.constant(SLOPES[stage][j])
                total = (
                    f.multiply(part, increment)
                    if total is None
                    else f.multiply_add(part, increment, total)
                )
            f.put(f.row(at.tried, i), value)
            f.put(f.row(at.sums, i), total)

    def _judge(self, f: KernelFunction) -> None:
        """Error norm, next step's factor and undershoot of a tried step."""
        at, b = self.layout, f.builder
        relative = f.get(at.relative)
        zero = f.constant(0.0)
        if self._size == 0:
            for row, value in ((at.error, 0.0), (at.growth, _MOST_GROWTH), (at.lowest, 0.0)):
                f.put(row, f.constant(value))
            return
        with Loop(f, self._size, [zero, f.constant(1e30)]) as loop:
            i, (squares, lowest) = loop
            old = f.absolute(f.get(f.row(at.values, i)))
            last = f.row(at.increments, b.mul(i, ir.Constant(_I64, STAGES)))
            error = f.get(b.add(last, ir.Constant(_I64, STAGES - 1)))
            new = f.add(f.get(f.row(at.tried, i)), error)
            f.put(f.row(at.new, i), new)
            f.put(f.row(at.peaks, i), f.greatest(old, f.get(f.row(at.peaks, i))))
            size = f.greatest(old, f.absolute(new))
            scale = f.multiply_add(relative, size, f.get(f.row(at.tolerances, i)))
            scaled = f.divide(error, scale)
            f.carry(
                f.multiply_add(scaled, scaled, squares),
                f.least(f.add(new, f.get(f.row(at.floors, i))), lowest),
            )
        squares, lowest = f.carried
        norm = f.lanes(0, 0).math.intrinsic(
            "llvm.sqrt", f.multiply(squares, f.constant(1.0 / max(self._size, 1)))
        )
        maths = f.lanes(0, 0).math
        growth = maths.exp(f.multiply(maths.log(norm), f.constant(-1.0 / ERROR_ORDER)))
        growth = f.multiply(growth, f.constant(_SAFETY))
        growth = f.least(f.greatest(growth, f.constant(_LEAST_GROWTH)), f.constant(_MOST_GROWTH))
        f.put(at.error, norm)
        f.put(at.growth, growth)
        f.put(at.lowest, lowest)

    def _start(self, f: KernelFunction) -> None:
        """Guess a first step: a twentieth of the time in which values change by their size."""
        at = self.layout
        relative = f.get(at.relative)
        lanes = f.lanes(at.values, at.early if self._nodes.switches else at.time, guard=True)
        amounts, changes = f.constant(0.0), f.constant(0.0)
        for i, slope in enumerate(lanes.compute(self._nodes.derivatives)):
            value = f.get(at.values + i)
            scale = f.multiply_add(relative, f.absolute(value), f.get(at.tolerances + i))
            amount = f.divide(value, scale)
            change = f.divide(f.add(slope, f.get(at.infusions + i)), scale)
            amounts = f.multiply_add(amount, amount, amounts)
            changes = f.multiply_add(change, change, changes)
        square = f.constant(_NEGLIGIBLE * _NEGLIGIBLE * max(self._size, 1))
        ratio = lanes.math.intrinsic("llvm.sqrt", f.divide(amounts, changes))
        first = f.multiply(ratio, f.constant(_FIRST))
        least = f.least(amounts, changes)
        small = f.builder.fcmp_ordered(">", least, square)
        f.put(at.first, f.builder.select(small, first, f.constant(_TINY_STEP)))

    def _dense(self, f: KernelFunction) -> None:
        """Coefficients of the dense output of the last step."""
        for i in self._needed:
            increments = [f.get(self.layout.increments + i * STAGES + j) for j in range(STAGES)]
            for m, weights in enumerate(DENSE):
                total = f.multiply(f.constant(weights[0]), increments[0])
                for weight, increment in zip(weights[1:], increments[1:], strict=True):
                    total = f.multiply_add(f.constant(weight), increment, total)
                f.put(self.layout.dense + len(DENSE) * i + m, total)

    def _accept(self, f: KernelFunction) -> None:
        """Go to the end of the step, in lanes that do."""
        at = self.layout
        moved = f.builder.fcmp_ordered(">", f.get(at.moved), f.constant(0.0))
        for i in range(self._size):
            before, new = f.get(at.values + i), f.get(at.new + i)
            f.put(at.values + i, f.builder.select(moved, new, before))

    def _interpolated(self, f: KernelFunction) -> Callable[[int], Any]:
        at = self.layout
        theta = f.get(at.theta)
        rest = f.subtract(f.constant(1.0), theta)
        model = self._nodes.model

        def value(i: int) -> Any:
            one, two, three = (f.get(at.dense + len(DENSE) * i + m) for m in range(len(DENSE)))
            inner = f.multiply_add(theta, three, two)
            inner = f.multiply_add(theta, inner, one)
            before = f.get(at.values + i)
            inner = f.multiply_add(rest, inner, f.subtract(f.get(at.new + i), before))
            found = f.multiply_add(theta, inner, before)
            if model.species[i].nonnegative:
                found = f.greatest(found, f.constant(0.0))
            return found

        return value

    def _moment(self, f: KernelFunction) -> Any:
        at = self.layout
        return f.multiply_add(f.get(at.theta), f.get(at.step), f.get(at.time))

    def _output(self, f: KernelFunction) -> None:
        """Observables at a place within the last step."""
        lanes = f.lanes(self._interpolated(f), self._moment(f))
        for place, value in enumerate(lanes.compute(self._nodes.observables)):
            f.put(self.layout.observed + place, value)

    def _between(self, f: KernelFunction) -> None:
        """Values at a place within the last step."""
        value = self._interpolated(f)
        f.put(self.layout.point, self._moment(f))
        for i in self._needed:
            f.put(self.layout.at + i, value(i))


def _least(model: Model, weights: Mapping[int, float]) -> float:
    """Zero for a sum of species that cannot be negative, otherwise minus infinity."""
    bounded = all(w >= 0 and model.species[s].nonnegative for s, w in weights.items())
    return 0.0 if bounded else -math.inf
