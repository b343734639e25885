"""Algebraic rules that can be solved are; whatever cannot be simulated is refused by name."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from progenitor.errors import InputError, UnsupportedModelError
from progenitor.interop import read_sbml

Write = Any
Course = Callable[..., Mapping[str, np.ndarray]]
CELL = "<listOfCompartments><compartment id='C' size='2' constant='true'/></listOfCompartments>"


def algebraic(*formulas: str) -> str:
    return "".join(f"<algebraicRule>[[{formula}]]</algebraicRule>" for formula in formulas)


def test_what_nothing_else_determines_is_solved_for(sbml: Write, course: Course) -> None:
    """Total: [A] + [B] = 10, while A decays; the unknown is a species."""
    text = sbml(
        CELL
        + sbml.species("A initialAmount='6'", "B initialAmount='1'")
        + sbml.parameters(total="10")
        + f"<listOfRules>{algebraic('total - A - B')}</listOfRules>"
        + sbml.reactions(sbml.reaction("J", "2*A", "A"))
    )
    found = course(text, [0, 1])
    assert found["B"] == pytest.approx([7, 10 - 3 / np.e], rel=1e-8)
    assert found["amount(B)"][0] == pytest.approx(14, rel=1e-12)


def test_coupled_rules_are_solved_together(sbml: Write, course: Course) -> None:
    """x + y = t, x − y = r with r = 3·z, and z = y − 1: y = (t + 3)/5, and so on."""
    text = sbml(
        sbml.parameters(x="!", y="!", z="!", r="!")
        + "<listOfRules>"
        + algebraic("x + y - time", "x - y - r", "z - y + 1")
        + "<assignmentRule variable='r'>[[3*z]]</assignmentRule></listOfRules>"
    )
    times = np.array([0.0, 2, 7])
    found = course(text, times)
    y = (times + 3) / 5
    assert found["y"] == pytest.approx(y, rel=1e-12)
    assert found["x"] == pytest.approx(times - y, rel=1e-12)
    assert found["z"] == pytest.approx(y - 1, abs=1e-12)


def test_a_factor_may_change(sbml: Write, course: Course) -> None:
    """k·x = 4 with k' = 1 from 2, and an event that sets k."""
    rules = f"{algebraic('k*x - 4')}<rateRule variable='k'>[[1]]</rateRule>"
    text = sbml(
        sbml.parameters(x="!", k="2!")
        + f"<listOfRules>{rules}</listOfRules>"
        + sbml.events(sbml.event("time >= 3", k="1"))
    )
    assert course(text, [0, 2, 3])["x"] == pytest.approx([2, 1, 4], rel=1e-9)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("x*x - p", "algebraic rule 1: is not linear in x"),
        ("exp(x) - p", "is not linear in x"),
        ("piecewise(1, x > 2, x) - p", "is not linear in x"),
        ("floor(x) + x - p", "is not linear in x"),
        ("p - 3", "determines nothing"),
    ],
)
def test_algebraic_rules_that_cannot_be_solved(sbml: Write, formula: str, told: str) -> None:
    rules = f"<listOfRules>{algebraic(formula)}</listOfRules>"
    with pytest.raises(UnsupportedModelError, match=told):
        read_sbml(sbml(sbml.parameters(x="!", p="3") + rules))


def test_everything_is_named_at_once(sbml: Write) -> None:
    fast = "fast='true'"
    bare = "<reaction id='Bare' reversible='false' fast='false'>"
    bare += "<listOfProducts><speciesReference species='A' constant='true'/></listOfProducts>"
    text = sbml(
        CELL
        + sbml.species("A initialAmount='6'", "B initialAmount='1'", "D initialAmount='1'")
        + sbml.parameters(x="1!", y="1!")
        + sbml.rules(y_dot="-delay(y, 1)")
        + sbml.reactions(
            sbml.reaction("Quick", "2*A", "A", "B", fast),
            sbml.reaction("Swift", "2*B", "B", "A", fast),
            bare + "</reaction>",
        ),
        version=1,
    )
    with pytest.raises(UnsupportedModelError) as told:
        read_sbml(text)
    for piece in (
        "Quick: is a fast reaction",
        "Swift: is a fast reaction",
        "Bare: is a reaction without a kinetic law",
        "is a delay differential equation: y depends on its own past",
    ):
        assert piece in str(told.value)
    assert len(told.value.problems) == 4


def test_what_is_determined_twice_is_refused(sbml: Write) -> None:
    text = sbml(
        CELL
        + sbml.species("A initialAmount='6'", "B initialAmount='6'")
        + sbml.parameters(x="1!")
        + sbml.rules(A="2", B_dot="1", x="3", x_dot="1")
        + sbml.reactions(sbml.reaction("J", "1", "A", "B"))
        + sbml.events(sbml.event("time > 1", x="3", nobody="1"))
    )
    with pytest.raises(UnsupportedModelError) as told:
        read_sbml(text)
    for piece in (
        "A: is determined by an assignment rule and reactions",
        "B: is determined by a rate rule and reactions",
        "x: is determined by an assignment rule and a rate rule",
        "x: is determined by an assignment rule and events",
        "nobody: is given a value but does not exist",
    ):
        assert piece in str(told.value)


def test_rules_in_a_circle_are_refused(sbml: Write) -> None:
    text = sbml(sbml.parameters(a="!", b="!") + sbml.rules(a="b + 1", b="a + 1"))
    with pytest.raises(InputError, match=r"circle|depends on itself"):
        read_sbml(text)


def test_flux_balance_is_refused(sbml: Write) -> None:
    space = "http://www.sbml.org/sbml/level3/version1/fbc/version1"
    objective = (
        "<fbc:listOfObjectives fbc:activeObjective='most'><fbc:objective fbc:id='most' "
        "fbc:type='maximize'><fbc:listOfFluxObjectives><fbc:fluxObjective fbc:reaction='J' "
        "fbc:coefficient='1'/></fbc:listOfFluxObjectives></fbc:objective></fbc:listOfObjectives>"
    )
    body = CELL + sbml.species("A initialAmount='1'")
    body += sbml.reactions(sbml.reaction("J", "1", "A", extra="fast='false'"))
    text = sbml(body + objective, version=1, extra=f"xmlns:fbc='{space}' fbc:required='false'")
    with pytest.raises(UnsupportedModelError, match="most: is flux balance"):
        read_sbml(text)


def test_formulas_may_be_absent_only_from_level_3_version_2(sbml: Write, course: Course) -> None:
    """There an element without a formula counts as absent itself."""
    body = sbml.parameters(p="3!") + "<listOfRules><rateRule variable='p'/></listOfRules>"
    assert course(sbml(body), [0, 1])["p"].tolist() == [3, 3]
    with pytest.raises(InputError):
        read_sbml(sbml(body, version=1))


def test_units_of_early_level_2_laws_are_refused(sbml: Write) -> None:
    text = sbml(
        "<listOfCompartments><compartment id='C' size='1'/></listOfCompartments>"
        "<listOfSpecies><species id='A' compartment='C' initialAmount='1'/></listOfSpecies>"
        "<listOfReactions><reaction id='J'><listOfReactants><speciesReference species='A'/>"
        "</listOfReactants><kineticLaw timeUnits='hour' substanceUnits='substance'>"
        "[[1]]</kineticLaw></reaction></listOfReactions>",
        level=2,
        version=1,
    ).replace("/level2/version1", "/level2")
    with pytest.raises(UnsupportedModelError, match="the kinetic law is in its own unit of time"):
        read_sbml(text)
