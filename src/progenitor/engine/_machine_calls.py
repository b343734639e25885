"""Calling a model's code from compiled functions, and the processor's rounding of tiny numbers.

Numbers below the normal range are treated as zero while a model is solved (where the processor can
be told so): they are a hundred times slower and mean nothing here.
"""

import platform
from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["call", "call_report", "flush_tiny", "restore_tiny"]

_X86: Final = platform.machine().lower() in ("x86_64", "amd64")
_FLUSH: Final = 0x8040


def _call(_: Any, address: Any, workspace: Any) -> Any:  # noqa: ARG001 - Numba counts them
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)])
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        builder.call(function, [arguments[1]])

    return types.void(types.int64, types.int64), generate


def _call_report(
    _: Any, address: Any, workspace: Any, lane: Any, count: Any,  # noqa: ARG001 - Numba counts them
    times: Any, values: Any, row: Any, output: Any, time: Any, step: Any,  # noqa: ARG001
) -> Any:  # fmt: skip
    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        function, workspace, lane, count, times, values, row, output, time, step = given
        kinds = [*[ir.IntType(64)] * 5, *[ir.DoubleType()] * 2]
        kind = ir.FunctionType(ir.VoidType(), kinds)

        def place(array: Any, type_: Any) -> Any:
            table = context.make_array(type_)(context, builder, array)
            by_row, by_output = cgutils.unpack_tuple(builder, table.strides)[:2]
            far = builder.add(builder.mul(row, by_row), builder.mul(output, by_output))
            return builder.add(builder.ptrtoint(table.data, ir.IntType(64)), far)

        moments, target = place(times, signature.args[4]), place(values, signature.args[5])
        pointer = builder.inttoptr(function, kind.as_pointer())
        builder.call(pointer, [workspace, lane, count, moments, target, time, step])

    whole, real = types.int64, types.float64
    wanted = (whole, whole, whole, whole, times, values, whole, whole, real, real)
    return types.void(*wanted), generate


def _control(builder: Any, name: str, place: Any) -> None:
    kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer()])
    known = builder.module.globals.get(name)
    function = known if known is not None else ir.Function(builder.module, kind, name)
    builder.call(function, [builder.bitcast(place, ir.IntType(8).as_pointer())])


def _flush(_: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        if not _X86:
            return ir.Constant(ir.IntType(32), 0)
        place = builder.alloca(ir.IntType(32))
        _control(builder, "llvm.x86.sse.stmxcsr", place)
        before = builder.load(place)
        builder.store(builder.or_(before, ir.Constant(ir.IntType(32), _FLUSH)), place)
        _control(builder, "llvm.x86.sse.ldmxcsr", place)
        return before

    return types.int32(), generate


def _restore(_: Any, before: Any) -> Any:  # noqa: ARG001 - Numba counts them
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        if _X86:
            place = builder.alloca(ir.IntType(32))
            builder.store(arguments[0], place)
            _control(builder, "llvm.x86.sse.ldmxcsr", place)

    return types.void(types.int32), generate


call: Callable[[int, int], None] = intrinsic(_call)
"""Run a function of a model on the workspace at an address."""

call_report: Callable[..., None] = intrinsic(_call_report)
"""Run the function that reports outputs of a lane.

It takes the function, the workspace, the lane, how many outputs, the tables of times and values,
the row and the first output in them, and the step's time and size.
"""

flush_tiny: Callable[[], int] = intrinsic(_flush)
"""Treat tiny numbers as zero from now on; return what held before."""

restore_tiny: Callable[[int], None] = intrinsic(_restore)
"""Go back to what held before."""
