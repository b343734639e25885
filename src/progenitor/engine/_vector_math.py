r"""Exponential and logarithm of whole vectors, written as branch-free arithmetic.

.. math::

    e^x = 2^n e^r,\; r = x - n \log 2,\; |r| \le \tfrac12 \log 2 \qquad
    \log(2^e m) = e \log 2 + 2 s \sum_k \frac{s^{2k}}{2k+1},\; s = \frac{m-1}{m+1}

Both series are Taylor's, cut where the next term is below rounding. Every lane is computed alike,
so a lane's result does not depend on its neighbours, and no mathematical library is involved.
"""

import math
from dataclasses import dataclass
from typing import Any, Final, final

from llvmlite import ir

__all__ = ["VectorMath"]

_FUSE: Final = ("contract",)
_LOG2E: Final = 1.0 / math.log(2.0)


@final
@dataclass(frozen=True, slots=True)
class _Format:
    """What depends on the precision: exponent layout, series lengths and the split of log 2."""

    bits: int
    mantissa: int
    bias: int
    exp_terms: int
    log_terms: int
    log2_high: float
    log2_low: float
    exp_most: float
    exp_least: float
    smallest: float


_DOUBLE: Final = _Format(
    64, 52, 1023, 13, 11, 0.693147180369123816490, 1.90821492927058770002e-10,
    709.782712893384, -708.39, 2.2250738585072014e-308,
)  # fmt: skip
_SINGLE: Final = _Format(
    32, 23, 127, 7, 5, 0.693359375, -2.12194440e-4, 88.72283, -87.33, 1.1754944e-38
)


@final
class VectorMath:
    """Exponential, logarithm and rounding for one kind of vector.

    Parameters
    ----------
    builder
        Where instructions go.
    lanes
        Numbers in a vector.
    single
        Whether numbers are 32-bit.
    """

    def __init__(self, builder: ir.IRBuilder, lanes: int, *, single: bool) -> None:
        self._builder = builder
        self._lanes = lanes
        self._format = _SINGLE if single else _DOUBLE
        self.scalar = ir.FloatType() if single else ir.DoubleType()
        self.type = ir.VectorType(self.scalar, lanes)
        self._integers = ir.VectorType(ir.IntType(self._format.bits), lanes)

    def constant(self, value: float) -> ir.Constant:
        """Vector of one constant."""
        return ir.Constant(self.type, [ir.Constant(self.scalar, value)] * self._lanes)

    def intrinsic(self, name: str, *operands: Any) -> Any:
        """Call an LLVM intrinsic of vectors, such as ``llvm.sqrt``."""
        module = self._builder.module
        suffix = f"{name}.v{self._lanes}f{self._format.bits}"
        kind = ir.FunctionType(self.type, [self.type] * len(operands))
        known = module.globals.get(suffix)
        function = known if known is not None else ir.Function(module, kind, suffix)
        return self._builder.call(function, operands)

    def multiply_add(self, one: Any, two: Any, three: Any) -> Any:
        """One times two plus three, rounded once where the processor can."""
        b = self._builder
        return b.fadd(b.fmul(one, two, flags=_FUSE), three, flags=_FUSE)

    def exp(self, x: Any) -> Any:
        """E to the power x; infinite above the range, zero below it."""
        b, form = self._builder, self._format
        clamped = self._least(x, self.constant(form.exp_most))
        clamped = self._greatest(clamped, self.constant(form.exp_least))
        n = self.intrinsic("llvm.rint", b.fmul(clamped, self.constant(_LOG2E)))
        r = self.multiply_add(n, self.constant(-form.log2_high), clamped)
        r = self.multiply_add(n, self.constant(-form.log2_low), r)
        series = self.constant(1.0 / math.factorial(form.exp_terms))
        for k in range(form.exp_terms - 1, -1, -1):
            series = self.multiply_add(series, r, self.constant(1.0 / math.factorial(k)))
        whole = b.fptosi(n, self._integers)
        half = b.ashr(whole, self._integer(1))
        scaled = b.fmul(series, self._power_of_two(half))
        scaled = b.fmul(scaled, self._power_of_two(b.sub(whole, half)))
        above = b.fcmp_ordered(">", x, self.constant(form.exp_most))
        below = b.fcmp_ordered("<", x, self.constant(form.exp_least))
        scaled = b.select(above, self.constant(math.inf), scaled)
        scaled = b.select(below, self.constant(0.0), scaled)
        return b.select(b.fcmp_unordered("uno", x, x), x, scaled)

    def log(self, x: Any) -> Any:
        """Natural logarithm; minus infinity at zero, NaN below it."""
        b, form = self._builder, self._format
        raw = b.bitcast(x, self._integers)
        root = self._integer(_bits(math.sqrt(0.5), form))
        shifted = b.sub(raw, root)
        exponent = b.ashr(shifted, self._integer(form.mantissa))
        mantissa = b.bitcast(b.sub(raw, b.shl(exponent, self._integer(form.mantissa))), self.type)
        f = b.fsub(mantissa, self.constant(1.0))
        s = b.fdiv(f, b.fadd(f, self.constant(2.0)))
        z = b.fmul(s, s)
        series = self.constant(2.0 / (2 * form.log_terms + 1))
        for k in range(form.log_terms - 1, 0, -1):
            series = self.multiply_add(series, z, self.constant(2.0 / (2 * k + 1)))
        # log m = 2s + s·z·series and 2s = f − s·f, so that f carries most of the digits.
        tail = self.multiply_add(z, series, b.fneg(f))
        number = b.sitofp(exponent, self.type)
        low = self.multiply_add(number, self.constant(form.log2_low), b.fmul(s, tail))
        answer = self.multiply_add(number, self.constant(form.log2_high), b.fadd(f, low))
        answer = b.select(
            b.fcmp_ordered("<", x, self.constant(form.smallest)), self.constant(-math.inf), answer
        )
        answer = b.select(
            b.fcmp_ordered("<", x, self.constant(0.0)), self.constant(math.nan), answer
        )
        endless = b.fcmp_unordered("ueq", x, self.constant(math.inf))
        return b.select(endless, x, answer)

    def _integer(self, value: int) -> ir.Constant:
        kind = ir.IntType(self._format.bits)
        return ir.Constant(self._integers, [ir.Constant(kind, value)] * self._lanes)

    def _power_of_two(self, exponent: Any) -> Any:
        b, form = self._builder, self._format
        biased = b.add(exponent, self._integer(form.bias))
        return b.bitcast(b.shl(biased, self._integer(form.mantissa)), self.type)

    def _least(self, one: Any, two: Any) -> Any:
        b = self._builder
        return b.select(b.fcmp_ordered("<", one, two), one, two)

    def _greatest(self, one: Any, two: Any) -> Any:
        b = self._builder
        return b.select(b.fcmp_ordered(">", one, two), one, two)


def _bits(value: float, form: _Format) -> int:
    """Bit pattern of a positive number, mantissa bits cleared below the fourth byte."""
    import struct

    if form.bits == 32:
        return int(struct.unpack("<I", struct.pack("<f", value))[0])
    return int(struct.unpack("<Q", struct.pack("<d", value))[0])
