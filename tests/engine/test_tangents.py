"""Tangents of expressions against differences with complex steps and plain ones."""

import math

import numpy as np
import pytest

from progenitor.engine import Model, ModelParameter, Observable, ReactionSet, Rule, Species
from progenitor.engine._compile import compile_model
from progenitor.engine._expressions import parse, render
from progenitor.engine._tangents import Tangents

RULES = {"r": "x*y + a", "s": "r**2/b"}


def values_of(texts: list[str], point: dict[str, float]) -> np.ndarray:
    """Evaluate expressions of x, y (species), a, b and directions (parameters)."""
    part = ReactionSet(
        "p",
        species=(Species("x", "1", nonnegative=False), Species("y", "1", nonnegative=False)),
        parameters=tuple(ModelParameter(name, "1") for name in ("a", "b", "dx", "dy", "da")),
        rules=tuple(Rule(name, text, "1") for name, text in {**RULES, **EXTRA}.items()),
        observables=tuple(Observable(f"o{i}", text, "1") for i, text in enumerate(texts)),
    )
    model = Model.build("m", [part], time_unit="1")
    functions = compile_model(model).bind([point[p.name] for p in model.parameters])
    return np.array(functions.observables(0.0, [point["x"], point["y"]]), dtype=float)


EXTRA: dict[str, str] = {}


def tangent_and_difference(text: str, point: dict[str, float]) -> tuple[float, float]:
    tangents = Tangents(
        {"x": "dx", "y": "dy", "a": "da"},
        {name: parse(rule) for name, rule in RULES.items()},
        {"x", "y"},
        lambda rule: f"moved_{rule}",
    )
    found = tangents.of(parse(text))
    EXTRA.clear()
    EXTRA.update({name: render(tangent) for name, tangent in tangents.made.items()})
    exact = values_of(["0" if found is None else render(found)], point)[0]
    step = 1e-6
    sides = []
    for sign in (1, -1):
        moved = dict(point)
        for name in ("x", "y", "a"):
            moved[name] += sign * step * point[f"d{name}"]
        sides.append(values_of([text], moved)[0])
    return exact, (sides[0] - sides[1]) / (2 * step)


POINT = {"x": 0.7, "y": 1.9, "a": 0.4, "b": 2.5, "dx": 0.3, "dy": -1.1, "da": 0.8}


@pytest.mark.parametrize(
    "text",
    [
        "3",
        "b",
        "x",
        "-x + y - a",
        "x*y*a*b",
        "x/y",
        "a/(x + y)",
        "(x + y)**1",
        "(x + y)**2",
        "(x - y)**3",
        "x**-2",
        "x**0.5",
        "x**2.5",
        "x**a",
        "b**x",
        "(x*y)**(a + y)",
        "hill(x, y, a)",
        "hill(x, b, 1)",
        "hill(x, b, 4)",
        "hill(y, x, 2.5)",
        "hill(b, a, x)",
        "exp(x*y)",
        "log(x + a)",
        "sqrt(x*y)",
        "abs(x - y)",
        "abs(y - x)",
        "max(x, y)",
        "min(x*y, a)",
        "piecewise(x*y, b > 1, a)",
        "piecewise(x*y, b < 1, a)",
        "piecewise(b, b < 1, 2)",
        "sin(x)*cos(y)*tan(a)",
        "asin(a)*acos(x)*atan(y)",
        "s*r + x",
        "r*floor(b)*ceil(b)",
        "time*x",
    ],
)
def test_tangents_agree_with_differences(text: str) -> None:
    exact, difference = tangent_and_difference(text, POINT)
    # Central differences of step 1e-6 are good to 1e-9 of sizes of order 1.
    assert exact == pytest.approx(difference, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hill(x, b, 1)", 0.3 / 2.5),
        ("hill(x, b, 2)", 0.0),
        ("hill(x, b, 1.5)", 0.0),
        ("hill(x, b, a)*b", None),
        ("x**1", 0.3),
        ("x**2", 0.0),
        ("x**(b - 1.5)", 0.3),
        ("x**b", 0.0),
        ("sqrt(x)*0", 0.0),
        ("x*y**a", 0.3 * 1.9**0.4),
        ("hill(b, x, 2)", 0.0),
        ("hill(b, x, a)", None),
        ("hill(b, x, 1)", -0.3 / 2.5),
    ],
)
def test_at_zero_tangents_are_limits_and_never_undefined(text: str, expected: float | None) -> None:
    exact, _ = tangent_and_difference(text, {**POINT, "x": 0.0})
    assert math.isfinite(exact)
    if expected is not None:
        assert exact == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_what_does_not_move_has_no_tangent() -> None:
    tangents = Tangents({"x": "dx"}, {"r": parse("a + b")}, {"x"}, lambda rule: f"d{rule}")
    assert tangents.of(parse("a*r + piecewise(a, b > 1, 2)*hill(a, b, 2)")) is None
    assert tangents.made == {}
