"""Which models renew themselves, are linear or change with time."""

import pytest

from progenitor.engine import (
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.engine._renewal import changes_with_time, is_linear, renewals

PLAIN = [ModelParameter(name, "1") for name in ("a", "b", "n")]


def model(
    rate: str,
    *,
    rule: str = "a",
    signed: bool = False,
    reactants: dict[str, int] | None = None,
    shown: str = "x",
) -> Model:
    part = ReactionSet(
        "m",
        species=(Species("x", "1", nonnegative=not signed), Species("y", "1")),
        parameters=tuple(PLAIN),
        rules=(Rule("r", rule, "1"),),
        reactions=(Reaction("making", rate, reactants or {}, {"x": 2}),),
        observables=(Observable("x", shown, "1"),),
    )
    return Model.build("m", [part], time_unit="1")


@pytest.mark.parametrize(
    "rate",
    [
        "x",
        "a*x",
        "a*x*(1 - x/b)",
        "y*x/(a + x)",
        "hill(x, a, n)",
        "a*x**n",
        "a - b/(1 + x)",
        "exp(x)",
        "a*r",
        "piecewise(a, x > b, 0)",
        "max(a, x)",
        "-a*(b - x)",
        "sqrt(x)",
        "a/exp(-x)",
        "abs(x)",
        "abs(a - x)",
        "a*exp(b - x)*x",
        "sin(x)",
    ],
)
def test_what_rises_with_itself_renews_itself(rate: str) -> None:
    found = renewals(model(rate, rule="x*y"))
    assert [str(one) for one in found] == ["reaction 'making' makes 'x' from 'x'"]


@pytest.mark.parametrize(
    "rate",
    [
        "a",
        "a*y",
        "a*b/(b + x)",
        "a*(1 - hill(x, b, n))",
        "a*(1 - hill(y, b, n))",
        "a/(1 + (x/b)**n)",
        "a*exp(-b*x)",
        "a*min(b, -x)*y",
        "piecewise(a, y > b, 0)",
        "hill(b, x, n)",
        "a - b*x",
        "r*y",
        "y*sin(a)",
        "a - sqrt(x)",
        "a/exp(x)",
    ],
)
def test_what_does_not_rise_with_itself_does_not(rate: str) -> None:
    assert renewals(model(rate, rule="a/(b + x)")) == ()


def test_a_reactant_that_is_left_in_greater_number_renews_itself() -> None:
    assert len(renewals(model("a/(1 + x)", reactants={"x": 1}))) == 1
    assert renewals(model("a*x", reactants={"x": 3})) == ()


def test_signs_matter() -> None:
    assert renewals(model("a*b/(b + x)"), negative=["b"]) != ()
    assert renewals(model("a*b/(b + x)"), negative=["n"]) == ()
    assert renewals(model("a/(1 + x**2)", signed=True)) != ()


@pytest.mark.parametrize(
    ("rate", "linear"),
    [
        ("a*x", True),
        ("a*x - b*y/n", True),
        ("-x*r", True),
        ("0*a + x", True),
        ("piecewise(x, a > b, y)", True),
        ("piecewise(x, a > b, 0)", True),
        ("a", False),
        ("a + x", False),
        ("x*y", False),
        ("a/x", False),
        ("x*y/(x + y)", False),
        ("piecewise(x, x > b, y)", False),
        ("piecewise(x, a > b, 1)", False),
        ("max(x, y)", False),
        ("x**2", False),
        ("hill(a, b, n)*y", True),
        ("hill(x, b, n)*y", False),
    ],
)
def test_linear_models_are_told(rate: str, *, linear: bool) -> None:
    assert is_linear(model(rate, rule="a*b**n")) == linear


def test_time_is_found_through_rules() -> None:
    assert not changes_with_time(model("a*y", rule="time"))
    assert changes_with_time(model("r*y", rule="a + time"))
    assert changes_with_time(model("a", shown="x*r", rule="time"))
