"""Derivatives of expressions against differences."""

import math

import numpy as np
import pytest

from progenitor.engine import Model, ModelParameter, Observable, ReactionSet, Rule, Species
from progenitor.engine._compile import compile_model
from progenitor.engine._expressions import parse, render
from progenitor.engine._partials import Partials

RULES = {"r": "x*y + a", "s": "r**2/b"}


def values_of(texts: list[str], point: dict[str, float]) -> np.ndarray:
    """Evaluate expressions of x and y (species), a and b (parameters)."""
    part = ReactionSet(
        "p",
        species=(Species("x", "1", nonnegative=False), Species("y", "1", nonnegative=False)),
        parameters=tuple(ModelParameter(name, "1") for name in ("a", "b")),
        rules=tuple(Rule(name, text, "1") for name, text in {**RULES, **EXTRA}.items()),
        observables=tuple(Observable(f"o{i}", text, "1") for i, text in enumerate(texts)),
    )
    model = Model.build("m", [part], time_unit="1")
    functions = compile_model(model).bind([point[p.name] for p in model.parameters])
    return np.array(functions.observables(0.0, [point["x"], point["y"]]), dtype=float)


EXTRA: dict[str, str] = {}


def slope_and_difference(text: str, symbol: str, point: dict[str, float]) -> tuple[float, float]:
    partials = Partials(
        symbol,
        {name: parse(rule) for name, rule in RULES.items()},
        {"x", "y"},
        lambda rule: f"{rule}_by",
    )
    found = partials.of(parse(text))
    EXTRA.clear()
    EXTRA.update({name: render(slope) for name, slope in partials.made.items()})
    exact = values_of(["0" if found is None else render(found)], point)[0]
    step = 1e-6
    up, down = (
        values_of([text], {**point, symbol: point[symbol] + sign * step})[0] for sign in (1, -1)
    )
    return exact, (up - down) / (2 * step)


POINT = {"x": 0.7, "y": 1.9, "a": 0.4, "b": 2.5}


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
def test_derivatives_agree_with_differences(text: str) -> None:
    for symbol in POINT:
        if symbol == "b" and ("floor" in text or "piecewise" in text):
            continue  # there the value jumps
        exact, difference = slope_and_difference(text, symbol, POINT)
        # Central differences of step 1e-6 are good to 1e-9 of sizes of order 1.
        assert exact == pytest.approx(difference, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hill(x, b, 1)", 1 / 2.5),
        ("hill(x, b, 2)", 0.0),
        ("hill(x, b, 1.5)", 0.0),
        ("hill(x, b, b - 1.5)", 1 / 2.5),
        ("hill(x, b, a)*b", None),
        ("x**1", 1.0),
        ("x**2", 0.0),
        ("x**(b - 1.5)", 1.0),
        ("x**b", 0.0),
        ("x**a", None),
        ("sqrt(x)*0", 0.0),
        ("x*y**a", 1.9**0.4),
        ("hill(b, x, 1)", -1 / 2.5),
        ("hill(b, x, 2)", 0.0),
        ("hill(b, x, a)", None),
    ],
)
def test_at_zero_derivatives_are_limits_and_never_undefined(
    text: str, expected: float | None
) -> None:
    exact, _ = slope_and_difference(text, "x", {**POINT, "x": 0.0})
    assert math.isfinite(exact)
    if expected is not None:
        assert exact == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("power", [1.0, 4.0, 25.0])
@pytest.mark.parametrize("amount", [1e-12, 1e-3, 1.0, 1e12])
def test_hill_slopes_do_not_overflow(power: float, amount: float) -> None:
    point = {"x": amount, "y": power, "a": 1.0, "b": 3.0}
    exact = [slope_and_difference("hill(x, b, y)", s, point)[0] for s in ("x", "b", "y")]
    ratio = (amount / 3.0) ** power if power * abs(np.log10(amount)) < 200 else np.inf
    both = ratio / (1 + ratio) ** 2 if np.isfinite(ratio) else 0.0
    expected = [power / amount * both, -power / 3.0 * both, np.log(amount / 3.0) * both]
    # 1 - h is exact to 1e-16 of 1, and it is multiplied by n/x.
    sizes = np.array([power / amount, power / 3.0, abs(np.log(amount / 3.0))])
    assert (np.abs(np.array(exact) - expected) <= 1e-13 * np.abs(expected) + 1e-15 * sizes).all()


def test_what_does_not_move_has_no_derivative() -> None:
    by_x = Partials("x", {"r": parse("a + b")}, {"x"}, lambda rule: f"{rule}_by")
    assert by_x.of(parse("a*r + piecewise(a, b > 1, 2)*hill(a, b, 2)")) is None
    assert by_x.made == {}
