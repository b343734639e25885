"""The graph of elementary operations means what the modeller wrote, in IEEE arithmetic."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progenitor.engine import Model, ModelParameter, ReactionSet, Species
from progenitor.engine._graph import Graph
from progenitor.engine._program import Program

MODEL = Model.build(
    "m",
    [
        ReactionSet(
            "p",
            species=tuple(Species(name, "1", nonnegative=False) for name in "xy"),
            parameters=tuple(ModelParameter(name, "1") for name in "ab"),
        )
    ],
    time_unit="1",
)
LEAVES = {"x": ("state", 0), "y": ("state", 1), "a": ("parameter", 0), "b": ("parameter", 1)}


def value(text: str, values: dict[str, float], run: Callable[..., Any]) -> float:
    program = Program(MODEL)
    graph = Graph(program)
    node = graph.of(program.add(text))
    return float(run(graph, {LEAVES[name]: values[name] for name in LEAVES})[node])


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(parts, parts)
    return st.one_of(
        *(two.map(lambda p, o=o: f"({p[0]} {o} {p[1]})") for o in "+-*/"),
        *(two.map(lambda p, o=o: f"{o}({p[0]}, {p[1]})") for o in ("max", "min")),
        *(parts.map(lambda p, o=o: f"{o}({p})") for o in ("-", "abs", "sqrt", "exp", "log")),
        *(parts.map(lambda p, n=n: f"({p})**{n}") for n in (0, 1, 2, 3)),
        two.map(lambda p: f"piecewise({p[0]}, {p[0]} <= {p[1]}, {p[1]})"),
        two.map(lambda p: f"piecewise({p[0]}, not {p[0]} > {p[1]} or x < a, {p[1]})"),
    )


TEXTS = st.recursive(
    st.sampled_from([*LEAVES, "0", "1", "-1", "2", "0.5", "1e300", "-1e300"]),
    joined,
    max_leaves=7,
)
NUMBERS = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.25, -3.0, 1e300, -1e300])


@settings(max_examples=400)
@given(text=TEXTS, point=st.tuples(*[NUMBERS] * len(LEAVES)))
def test_no_rewriting_changes_what_an_expression_is(
    text: str,
    point: tuple[float, ...],
    reading: Callable[..., Any],
    graph_values: Callable[..., Any],
) -> None:
    """Zeros, ones, overflow, infinities and NaN included; rounding of a division apart.

    A quotient is a product with a reciprocal: it may differ in the last places, and where the
    reciprocal of a number above 1e307 is treated as zero. Numbers here avoid both.
    """
    values = dict(zip(LEAVES, point, strict=True))
    expected = float(reading({k: np.float64(v) for k, v in values.items()})(text))
    found = value(text, values, graph_values)
    close = math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12)
    assert close or (math.isnan(found) and math.isnan(expected)), (text, values, found, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0/0", math.nan),
        ("x/0", math.inf),
        ("-x/0", -math.inf),
        ("0*(1/0)", math.nan),
        ("0*(x/0)", math.nan),
        ("0/y", math.nan),
        ("0*x", 0.0),
        ("y/y", math.nan),
        ("a/b", math.inf),
        ("(a/b)*0", math.nan),
        ("a/b - a/b", math.nan),
        ("b*(a/b)", math.nan),
        ("1/(1/0)", 0.0),
        ("log(0)", -math.inf),
        ("log(-1)", math.nan),
        ("exp(1000)", math.inf),
        ("exp(-1000)*exp(1000)", math.nan),
        ("sqrt(-1)", math.nan),
        ("max(0, 0/0)", math.nan),
        ("max(0/0, 0)", math.nan),
        ("min(0, log(-x))", math.nan),
        ("min(log(-x), 0)", math.nan),
        ("max(log(-x), log(-a))", math.nan),
        ("1e300*1e300 - 1e300*1e300", math.nan),
        ("max(1e300*1e300 - 1e300*1e300, 1)", math.nan),
        ("max(1, 1e300*1e300 - 1e300*1e300)", math.nan),
        ("piecewise(1, 0/0 > 1, 2)", 2.0),
        ("piecewise(1, not 0/0 > 1, 2)", 1.0),
        ("hill(0, 1, 2)", 0.0),
        ("hill(-1, 1, 0.5)", 0.0),
        ("hill(0/0, 1, 2)", math.nan),
    ],
)
def test_what_is_undefined_stays_undefined(
    text: str, expected: float, graph_values: Callable[..., Any]
) -> None:
    values = {"x": 1.0, "y": 0.0, "a": 3.0, "b": 0.0}
    found = value(text, values, graph_values)
    assert found == expected or (math.isnan(found) and math.isnan(expected))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x + y", "y + x"),
        ("a*x", "x*a"),
        ("x - -y", "x + y"),
        ("-(-x)", "x"),
        ("x/a + y/a", "x*(1/a) + (1/a)*y"),
        ("x**4", "(x*x)*(x*x)"),
        ("1*x + 0", "x"),
        ("piecewise(x, y > 1, x)", "x"),
    ],
)
def test_equal_operations_are_one(one: str, other: str) -> None:
    program = Program(MODEL)
    graph = Graph(program)
    assert graph.of(program.add(one)) == graph.of(program.add(other))


def test_only_what_depends_on_parameters_alone_is_static() -> None:
    program = Program(MODEL)
    graph = Graph(program)
    for text, static in (("a*exp(b) + 2", True), ("a*x", False), ("a + time", False), ("3", True)):
        assert graph.static[graph.of(program.add(text))] is static
    assert graph.static[graph.leaf("shift")] is False
    assert graph.static[graph.leaf("gate", 0)] is False
