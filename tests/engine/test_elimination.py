"""Symbolic elimination against dense solutions of the same systems."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progenitor.engine import Model, ReactionSet, Species, stream
from progenitor.engine._elimination import Factors, eliminate
from progenitor.engine._graph import Graph
from progenitor.engine._program import Program

MODEL = Model.build("m", [ReactionSet("p", species=(Species("x", "1"),))])


def solved(factors: Factors, values: list[Any], right: np.ndarray) -> np.ndarray:
    """Forward and backward substitution, as a step does it."""
    x = right.astype(float).copy()
    for pivot in factors.order:
        for row, node in factors.lower[pivot]:
            x[row] -= values[node] * x[pivot]
    for pivot in reversed(factors.order):
        for column, node in factors.upper[pivot]:
            x[pivot] -= values[node] * x[column]
        x[pivot] *= values[factors.pivots[pivot]]
    return x


def factorised(
    places: list[tuple[int, int]], size: int
) -> tuple[Graph, Factors, dict[tuple[int, int], int]]:
    """Factors of shift·I − J with a leaf for each entry of J."""
    graph = Graph(Program(MODEL))
    jacobian = {place: graph.leaf("parameter", n) for n, place in enumerate(places)}
    return graph, eliminate(graph, size, jacobian), jacobian


@st.composite
def systems(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]], int]:
    """A size, which entries are there, and a seed."""
    size = draw(st.integers(1, 12))
    every = [(i, j) for i in range(size) for j in range(size)]
    places = draw(st.lists(st.sampled_from(every), unique=True, max_size=4 * size))
    return size, places, draw(st.integers(0, 2**31))


@settings(max_examples=200)
@given(systems())
def test_factors_solve_random_sparse_systems(
    graph_values: Callable[..., Any], system: tuple[int, list[tuple[int, int]], int]
) -> None:
    """Within what the conditioning of a dominant diagonal allows."""
    size, places, seed = system
    graph, factors, _ = factorised(places, size)
    generator = stream(seed, "system", draw=0, patient=0)
    entries, right = generator.normal(size=len(places)), generator.normal(size=size)
    dense = np.zeros((size, size))
    for (i, j), value in zip(places, entries, strict=True):
        dense[i, j] = value
    shift = 1.5 + np.abs(dense).sum(axis=1).max()
    leaves = {("parameter", n): value for n, value in enumerate(entries)} | {("shift", -1): shift}
    found = solved(factors, graph_values(graph, leaves), right)
    expected = np.linalg.solve(shift * np.eye(size) - dense, right)
    assert np.abs(found - expected).max() <= 1e-13 * max(1.0, np.abs(expected).max())


def test_arrows_are_eliminated_without_filling_in() -> None:
    """A hub that all species feed: Markowitz' order leaves it to the end, and nothing fills in."""
    size = 20
    places = [(0, j) for j in range(1, size)] + [(i, 0) for i in range(1, size)]
    _, factors, _ = factorised(places, size)
    assert factors.order[-2:] in ((0, size - 1), (size - 1, 0))
    stored = sum(len(rows) for part in (factors.lower, factors.upper) for rows in part.values())
    assert stored == len(places)


def test_chains_need_one_product_a_link() -> None:
    size = 15
    places = [(i + 1, i) for i in range(size - 1)]
    _, factors, _ = factorised(places, size)
    assert sum(len(rows) for rows in factors.lower.values()) <= size - 1
    assert sum(len(rows) for rows in factors.upper.values()) <= size - 1


def test_the_order_is_always_the_same() -> None:
    """Machine code and results of a model must not depend on the order of a dictionary."""
    places = [(0, 1), (1, 2), (2, 0), (3, 1), (1, 3), (2, 2)]
    one = factorised(places, 4)[1]
    other = factorised(places[::-1], 4)[1]
    assert one.order == other.order
    assert {k: [r for r, _ in v] for k, v in one.lower.items()} == {
        k: [r for r, _ in v] for k, v in other.lower.items()
    }


@pytest.mark.parametrize("size", [1, 2, 5])
def test_without_a_jacobian_the_matrix_is_the_shift(
    graph_values: Callable[..., Any], size: int
) -> None:
    graph, factors, _ = factorised([], size)
    found = solved(factors, graph_values(graph, {("shift", -1): 4.0}), np.ones(size))
    assert found.tolist() == [0.25] * size
    assert len(factors.nodes) == 1
