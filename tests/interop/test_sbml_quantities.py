"""Amounts, concentrations, compartments and stoichiometries mean what SBML says they mean."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from progenitor.errors import UnsupportedModelError
from progenitor.interop import read_sbml
from progenitor.interop._course import columns_of

Write = Any
Course = Callable[..., Mapping[str, np.ndarray]]

CELL = '<listOfCompartments><compartment id="C" size="2" constant="true"/></listOfCompartments>'
GROWING = '<listOfCompartments><compartment id="C" size="2" constant="false"/></listOfCompartments>'


def test_a_law_changes_amounts_and_sees_concentrations(sbml: Write, course: Course) -> None:
    """A' = −C·k·[A] with C = 2 and k = 1: [A] = 3·exp(−t), and B gets what A loses."""
    text = sbml(
        CELL
        + sbml.species("A initialConcentration='3'", "B initialAmount='1'")
        + sbml.parameters(k="1")
        + sbml.reactions(sbml.reaction("J", "C*k*A", "A", "B"))
    )
    found = course(text, [0, 1, 2])
    assert found["A"] == pytest.approx(3 * np.exp([0, -1, -2]), rel=1e-8)
    assert found["amount(A)"] == pytest.approx(6 * np.exp([0, -1, -2]), rel=1e-8)
    assert found["amount(B)"] + found["amount(A)"] == pytest.approx([7, 7, 7], rel=1e-10)
    assert found["J"] == pytest.approx(6 * np.exp([0, -1, -2]), rel=1e-8)


def test_substance_units_mean_amounts(sbml: Write, course: Course) -> None:
    text = sbml(
        CELL
        + sbml.species("A initialConcentration='3' hasOnlySubstanceUnits='true'")
        + sbml.reactions(sbml.reaction("J", "A", "A"))
    )
    found = course(text, [0, 1])
    assert found["A"] == pytest.approx([6, 6 / np.e], rel=1e-8)


def test_boundary_and_constant_species_are_not_used_up(sbml: Write, course: Course) -> None:
    text = sbml(
        CELL
        + sbml.species(
            "A initialAmount='4' boundaryCondition='true'",
            "K initialAmount='2' constant='true' boundaryCondition='true'",
            "P initialAmount='0'",
        )
        + sbml.reactions(sbml.reaction("J", "A*K", "A, K", "P"))
    )
    found = course(text, [0, 3])
    assert found["amount(A)"].tolist() == [4, 4]
    assert found["amount(P)"] == pytest.approx([0, 3 * 2 * 1], rel=1e-9)


def test_growth_dilutes_what_reactions_change(sbml: Write, course: Course) -> None:
    """C = 2·exp(t/2) and A' = 1: [A] = (1 + t)/(2·exp(t/2))."""
    text = sbml(
        GROWING
        + sbml.species("A initialAmount='1'", "still initialConcentration='5'")
        + sbml.rules(C_dot="C/2")
        + sbml.reactions(sbml.reaction("J", "1", "", "A"))
    )
    found, times = course(text, [0, 1, 4]), np.array([0, 1, 4])
    assert found["A"] == pytest.approx((1 + times) / (2 * np.exp(times / 2)), rel=1e-8)
    assert found["amount(still)"] == pytest.approx([10, 10, 10], rel=1e-12)
    assert found["still"] == pytest.approx(5 * np.exp(-times / 2), rel=1e-8)


def test_a_rate_rule_changes_the_concentration_whatever_the_volume(
    sbml: Write, course: Course
) -> None:
    text = sbml(GROWING + sbml.species("A initialAmount='2'") + sbml.rules(C_dot="C/2", A_dot="-A"))
    found, times = course(text, [0, 1, 2]), np.array([0, 1, 2])
    assert found["A"] == pytest.approx(np.exp(-times), rel=1e-8)
    assert found["amount(A)"] == pytest.approx(2 * np.exp(-times / 2), rel=1e-8)


def test_amounts_stay_when_an_event_sets_the_volume(sbml: Write, course: Course) -> None:
    """Both for a species that reacts and for one whose concentration has a rate rule."""
    text = sbml(
        GROWING
        + sbml.species("A initialAmount='3'", "R initialAmount='4'", "B initialAmount='0'")
        + sbml.rules(R_dot="0")
        + sbml.reactions(sbml.reaction("J", "0*A", "A", "B"))
        + sbml.events(sbml.event("time >= 1", C="C/4"))
    )
    found = course(text, [0, 2])
    assert found["A"] == pytest.approx([1.5, 6], rel=1e-12)
    assert found["R"] == pytest.approx([2, 8], rel=1e-12)
    assert found["amount(R)"] == pytest.approx([4, 4], rel=1e-12)


def test_a_concentration_is_set_with_the_volume_before_the_event(
    sbml: Write, course: Course
) -> None:
    """All assignments see what was before: amount = 5·2, then the volume is 4 times smaller."""
    text = sbml(
        GROWING
        + sbml.species("A initialAmount='3'")
        + sbml.events(sbml.event("time >= 1", C="C/4", A="5"))
    )
    found = course(text, [0, 2])
    assert found["amount(A)"] == pytest.approx([3, 10], rel=1e-12)
    assert found["A"] == pytest.approx([1.5, 20], rel=1e-12)


def test_points_have_amounts_only(sbml: Write, course: Course) -> None:
    point = "<listOfCompartments><compartment id='C' spatialDimensions='0'/></listOfCompartments>"
    text = sbml(
        point
        + "<listOfSpecies><species id='A' compartment='C' initialAmount='8'/></listOfSpecies>"
        + "<listOfReactions><reaction id='J' reversible='false'><listOfReactants>"
        + "<speciesReference species='A'/></listOfReactants>"
        + "<kineticLaw>[[A]]</kineticLaw></reaction></listOfReactions>",
        level=2,
        version=4,
    )
    assert read_sbml(text).concentrations == {}
    assert course(text, [0, 1])["A"] == pytest.approx([8, 8 / np.e], rel=1e-8)


def test_initial_assignments_may_depend_on_anything(sbml: Write, course: Course) -> None:
    """a = 2b, b = J·(time + 1), J = k·[A], [A] = r + 1, r = 4 by rule, all in the wrong order."""
    text = sbml(
        CELL
        + sbml.species("A")
        + sbml.parameters(a="1!", b="", k="3", r="!")
        + sbml.rules(r="4 + time")
        + sbml.initially(a="2*b", b="J*(time + 1)", A="r + 1")
        + sbml.reactions(sbml.reaction("J", "k*A", "A"))
    )
    found = course(text, [0, 1])
    assert found["A"][0] == pytest.approx(5, rel=1e-12)
    assert found["amount(A)"][0] == pytest.approx(10, rel=1e-12)
    assert found["b"].tolist() == pytest.approx([15, 15], rel=1e-12)
    assert found["a"].tolist() == pytest.approx([30, 30], rel=1e-12)
    changed = course(text, [0], {"k": 1.0})
    assert changed["a"][0] == pytest.approx(10, rel=1e-12)


def test_a_circle_of_initial_assignments_is_refused(sbml: Write) -> None:
    text = sbml(sbml.parameters(a="", b="") + sbml.initially(a="b + 1", b="a + 1"))
    with pytest.raises(UnsupportedModelError, match="starting value that depends on itself"):
        read_sbml(text)


def test_reactions_keep_their_identity(sbml: Write) -> None:
    text = sbml(
        CELL
        + sbml.species("A initialAmount='9'", "B initialAmount='0'")
        + sbml.reactions(
            sbml.reaction("pair", "A*A", "2 A", "B"), sbml.reaction("half", "A", "1.5 A", "0.25 B")
        )
    )
    pair, half = read_sbml(text).model.reactions
    assert (pair.name, pair.reactants, pair.products) == ("pair", {"A": 2}, {"B": 1.0})
    assert half.change == {"A": -1.5, "B": 0.25}
    assert not pair.continuous
    assert all(isinstance(count, int) for count in pair.reactants.values())


def test_a_species_on_both_sides_changes_by_the_difference(sbml: Write, course: Course) -> None:
    text = sbml(
        CELL
        + sbml.species("A initialAmount='1'")
        + sbml.reactions(sbml.reaction("J", "A*C", "A", "2 A, A"))
    )
    assert read_sbml(text).model.reactions[0].change == {"A": 2.0}
    assert course(text, [0, 1])["amount(A)"][1] == pytest.approx(np.exp(2), rel=1e-8)


def test_stoichiometries_that_vary(sbml: Write, course: Course) -> None:
    """B' = n·1 with n' = 2 from n = 3: B = 3t + t²; the id names the stoichiometry."""
    text = sbml(
        CELL
        + sbml.species("A initialAmount='100'", "B initialAmount='0'")
        + sbml.rules(n_dot="2")
        + sbml.initially(n="3")
        + sbml.reactions(sbml.reaction("J", "1", "A", "n B"))
    )
    found = course(text, [0, 1, 2])
    assert found["n"] == pytest.approx([3, 5, 7], rel=1e-9)
    assert found["amount(B)"] == pytest.approx([0, 4, 10], rel=1e-8)
    assert found["amount(A)"] == pytest.approx([100, 99, 98], rel=1e-9)
    assert all(reaction.continuous for reaction in read_sbml(text).model.reactions)


def test_stoichiometry_math_of_level_2(sbml: Write, course: Course) -> None:
    text = sbml(
        "<listOfCompartments><compartment id='C' size='1'/></listOfCompartments>"
        "<listOfSpecies><species id='A' compartment='C' initialAmount='0'/></listOfSpecies>"
        "<listOfParameters><parameter id='k' value='3'/></listOfParameters>"
        "<listOfReactions><reaction id='J' reversible='false'><listOfProducts>"
        "<speciesReference species='A'><stoichiometryMath>[[k/2 + time]]</stoichiometryMath>"
        "</speciesReference></listOfProducts><kineticLaw>[[2]]</kineticLaw></reaction>"
        "</listOfReactions>",
        level=2,
        version=4,
    )
    assert course(text, [0, 2])["A"][1] == pytest.approx(2 * (3 + 2), rel=1e-8)


def test_conversion_factors_multiply_what_reactions_do(sbml: Write, course: Course) -> None:
    text = sbml(
        CELL
        + sbml.species("A initialAmount='0' conversionFactor='own'", "B initialAmount='0'")
        + sbml.parameters(own="5", every="3")
        + sbml.reactions(sbml.reaction("J", "1", "", "A, 2 B")),
        model="conversionFactor='every'",
    )
    found = course(text, [0, 1])
    assert found["amount(A)"][1] == pytest.approx(5, rel=1e-9)
    assert found["amount(B)"][1] == pytest.approx(6, rel=1e-9)


def test_local_parameters_hide_global_ones(sbml: Write, course: Course) -> None:
    local = sbml.reaction("J", "k*A", "A").replace(
        "</kineticLaw>",
        "<listOfLocalParameters><localParameter id='k' value='4'/></listOfLocalParameters>"
        "</kineticLaw>",
    )
    text = sbml(
        CELL
        + sbml.species("A initialAmount='1' hasOnlySubstanceUnits='true'")
        + sbml.parameters(k="1")
        + sbml.reactions(local)
    )
    imported = read_sbml(text)
    assert imported.parameters["J_k"] == 4
    assert course(imported, [0, 1])["A"][1] == pytest.approx(np.exp(-4), rel=1e-8)
    assert course(imported, [0, 1], {"J_k": 0.0})["A"][1] == 1


@pytest.mark.parametrize("value", ["INF", "-INF", "NaN"])
def test_values_that_are_no_numbers_are_kept(sbml: Write, course: Course, value: str) -> None:
    found = course(sbml(sbml.parameters(p=value)), [0, 1])["p"]
    assert np.array_equal(found, [float(value)] * 2, equal_nan=True)


def test_a_value_may_be_missing_where_nothing_needs_it(sbml: Write, course: Course) -> None:
    text = sbml(sbml.parameters(p="", q="1", r="!") + sbml.rules(r="p + 1"))
    imported = read_sbml(text)
    assert imported.symbols == {"q": "q"}
    needed = sbml(
        "<listOfCompartments><compartment id='C' constant='true'/></listOfCompartments>"
        + sbml.species("A initialAmount='1'", "B")
        + sbml.parameters(p="")
        + sbml.reactions(sbml.reaction("J", "p*A", "A"), sbml.reaction("K", "1", "B"))
    )
    with pytest.raises(UnsupportedModelError) as told:
        read_sbml(needed)
    for piece in ("C: has no value, but J needs", "p: has no value, but J", "B: has no value"):
        assert piece in str(told.value)


def test_inputs_say_what_sets_a_start(sbml: Write, course: Course) -> None:
    text = sbml(
        CELL
        + sbml.species("A initialConcentration='3'", "B initialAmount='1'")
        + sbml.parameters(k="1", x="2!")
        + sbml.rules(x_dot="k")
        + sbml.reactions(sbml.reaction("J", "0*A", "A", "B"))
    )
    imported = read_sbml(text)
    assert set(imported.inputs) == {"C", "A", "B", "k", "x"}
    changed = {imported.inputs["A"]: 7.0, imported.inputs["x"]: 5.0, imported.inputs["C"]: 10.0}
    found = course(imported, [0], changed)
    assert (found["A"][0], found["amount(A)"][0], found["x"][0]) == (7, 70, 5)


def test_a_species_without_a_size_is_reported_as_its_amount() -> None:
    imported = read_sbml(
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model>'
        '<listOfCompartments><compartment id="c" constant="true"/></listOfCompartments>'
        '<listOfSpecies><species id="s" compartment="c" initialAmount="2" boundaryCondition="false"'
        ' hasOnlySubstanceUnits="false" constant="false"/></listOfSpecies></model></sbml>'
    )
    assert columns_of(imported)["s"] == imported.amounts["s"]
