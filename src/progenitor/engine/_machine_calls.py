"""Calling a model's code from compiled functions, and the processor's rounding of tiny numbers.

Numbers below the normal range are treated as zero while a model is solved (where the processor can
be told so): they are a hundred times slower and mean nothing here.
"""

import platform
from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

__all__ = ["call", "flush_tiny", "restore_tiny"]

_X86: Final = platform.machine().lower() in ("x86_64", "amd64")
_FLUSH: Final = 0x8040


def _call(_: Any, address: Any, workspace: Any) -> Any:  # noqa: ARG001 - Numba counts them
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)])
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        builder.call(function, [arguments[1]])

    return types.void(types.int64, types.int64), generate


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

flush_tiny: Callable[[], int] = intrinsic(_flush)
"""Treat tiny numbers as zero from now on; return what held before."""

restore_tiny: Callable[[int], None] = intrinsic(_restore)
"""Go back to what held before."""
