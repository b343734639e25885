"""Symbolic derivatives against complex steps, which are exact to rounding; and at corners."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from progenitor.engine import Model, ModelParameter, ReactionSet, Species
from progenitor.engine._derivatives import Derivatives
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
LEAVES |= {"time": ("time", -1)}
STEP = 1e-30


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Larger expressions of smaller ones, each defined for all numbers."""
    two = st.tuples(parts, parts)
    one = parts
    return st.one_of(
        two.map(lambda p: f"({p[0]} + {p[1]})"),
        two.map(lambda p: f"({p[0]} - {p[1]})"),
        two.map(lambda p: f"({p[0]} * {p[1]})"),
        two.map(lambda p: f"({p[0]} / (1 + ({p[1]})**2))"),
        two.map(lambda p: f"max({p[0]}, {p[1]})"),
        two.map(lambda p: f"min({p[0]}, {p[1]})"),
        two.map(lambda p: f"hill({p[0]}, 0.5 + ({p[1]})**2, 1 + abs({p[0]}))"),
        two.map(lambda p: f"(0.2 + abs({p[0]}))**sin({p[1]})"),
        two.map(lambda p: f"piecewise({p[0]}, {p[1]} > 1 or not x < y and {p[0]} <= 2, x*y)"),
        one.map(lambda p: f"(-{p})"),
        one.map(lambda p: f"({p})**2"),
        one.map(lambda p: f"({p})**-3"),
        one.map(lambda p: f"(0.1 + ({p})**2)**1.7"),
        one.map(lambda p: f"sqrt(0.3 + ({p})**2)"),
        one.map(lambda p: f"exp(sin({p}))"),
        one.map(lambda p: f"log(0.7 + ({p})**2)"),
        one.map(lambda p: f"cos({p})*tan({p}/50)"),
        one.map(lambda p: f"atan({p})"),
        one.map(lambda p: f"asin(0.9*sin({p})) + acos(0.8*cos({p}))"),
        one.map(lambda p: f"floor({p})*x + ceil({p})"),
        one.map(lambda p: f"abs({p})"),
    )


TEXTS = st.recursive(st.sampled_from([*LEAVES, "2", "0.5", "3"]), joined, max_leaves=8)
NUMBERS = st.floats(-3.0, 3.0).filter(lambda value: abs(value) > 1e-3)


def slopes_of(
    text: str, symbol: str, values: dict[str, float], run: Callable[..., Any]
) -> tuple[float, float]:
    """The derivative as the graph computes it, and the largest number met on the way."""
    program = Program(MODEL)
    graph = Graph(program)
    node = Derivatives(graph, graph.leaf(*LEAVES[symbol])).of(graph.of(program.add(text)))
    found = run(graph, {LEAVES[name]: value for name, value in values.items()})
    return float(found[node]), float(np.nanmax(np.abs(np.array(found, dtype=float))))


@settings(max_examples=120)
@given(
    text=TEXTS,
    symbol=st.sampled_from([*LEAVES]),
    point=st.tuples(*[NUMBERS] * len(LEAVES)),
)
def test_derivatives_are_those_of_complex_steps(
    text: str,
    symbol: str,
    point: tuple[float, ...],
    reading: Callable[..., Any],
    graph_values: Callable[..., Any],
) -> None:
    values = dict(zip(LEAVES, point, strict=True))
    names = {name: np.complex128(value) for name, value in values.items()}
    names[symbol] = np.complex128(complex(values[symbol], STEP))
    expected = np.complex128(reading(names)(text)).imag / STEP
    assume(np.isfinite(expected))
    found, largest = slopes_of(text, symbol, values, graph_values)
    assume(largest < 1e6)
    assert abs(found - expected) <= 1e-10 * max(1.0, largest), (text, symbol, values)


@pytest.mark.parametrize(
    ("text", "symbol", "values", "expected"),
    [
        ("abs(x)", "x", {"x": 0.0}, 1.0),
        ("max(x, a)", "x", {"x": 2.0, "a": 2.0}, 1.0),
        ("max(a, x)", "x", {"x": 2.0, "a": 2.0}, 0.0),
        ("min(x, a)", "x", {"x": 2.0, "a": 2.0}, 1.0),
        ("piecewise(x, x > 0, 0)", "x", {"x": 0.0}, 0.0),
        ("floor(x)", "x", {"x": 2.0}, 0.0),
        ("ceil(3*x)", "x", {"x": 1.5}, 0.0),
        ("x**a", "x", {"x": 0.0, "a": 2.0}, 0.0),
        ("x**a", "x", {"x": 0.0, "a": 1.0}, 1.0),
        ("x**a", "x", {"x": -2.0, "a": 3.0}, 12.0),
        ("x**a", "x", {"x": -2.0, "a": 2.0}, -4.0),
        ("x**a", "a", {"x": 0.0, "a": 2.0}, 0.0),
        ("hill(x, a, 2)", "x", {"x": 0.0, "a": 1.0}, 0.0),
        ("hill(x, a, 2)", "x", {"x": -1.0, "a": 1.0}, 0.0),
        ("hill(x, a, 1)", "x", {"x": 0.0, "a": 4.0}, 0.25),
        ("hill(x, a, b)", "x", {"x": 0.0, "a": 4.0, "b": 1.0}, 0.25),
        ("hill(x, a, b)", "x", {"x": 0.0, "a": 4.0, "b": 0.5}, 0.5 * 1e3 / 4.0),
        ("hill(x, a, 4)", "x", {"x": 1e30, "a": 1.0}, 0.0),
    ],
)
def test_corners(
    text: str,
    symbol: str,
    values: dict[str, float],
    expected: float,
    graph_values: Callable[..., Any],
) -> None:
    """The side the value is taken from; powers of nothing have their limit."""
    point = dict.fromkeys(LEAVES, 1.0) | values
    found, _ = slopes_of(text, symbol, point, graph_values)
    assert abs(found - expected) <= 1e-12 * max(1.0, abs(expected))


@pytest.mark.parametrize("text", ["sqrt(x)", "x**0.5", "x**a", "asin(1 - x)", "acos(1 - x)"])
def test_infinite_slopes_are_zero_and_steep_ones_are_not(
    text: str, graph_values: Callable[..., Any]
) -> None:
    point = dict.fromkeys(LEAVES, 0.5)
    assert slopes_of(text, "x", point | {"x": 0.0}, graph_values)[0] == 0.0
    assert abs(slopes_of(text, "x", point | {"x": 1e-8}, graph_values)[0]) > 1e3


def test_what_does_not_depend_has_derivative_zero_as_a_number() -> None:
    program = Program(MODEL)
    graph = Graph(program)
    by_x = Derivatives(graph, graph.leaf("state", 0))
    for text in ("y*exp(a*y) + time", "a**b", "piecewise(y, x > 1, 2)*0 + y", "floor(x)"):
        assert graph.value_of(by_x.of(graph.of(program.add(text)))) == 0.0


def test_a_deep_expression_does_not_exhaust_the_stack() -> None:
    program = Program(MODEL)
    graph = Graph(program)
    node = graph.of(program.add("x"))
    for _ in range(2_000):
        node = graph.function("sin", node)
    slope = Derivatives(graph, graph.leaf("state", 0)).of(node)
    assert graph.value_of(slope) is None
