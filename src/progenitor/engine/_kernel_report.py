"""LLVM code for outputs within steps when every observable is a sum of species.

Along a step such an observable is a polynomial of the place in it. Its five coefficients are made
for all lanes at once and turned over, so that each lane's lie side by side; every output of a lane
is then a few operations on whole rows of observables.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, final

from llvmlite import ir

from progenitor.engine._kernel_function import KernelFunction
from progenitor.engine._layout import Layout
from progenitor.engine._rodas import DENSE

__all__ = ["REPORT_EXTRA", "SumReport", "course_rows"]

REPORT_EXTRA: Final = (ir.IntType(64),) * 4 + (ir.DoubleType(),) * 2
"""What the function takes beside the workspace: lane, count, addresses of times and values, time
and size of the step."""

_I32: Final = ir.IntType(32)
_I64: Final = ir.IntType(64)
_DOUBLE: Final = ir.DoubleType()
_COURSE: Final = 2 + len(DENSE)


def course_rows(observables: int, lanes: int) -> int:
    """How many rows the coefficients of observables take.

    Examples
    --------
    >>> course_rows(4, 8), course_rows(22, 8), course_rows(0, 8)
    (24, 120, 0)
    """
    return -(-_COURSE * _padded(observables, lanes) // lanes) * lanes


def _padded(observables: int, lanes: int) -> int:
    """Observables rounded up to whole vectors."""
    width = _width(observables, lanes)
    return -(-observables // width) * width


def _width(observables: int, lanes: int) -> int:
    width = 1
    while width < min(observables, lanes):
        width *= 2
    return width


@final
class SumReport:
    """Writes the two functions.

    Parameters
    ----------
    layout, lanes, single
        The workspace.
    sums
        Weights of species in each observable.
    least
        The least value each can have.
    """

    def __init__(
        self,
        layout: Layout,
        lanes: int,
        single: bool,  # noqa: FBT001 - internal
        sums: Sequence[Mapping[int, float]],
        least: Sequence[float],
    ) -> None:
        self._layout, self._lanes = layout, lanes
        self._sums, self._least = sums, least
        self._scalar = ir.FloatType() if single else _DOUBLE
        self._width = _width(len(sums), lanes)
        self._padded = _padded(len(sums), lanes)
        self._rows = course_rows(len(sums), lanes)

    def course(self, f: KernelFunction) -> None:
        """Coefficients of every observable, lane after lane."""
        zero = f.constant(0.0)
        rows = [zero] * self._rows
        for place, weights in enumerate(self._sums):
            for number, value in enumerate(self._coefficients(f, weights)):
                rows[number * self._padded + place] = value
        for first in range(0, self._rows, self._lanes):
            turned = _turned_over(f.builder, rows[first : first + self._lanes])
            for lane, vector in enumerate(turned):
                f.put_at(self._layout.course * self._lanes + lane * self._rows + first, vector)

    def _coefficients(self, f: KernelFunction, weights: Mapping[int, float]) -> list[Any]:
        at = self._layout
        total = [f.constant(0.0)] * _COURSE
        for species, weight in weights.items():
            before = f.get(at.values + species)
            change = f.subtract(f.get(at.new + species), before)
            dense = [f.get(at.dense + len(DENSE) * species + m) for m in range(len(DENSE))]
            for number, value in enumerate((before, change, *dense)):
                part = value if weight == 1.0 else f.multiply(f.constant(weight), value)
                total[number] = f.add(total[number], part) if len(weights) > 1 else part
        return total

    def report(self, f: KernelFunction) -> None:
        """Write ``count`` rows of observables of one lane, at the times that are given."""
        b = f.builder
        lane, count, times, values, time, step = f.function.args[1:]
        kind = ir.VectorType(self._scalar, self._width)
        first = ir.Constant(_I64, self._layout.course * self._lanes)
        place = b.add(first, b.mul(lane, ir.Constant(_I64, self._rows)))
        start = b.gep(b.inttoptr(f.base, self._scalar.as_pointer()), [place])
        course = [[
            _load(b, start, kind, number * self._padded + chunk, self._scalar)
            for number in range(_COURSE)]
            for chunk in range(0, self._padded, self._width)
        ]  # fmt: skip
        times = b.inttoptr(times, _DOUBLE.as_pointer())
        values = b.inttoptr(values, _DOUBLE.as_pointer())
        before = b.block
        body, after = b.append_basic_block(), b.append_basic_block()
        b.cbranch(b.icmp_signed(">", count, ir.Constant(_I64, 0)), body, after)
        b.position_at_end(body)
        output = b.phi(_I64)
        output.add_incoming(ir.Constant(_I64, 0), before)
        theta = b.fdiv(b.fsub(b.load(b.gep(times, [output])), time), step)
        target = b.gep(values, [b.mul(output, ir.Constant(_I64, len(self._sums)))])
        self._row(f, course, theta, target)
        following = b.add(output, ir.Constant(_I64, 1))
        output.add_incoming(following, b.block)
        b.cbranch(b.icmp_signed("<", following, count), body, after)
        b.position_at_end(after)

    def _row(self, f: KernelFunction, course: list[list[Any]], theta: Any, target: Any) -> None:
        b, width = f.builder, self._width
        if self._scalar is not _DOUBLE:
            theta = b.fptrunc(theta, self._scalar)
        theta = _spread(b, theta, width)
        rest = f.subtract(_constant([1.0] * width, self._scalar), theta)
        for chunk, (start, change, one, two, three) in enumerate(course):
            inner = f.multiply_add(theta, f.multiply_add(theta, three, two), one)
            value = f.multiply_add(theta, f.multiply_add(rest, inner, change), start)
            shown = list(self._least[chunk * width : (chunk + 1) * width])
            filled = shown + [0.0] * (width - len(shown))
            least = _constant(filled, self._scalar)
            value = b.select(b.fcmp_ordered("<", value, least), least, value)
            if self._scalar is not _DOUBLE:
                value = b.fpext(value, ir.VectorType(_DOUBLE, width))
            if len(shown) < width:
                mask = _mask(range(len(shown)))
                value = b.shuffle_vector(value, value, mask)
            kind = ir.VectorType(_DOUBLE, len(shown))
            into = b.gep(target, [ir.Constant(_I64, chunk * width)])
            b.store(value, b.bitcast(into, kind.as_pointer()), align=_DOUBLE_BYTES)


_DOUBLE_BYTES: Final = 8


def _turned_over(b: ir.IRBuilder, rows: list[Any]) -> list[Any]:
    """Turn rows of lanes into lanes of rows, both as many, by exchanging ever larger pieces."""
    size, rows = len(rows), list(rows)
    piece = 1
    while piece < size:
        upper = _mask(j if not j & piece else size + j - piece for j in range(size))
        lower = _mask(j + piece if not j & piece else size + j for j in range(size))
        for i in range(size):
            if not i & piece:
                one, two = rows[i], rows[i + piece]
                rows[i] = b.shuffle_vector(one, two, upper)
                rows[i + piece] = b.shuffle_vector(one, two, lower)
        piece *= 2
    return rows


def _mask(places: Any) -> Any:
    chosen = [ir.Constant(_I32, place) for place in places]
    return ir.Constant(ir.VectorType(_I32, len(chosen)), chosen)


def _constant(values: Sequence[float], scalar: Any) -> Any:
    return ir.Constant(ir.VectorType(scalar, len(values)), [ir.Constant(scalar, v) for v in values])


def _spread(b: ir.IRBuilder, scalar: Any, width: int) -> Any:
    vector = ir.Constant(ir.VectorType(scalar.type, width), ir.Undefined)
    for place in range(width):
        vector = b.insert_element(vector, scalar, ir.Constant(_I32, place))
    return vector


def _load(b: ir.IRBuilder, start: Any, kind: Any, offset: int, scalar: Any) -> Any:
    place = b.bitcast(b.gep(start, [ir.Constant(_I64, offset)]), kind.as_pointer())
    return b.load(place, align=4 if scalar is not _DOUBLE else _DOUBLE_BYTES)
