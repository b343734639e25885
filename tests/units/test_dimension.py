"""Dimensions multiply, divide and take powers exactly, and can be dictionary keys."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from progenitor.units import Dimension, dimension

POWERS = st.fractions(-3, 3, max_denominator=6)
NAMED_POWERS = st.dictionaries(st.sampled_from(["cell", "time", "length", "mass"]), POWERS)


@given(NAMED_POWERS, NAMED_POWERS, POWERS)
def test_the_laws_of_powers(first, second, power):
    one, other = Dimension.of(**first), Dimension.of(**second)
    assert one * other == other * one
    assert one / one == Dimension()
    assert (one * other) ** power == one**power * other**power
    assert hash(one * other) == hash(other * one)


def test_units_give_dimensions_that_can_be_computed_with():
    assert dimension("cell/uL") * dimension("L") == dimension("cell")
    assert dimension("1/day") ** -1 == dimension("h")
    assert dimension("m^2") ** 0.5 == dimension("m")
    assert dimension("m") ** 0.75 == Dimension.of(length=Fraction(3, 4))
    assert dimension("%").is_dimensionless
    assert {dimension("day"): 1}[dimension("week")] == 1


def test_text():
    assert str(dimension("cell/uL")) == "cell·length^-3"
    assert str(Dimension()) == "dimensionless"
