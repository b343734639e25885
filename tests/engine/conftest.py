"""A short way to solve a small model in some patients, and plain readings of its arithmetic."""

import importlib.util
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from progenitor.engine import Dose, Model, ReactionSet, SolverOptions, Trajectories, simulate
from progenitor.engine._expressions import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Logic,
    Name,
    Negative,
    Number,
    parse,
)
from progenitor.engine._graph import Graph

Solve = Callable[..., Trajectories]


@pytest.fixture(scope="session")
def solve() -> Solve:
    def run(
        part: ReactionSet,
        times: Sequence[float],
        parameters: Mapping[str, float | Sequence[float]] | None = None,
        *,
        patients: int = 1,
        doses: Sequence[tuple[str, float, float]] = (),
        options: SolverOptions | None = None,
        seed: int = 1,
    ) -> Trajectories:
        values = {
            k: np.broadcast_to(v, patients).astype(float) for k, v in (parameters or {}).items()
        }
        return simulate(
            Model.build(part.name, [part]),
            values,
            times=np.tile(np.array(times, dtype=float), (patients, 1)),
            doses=[Dose(s, np.full(patients, t), np.full(patients, a)) for s, t, a in doses],
            seed=seed,
            draw=np.zeros(patients, int),
            patient=np.arange(patients),
            options=options or SolverOptions(),
        )

    return run


@pytest.fixture(scope="session")
def cart22() -> Model:
    """The 22-state benchmark, reporting every species."""
    file = Path(__file__).parents[2] / "benchmarks" / "cart22" / "_problem.py"
    specification = importlib.util.spec_from_file_location("cart22_problem", file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    model: Model = module.model("all")
    return model


class Reading:
    """A plain recursive reading of expressions, in real or complex numbers.

    A complex step, x + 1e-30i, leaves the derivative of an expression in the imaginary part, exact
    to rounding; no difference is taken.
    """

    def __init__(self, names: Mapping[str, Any], rules: Mapping[str, str] | None = None) -> None:
        self._names = dict(names)
        self._rules = rules or {}

    def __call__(self, text: str) -> Any:
        with np.errstate(all="ignore"):
            return self.of(parse(text))

    def of(self, expression: Expression) -> Any:
        match expression:
            case Number(value):
                return np.float64(value)
            case Name(name):
                if name not in self._names:
                    self._names[name] = self.of(parse(self._rules[name]))
                return self._names[name]
            case Negative(operand):
                return -self.of(operand)
            case Arithmetic(operator, left, right) | Comparison(operator, left, right):
                return self._join(operator, self.of(left), self.of(right))
            case Logic("not", (operand,)):
                return not self.of(operand)
            case Logic(operator, operands):
                return (all if operator == "and" else any)(self.of(part) for part in operands)
            case Call(function, arguments):
                return self._call(function, [self.of(argument) for argument in arguments])

    def _join(self, operator: str, a: Any, b: Any) -> Any:
        match operator:
            case "+":
                return a + b
            case "-":
                return a - b
            case "*":
                return a * b
            case "/":
                return a / b
            case "**":
                return np.power(a, b)
            case "<":
                return bool(a.real < b.real)
            case "<=":
                return bool(a.real <= b.real)
            case ">":
                return bool(a.real > b.real)
            case _:
                return bool(a.real >= b.real)

    def _call(self, function: str, given: list[Any]) -> Any:
        match function, given:
            case "piecewise", [value, condition, otherwise]:
                return value if condition else otherwise
            case "hill", [amount, half, exponent]:
                if amount.real <= 0:
                    return np.float64(0.0)
                return 1 / (1 + np.power(half / amount, exponent))
            case "max", [a, b]:
                return a if a.real >= b.real or math.isnan(a.real) else b
            case "min", [a, b]:
                return a if a.real <= b.real or math.isnan(a.real) else b
            case "abs", [a]:
                return a if a.real >= 0 or math.isnan(a.real) else -a
            case (("floor" | "ceil"), [a]):
                return getattr(np, function)(a.real)
            case _:
                name = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}.get(
                    function, function
                )
                return getattr(np, name)(*given)


@pytest.fixture(scope="session")
def reading() -> type[Reading]:
    return Reading


def run_graph(graph: Graph, leaves: Mapping[tuple[str, int], float]) -> list[Any]:
    """Every node of a graph, one after another, in IEEE arithmetic."""
    found: list[Any] = []
    with np.errstate(all="ignore"):
        for operation in graph.nodes:
            v = [found[operand] for operand in operation.operands]
            match operation.name:
                case "number":
                    value: Any = np.float64(operation.value)
                case "+" | "-" | "*" | "/" | "<" | "<=" | ">" | ">=" as sign:
                    value = OPERATORS[sign](v[0], v[1])
                case "negative":
                    value = -v[0]
                case "reciprocal":
                    value = np.float64(1.0) / v[0]
                case "select":
                    value = v[1] if v[0] else v[2]
                case "not":
                    value = not v[0]
                case "hill":
                    value = np.float64(0.0) if v[1] <= 0 else v[0]
                case "signed_power":
                    value = np.power(v[1], v[2])
                case "max" | "min" | "abs" | "floor" | "ceil" as name:
                    value = Reading({})._call(name, v)
                case "and" | "or" as name:
                    value = (all if name == "and" else any)(v)
                case name if operation.operands:
                    value = Reading({})._call(name, v)
                case name:
                    value = np.float64(leaves[name, operation.position])
            found.append(value)
    return found


OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide,
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


@pytest.fixture(scope="session")
def graph_values() -> Callable[[Graph, Mapping[tuple[str, int], float]], list[Any]]:
    return run_graph
