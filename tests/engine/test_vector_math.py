"""Our own exponential, logarithm and powers against numbers of twice the digits."""

import ctypes
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from llvmlite import binding, ir

from progenitor.engine import Model, ModelParameter, Observable, ReactionSet, Species, stream
from progenitor.engine._kernels import _machine as machine
from progenitor.engine._kernels import compile_kernels
from progenitor.engine._vector_math import VectorMath

LANES = {False: 8, True: 16}
KIND = {False: np.dtype(np.float64), True: np.dtype(np.float32)}
WIDER = {False: np.longdouble, True: np.float64}
SMALLEST = {False: 2.2250738585072014e-308, True: 1.1754944e-38}

Function = Callable[[np.ndarray], np.ndarray]


def compile_one(name: str, *, single: bool, lanes: int) -> Function:
    """A function of :class:`VectorMath` over arrays whose length is a multiple of the lanes."""
    module = ir.Module("one")
    long = ir.IntType(64)
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [long, long, long]), "one")
    entry, body, leave = (function.append_basic_block() for _ in range(3))
    b = ir.IRBuilder(entry)
    maths = VectorMath(b, lanes, single=single)
    here, there = (b.inttoptr(arg, maths.type.as_pointer()) for arg in function.args[:2])
    b.branch(body)
    b.position_at_end(body)
    index = b.phi(long)
    index.add_incoming(ir.Constant(long, 0), entry)
    b.store(getattr(maths, name)(b.load(b.gep(here, [index]))), b.gep(there, [index]))
    following = b.add(index, ir.Constant(long, 1))
    index.add_incoming(following, body)
    b.cbranch(b.icmp_signed("<", following, function.args[2]), body, leave)
    b.position_at_end(leave)
    b.ret_void()
    target = machine()
    engine = binding.create_mcjit_compiler(binding.parse_assembly(str(module)), target)
    engine.finalize_object()
    kind = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)

    def run(values: np.ndarray) -> np.ndarray:
        given = aligned(np.asarray(values, KIND[single]))
        found = aligned(np.zeros_like(given))
        kind(engine.get_function_address("one"))(
            given.ctypes.data, found.ctypes.data, given.size // lanes
        )
        return found

    return run


def aligned(values: np.ndarray) -> np.ndarray:
    raw = np.zeros(values.nbytes + 64, np.uint8)
    first = -raw.ctypes.data % 64
    answer = raw[first : first + values.nbytes].view(values.dtype)
    answer[:] = values
    return answer


@pytest.fixture(scope="module")
def function() -> Callable[..., Function]:
    known: dict[Any, Function] = {}

    def get(name: str, *, single: bool, lanes: int | None = None) -> Function:
        key = name, single, lanes or LANES[single]
        if key not in known:
            known[key] = compile_one(name, single=single, lanes=key[2])
        return known[key]

    return get


def ulps(found: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """Error in units of the last place of the exact value."""
    spacing = np.spacing(np.abs(exact).astype(found.dtype))
    return np.abs((found.astype(exact.dtype) - exact) / spacing).astype(float)


def exponents(single: bool) -> np.ndarray:
    """The whole range, and closely around zero."""
    most, least = (88.72, -87.33) if single else (709.78, -708.39)
    generator = stream(1, "exponents", draw=0, patient=0)
    near = generator.uniform(-1.0, 1.0, 2**16) * 2.0 ** generator.uniform(-60.0, 3.0, 2**16)
    return np.concatenate([np.linspace(least, most, 2**18), near]).astype(KIND[single])


def positives(single: bool) -> np.ndarray:
    """Every binade of normal numbers, and closely around one, where a logarithm vanishes."""
    least, most = (-125.9, 127.9) if single else (-1021.9, 1023.9)
    generator = stream(1, "positives", draw=0, patient=0)
    spread = 2.0 ** generator.uniform(least, most, 2**18)
    power = generator.uniform(-20.0 if single else -50.0, -1.0, 2**16)
    near = 1.0 + np.where(generator.random(2**16) < 0.5, -0.5, 1.0) * 2.0**power
    return np.concatenate([spread, near]).astype(KIND[single])


@pytest.mark.parametrize("single", [False, True])
def test_exponentials_are_off_by_less_than_the_last_place(
    function: Callable[..., Function], single: bool
) -> None:
    x = exponents(single)
    exact = np.exp(x.astype(WIDER[single]))
    normal = exact >= SMALLEST[single]
    assert ulps(function("exp", single=single)(x), exact)[normal].max() < 1.0


@pytest.mark.parametrize("single", [False, True])
def test_logarithms_are_off_by_less_than_the_last_place(
    function: Callable[..., Function], single: bool
) -> None:
    x = positives(single)
    found = function("log", single=single)(x)
    assert ulps(found, np.log(x.astype(WIDER[single]))).max() < 1.0


SPECIAL = {
    "exp": [
        (0.0, 1.0), (-0.0, 1.0), (np.inf, np.inf), (-np.inf, 0.0), (np.nan, np.nan),
        (1e4, np.inf), (-1e4, 0.0), (1e30, np.inf), (-1e30, 0.0),
    ],
    "log": [
        (1.0, 0.0), (0.0, -np.inf), (-0.0, -np.inf), (np.inf, np.inf), (-np.inf, np.nan),
        (np.nan, np.nan), (-1.0, np.nan), (-1e-30, np.nan),
    ],
}  # fmt: skip


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("name", SPECIAL)
def test_special_values(function: Callable[..., Function], name: str, single: bool) -> None:
    given, expected = np.resize(np.array(SPECIAL[name]), (16, 2)).T
    found = function(name, single=single)(given)
    assert np.array_equal(found.astype(float), expected, equal_nan=True)


@pytest.mark.parametrize("single", [False, True])
def test_the_ends_of_the_exponential(function: Callable[..., Function], single: bool) -> None:
    """The largest argument gives the largest numbers; one more gives infinity, never garbage."""
    kind = KIND[single]
    most = np.log(WIDER[single](np.finfo(kind).max)).astype(kind)
    steps = np.array([most, np.nextafter(most, 0, dtype=kind)] * 8, kind)
    found = function("exp", single=single)(steps)
    exact = np.exp(steps.astype(WIDER[single]))
    inside = exact < np.finfo(kind).max
    assert (ulps(found[inside], exact[inside]) < 1.0).all()
    assert (found[~inside] >= 0.999 * np.finfo(kind).max).all()
    assert np.isinf(function("exp", single=single)(np.full(16, most + 1, kind))).all()


@pytest.mark.parametrize("name", ["exp", "log"])
@pytest.mark.parametrize("single", [False, True])
def test_a_lane_does_not_depend_on_its_neighbours(
    function: Callable[..., Function], name: str, single: bool
) -> None:
    """Bit for bit, whatever the width of the vectors and whatever stands beside."""
    x = (exponents if name == "exp" else positives)(single)[:: 2**6]
    x = x[: x.size - x.size % 16]
    wide = function(name, single=single)(x)
    assert np.array_equal(function(name, single=single, lanes=1)(x), wide)
    disturbed = x.copy()
    disturbed[::2] = np.nan
    assert np.array_equal(function(name, single=single)(disturbed)[1::2], wide[1::2])


# Powers as models compute them

BASES = (0.0, 1e-12, 0.3, 1.0, 2.5, 1e9, -1.5, -8.0, np.inf, np.nan)
EXPONENTS = (-3.0, -2.0, -0.5, 0.0, 0.4, 0.5, 1.0, 1.7, 2.0, 3.0, 4.0, 12.0, 17.0)


def powers(pairs: np.ndarray, *, written: bool) -> np.ndarray:
    """Powers computed by compiled models, the exponent a parameter or written as a number."""
    answers = np.zeros(len(pairs))
    for exponent in sorted({*pairs[:, 1].tolist()}):
        text = repr(exponent) if written else "n"
        part = ReactionSet(
            "power",
            species=(Species("x", "1", nonnegative=False),),
            parameters=(ModelParameter("n", "1"),),
            observables=(Observable("power", f"x**({text})", "1"),),
        )
        kernels = compile_kernels(Model.build("power", [part]), lanes=16)
        rows = np.flatnonzero(pairs[:, 1] == exponent)
        for first in range(0, len(rows), 16):
            some = rows[first : first + 16]
            table, at = kernels.workspace(), kernels.layout
            table[at.parameters] = exponent
            table[at.at, : len(some)] = pairs[some, 0]
            for name in ("statics", "observe"):
                address = kernels.addresses[name]
                ctypes.CFUNCTYPE(None, ctypes.c_int64)(address)(table.ctypes.data)
            answers[some] = table[at.observed, : len(some)]
    return answers


@pytest.mark.parametrize("written", [False, True])
def test_powers_are_those_of_the_standard(written: bool) -> None:
    """Of C99's pow: zero, negative and undefined bases, whole and fractional exponents.

    Left out is what has no meaning here: a base that is not finite to the power 0.
    """
    pairs = np.array([*itertools.product(BASES, EXPONENTS)])
    pairs = pairs[np.isfinite(pairs[:, 0]) | (pairs[:, 1] != 0)]
    with np.errstate(all="ignore"):
        expected = np.power(pairs[:, 0], pairs[:, 1])
    found = powers(pairs, written=written)
    plain = np.isfinite(expected)
    assert np.array_equal(found[~plain], expected[~plain], equal_nan=True)
    # An error of the logarithm is multiplied by the exponent: 12·log(1e9) = 249 last places.
    error = np.abs(found[plain] - expected[plain]) / np.maximum(np.abs(expected[plain]), 1e-300)
    assert error.max() < 1e-13
