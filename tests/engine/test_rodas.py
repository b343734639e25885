r"""The step's coefficients satisfy the order conditions, and the machine code's step has its order.

A Rosenbrock method has order p when :math:`\sum_i b_i \Phi_i(t) = 1/\gamma(t)` for every rooted
tree t of at most p nodes; in Φ a node with one branch takes :math:`\beta = \alpha + \Gamma`, one
with several takes α (Hairer & Wanner, Solving Ordinary Differential Equations II, section IV.7).
The coefficients in use are transformed: :math:`C = I/\gamma - \Gamma^{-1}`, :math:`a = \alpha
\Gamma^{-1}`, :math:`m = b \Gamma^{-1}`.
"""

import ctypes
import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from progenitor.engine import Model, ModelParameter, Observable, Reaction, ReactionSet, Species
from progenitor.engine._kernels import Kernels, compile_kernels
from progenitor.engine._rodas import DENSE, GAMMA, INCREMENTS, NODES, SLOPES, STAGES, TIME

Tree = tuple["Tree", ...]


def filled(rows: tuple[tuple[float, ...], ...]) -> np.ndarray:
    table = np.zeros((STAGES, STAGES))
    for i, row in enumerate(rows):
        table[i, : len(row)] = row
    return table


A, C = filled(INCREMENTS), filled(SLOPES)
INNER = np.linalg.inv(np.eye(STAGES) / GAMMA - C)
ALPHA = A @ INNER
BETA = ALPHA + INNER
LAST = np.eye(STAGES)[STAGES - 1]


def trees(nodes: int, most: int | None = None) -> list[Tree]:
    """Every rooted tree of some nodes: each once, branches in descending order."""
    return [tuple(branches) for branches in forests(nodes - 1, nodes - 1 if most is None else most)]


def forests(nodes: int, largest: int, before: Tree | None = None) -> list[list[Tree]]:
    if nodes == 0:
        return [[]]
    found = []
    for size in range(min(nodes, largest), 0, -1):
        for tree in trees(size):
            if before is None or (size, repr(tree)) <= (order(before), repr(before)):
                found += [[tree, *rest] for rest in forests(nodes - size, size, tree)]
    return found


def order(tree: Tree) -> int:
    return 1 + sum(order(branch) for branch in tree)


def density(tree: Tree) -> int:
    return order(tree) * math.prod(density(branch) for branch in tree)


def weights(tree: Tree) -> np.ndarray:
    matrix = BETA if len(tree) == 1 else ALPHA
    answer = np.ones(STAGES)
    for branch in tree:
        answer = answer * (matrix @ weights(branch))
    return answer


def defect(m: np.ndarray, tree: Tree, theta: float = 1.0) -> float:
    return abs((m @ INNER) @ weights(tree) - theta ** order(tree) / density(tree))


def test_there_are_as_many_trees_as_the_books_say() -> None:
    assert [len(trees(nodes)) for nodes in range(1, 6)] == [1, 1, 2, 4, 9]


def test_the_step_has_order_five_and_its_companion_four() -> None:
    step, companion = A[STAGES - 1] + LAST, A[STAGES - 1]
    for nodes in range(1, 6):
        assert all(defect(step, tree) < 1e-12 for tree in trees(nodes))
    for nodes in range(1, 5):
        assert all(defect(companion, tree) < 1e-12 for tree in trees(nodes))
    assert max(defect(companion, tree) for tree in trees(5)) > 1e-4


@pytest.mark.parametrize("theta", [0.1, 0.37, 0.5, 0.81, 1.0])
def test_the_dense_output_has_order_four(theta: float) -> None:
    one, two, three = np.array(DENSE)
    m = theta * (A[STAGES - 1] + LAST)
    m = m + theta * (1 - theta) * (one + theta * (two + theta * three))
    for nodes in range(1, 5):
        assert all(defect(m, tree, theta) < 1e-12 for tree in trees(nodes))


def test_times_belong_to_the_stages() -> None:
    assert np.abs(ALPHA.sum(axis=1) - NODES).max() < 1e-13
    assert np.abs(INNER.sum(axis=1) - TIME).max() < 1e-13


# The step of the machine code, eight lanes with eight step sizes

SIZES = 2.0 ** -np.arange(1.0, 9.0)


def compiled(rates: Mapping[str, str]) -> Kernels:
    part = ReactionSet(
        "p",
        species=tuple(Species(name, "1", nonnegative=False) for name in rates),
        parameters=(ModelParameter("k", "1"),),
        reactions=tuple(Reaction(f"r_{n}", rate, {}, {n: 1.0}) for n, rate in rates.items()),
        observables=tuple(Observable(name, name, "1") for name in rates),
    )
    return compile_kernels(Model.build("m", [part], time_unit="1"), lanes=8)


def steps(
    kernels: Kernels, start: float, values: np.ndarray, sizes: np.ndarray, count: int, k: float
) -> Callable[[float], np.ndarray]:
    """Take steps in every lane; return the course of the last one and the error it reports."""
    table, at = kernels.workspace(), kernels.layout

    def call(name: str) -> None:
        ctypes.CFUNCTYPE(None, ctypes.c_int64)(kernels.addresses[name])(table.ctypes.data)

    size = len(values)
    table[at.parameters] = k
    call("statics")
    table[at.new : at.new + size] = values[:, None]
    table[at.relative], table[at.tolerances : at.tolerances + size] = 0.0, 1.0
    table[at.floors : at.floors + size] = 1e30
    for turn in range(count):
        table[at.values : at.values + size] = table[at.new : at.new + size]
        table[at.time], table[at.step] = start + turn * sizes, sizes
        table[at.early], table[at.late] = table[at.time], table[at.time] + sizes
        call("step")
    call("dense")

    def course(theta: float) -> np.ndarray:
        if theta == 1.0:
            return table[at.new : at.new + size].copy()
        table[at.theta] = theta
        call("between")
        return table[at.at : at.at + size].copy()

    return course


def slope(sizes: np.ndarray, errors: np.ndarray) -> float:
    """Order seen: without the largest size, and errors that rounding may have made."""
    clear = np.flatnonzero(errors > 2e-13)[1:]
    return float(np.polyfit(np.log(sizes[clear]), np.log(errors[clear]), 1)[0])


CASES: Mapping[str, tuple[Mapping[str, str], Callable[[np.ndarray], np.ndarray]]] = {
    "logistic growth": (
        {"y": "y*(1 - y)"},
        lambda t: np.stack([1 / (1 + 4 * np.exp(-t))]),
    ),
    "a rate that changes with time": (
        {"y": "y*cos(3*time)"},
        lambda t: np.stack([np.exp(np.sin(3 * t) / 3)]),
    ),
    "two that drive each other": (
        {"x": "y", "y": "-x + piecewise(0, x > 1e6, 0)"},
        lambda t: np.stack([np.sin(t), np.cos(t)]),
    ),
    "a power": ({"y": "-y**1.5"}, lambda t: np.stack([1 / (1 + t / 2) ** 2])),
    "saturation": (  # of z = y + 1: z' = z/(1 + z) with z + log z = t + 1 + log 1
        {"y": "hill(y + 1, 1, 1)"},
        lambda t: np.stack([_lambert(t)]),
    ),
}


def _lambert(t: np.ndarray) -> np.ndarray:
    z = np.ones_like(t)
    for _ in range(60):
        z = z - (z + np.log(z) - t - 1) / (1 + 1 / z)
    return z - 1


@pytest.mark.parametrize("case", CASES)
def test_one_step_of_the_machine_code_has_its_order(case: str) -> None:
    """A local error falls with one power more than a method's order."""
    rates, exact = CASES[case]
    kernels = compiled(rates)
    start = exact(np.zeros(1))[:, 0]
    course = steps(kernels, 0.0, start, SIZES, 1, 1.0)
    for theta, expected in ((1.0, 6.0), (0.3, 5.0), (0.77, 5.0)):
        errors = np.abs(course(theta) - exact(theta * SIZES)).max(axis=0)
        assert slope(SIZES, errors) > expected - 0.75, (theta, errors)


def test_the_order_of_many_steps_is_five() -> None:
    kernels = compiled({"y": "y*cos(3*time)"})
    sizes = 1.0 / 2.0 ** np.arange(3, 7)
    errors = []
    for size in sizes:
        course = steps(kernels, 0.0, np.ones(1), np.full(8, size), round(1 / size), 1.0)
        errors.append(abs(course(1.0)[0, 0] - math.exp(math.sin(3.0) / 3)))
    assert 4.6 < slope(sizes, np.array(errors)) < 6.0


def test_a_stiff_problem_keeps_order_four() -> None:
    """Prothero & Robinson: y' = −k(y − sin t) + cos t, y = sin t; other methods fall to order 1.

    Steinebach (2023) constructed the method so that order 4 is kept, whatever k is.
    """
    kernels = compiled({"y": "-k*(y - sin(time)) + cos(time)"})
    sizes = 1.0 / 2.0 ** np.arange(1, 6)
    worst = []
    for size in sizes:
        errors = []
        for k in 10.0 ** np.arange(0, 10):
            course = steps(kernels, 0.0, np.zeros(1), np.full(8, size), round(2 / size), k)
            errors.append(abs(course(1.0)[0, 0] - math.sin(2.0)))
        worst.append(max(errors))
    assert worst[0] < 1e-4
    assert math.log(worst[0] / worst[-1]) / math.log(sizes[0] / sizes[-1]) > 3.8


@pytest.mark.parametrize("k", [1e2, 1e6, 1e12])
def test_infinitely_fast_decay_ends_at_once(k: float) -> None:
    """Stiff accuracy: the growth of a step vanishes where its rate is infinite."""
    course = steps(compiled({"y": "-k*y"}), 0.0, np.ones(1), np.ones(8), 1, k)
    assert np.abs(course(1.0)).max() < 100.0 / k
