"""Quantities are read strictly and converted without losing what was written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.errors import UnitError
from progenitor.units import Quantity, convert, parse_quantity
from progenitor.units._table import UNITS


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2e6 cell/kg", 2e6, "cell/kg"),
        ("28 day", 28.0, "day"),
        ("10 USD", 10.0, "USD"),
        ("-5 day", -5.0, "day"),
        ("20 %", 20.0, "%"),
        ("20%", 20.0, "%"),
        (" 37.5  °C ", 37.5, "°C"),
        (".5 1/day", 0.5, "1/day"),
        ("3 1e6 cell/kg", 3.0, "1e6 cell/kg"),
        ("0.2", 0.2, "1"),
    ],
)
def test_quantities(text, value, unit):
    assert parse_quantity(text) == Quantity(value, unit)


@pytest.mark.parametrize(
    "text",
    ["", "day", "nan day", "inf day", "1e999 day", "1,000 cell", "USD 10", "2e6cell", "1/2 day",
     "5 days ago", "1 day 2 h", "--1 day", "1_000 cell", "0x10 cell", "5 " + "x" * 300],
)  # fmt: skip
def test_what_is_not_a_quantity_is_refused(text):
    with pytest.raises(UnitError):
        parse_quantity(text)


def test_arrays_keep_their_shape_and_are_not_changed():
    hours = np.array([[24.0, 36.0], [12.0, np.nan]])
    days = convert(hours, "h", "day")
    np.testing.assert_array_equal(days, [[1.0, 1.5], [0.5, np.nan]])
    same = convert(hours, "h", "h")
    assert same is not hours
    assert convert(0, "day", "h") == 0.0


@pytest.mark.parametrize(("value", "one", "other"), [(7.0, "day", "week"), (0.3, "%", "1")])
def test_exact_ratios_divide_once(value, one, other):
    """7 day is 1 week and 0.3 % is 0.003, to the last bit."""
    assert convert(value, one, other) == value / (7.0 if one == "day" else 100.0)


NUMBERS = st.floats(1e-12, 1e12) | st.floats(-1e12, -1e-12)
SAME_KIND = st.sampled_from(sorted(UNITS)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.sampled_from(sorted(other for other in UNITS if UNITS[other][1] == UNITS[name][1])),
    )
)


@given(NUMBERS, SAME_KIND)
def test_there_and_back_again(value, units):
    one, other = units
    there = convert(value, one, other)
    # atol 0: magnitudes span 40 orders; two multiplications round three times at most.
    assert convert(there, other, one) == pytest.approx(value, rel=1e-15, abs=0.0)


def test_quantity_methods():
    dose = Quantity(150.0, "1e6 cell")
    assert dose.to("cell") == Quantity(150e6, "cell")
    assert dose.dimension == Quantity(1.0, "cell").dimension
    assert str(Quantity(0.2, "1")) == "0.2 1"
    with pytest.raises(UnitError, match="'1e6 cell' does not convert to 'cell/kg'"):
        dose.to("cell/kg")
