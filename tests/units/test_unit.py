"""Units are read as people write them, and agree with pint wherever both know one."""

import subprocess
import sys

import pint
import pytest

from progenitor.errors import UnitError
from progenitor.units import convert, dimension, scale
from progenitor.units._table import UNITS

OURS_ALONE = {
    "cell", "cells", "copy", "copies", "patient", "patients", "lot", "lots", "division",
    "divisions", "dose", "doses", "molecule", "molecules", "TU", "USD", "EUR", "GBP", "degC",
    "fold", "fraction", "IU", "kIU", "mIU", "uIU",
}  # fmt: skip
PINT = pint.UnitRegistry()


@pytest.mark.parametrize("name", sorted(set(UNITS) - OURS_ALONE))
def test_every_unit_pint_knows_has_pints_size(name):
    base = PINT.Quantity(1.0, name).to_base_units()
    seconds = {str(unit): power for unit, power in base.unit_items()}.get("second", 0)
    expected = base.magnitude * 86400.0 ** -float(seconds)
    # atol 0: sizes span 30 orders; 1e-12 is a few roundings of pint's floating-point factors.
    assert scale(name) == pytest.approx(expected, rel=1e-12, abs=0.0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cell/uL", "cell/µL"),
        ("cell/μL", "cells/uL"),
        ("1/(cell·day)", "1/cell/day"),
        ("1/(cell day^-1)".replace(" ", "*"), "day/cell"),
        ("mg/m2", "mg/m^2"),
        ("mg/m²", "mg/m**2"),
        ("day⁻¹", "1/day"),
        ("1e6 cells/L", "cell/uL"),
        ("", "1"),
        ("%", "0.01"),
        ("°C", "degC"),
        (" cell / kg ", "cell/kg"),
        ("month", "30.4375 day"),
        ("year", "365.25 day"),
        ("ng/mL", "1000 pg/mL"),
        ("2(day)", "48 h"),
    ],
)
def test_spellings_of_one_unit(one, other):
    assert dimension(one) == dimension(other)
    assert convert(1.0, one, other) == 1.0


def test_mercury():
    """BS 350: one conventional millimetre of mercury is 133.322387415 Pa."""
    assert convert(1.0, "mmHg", "Pa") == 133.322387415


def test_units_outside_the_table_come_from_pint():
    """One international avoirdupois ounce is 28.349523125 g by definition."""
    assert convert(1.0, "ounce", "g") == pytest.approx(28.349523125, rel=1e-12, abs=0.0)
    assert dimension("Gy") == dimension("m^2/s^2")


# Pairs a person could mix up; every one must be refused, with both units in the message.
PLANTED = [
    ("cell", "copy"), ("cell/uL", "copy/uL"), ("cell/kg", "cell"), ("cell/kg", "1/kg"),
    ("copy/ug", "copy/uL"), ("copy/ug", "1/ug"), ("pg/mL", "pg"), ("pg/mL", "IU/mL"),
    ("pg/mL", "pmol/L"), ("ng/mL", "nM"), ("1/day", "day"), ("1/day", "1"),
    ("1/day", "1/(cell*day)"), ("1/day", "cell/day"), ("1/day", "1/day^2"), ("h", "1/h"),
    ("USD", "EUR"), ("USD", "USD/dose"), ("USD/patient", "USD/dose"), ("USD", "1"),
    ("degC", "K"), ("degC", "1"), ("mmHg", "mm"), ("mmHg", "Pa/day"), ("%", "%/day"),
    ("%", "cell"), ("1", "patient"), ("lot", "patient"), ("lot", "dose"), ("division", "cell"),
    ("division/day", "1/day"), ("mg/m2", "mg/kg"), ("mg/m2", "mg"), ("mg/kg", "1/kg"),
    ("mL/min", "mL"), ("L/h", "1/h"), ("m^2", "m"), ("m^3", "m^2"), ("uL", "um"),
    ("cm", "cm^3"), ("M", "m"), ("mM", "mm"), ("mol", "M"), ("g", "g/mL"), ("kg", "L"),
    ("TU/cell", "1"), ("TU", "copy"), ("molecule/cell", "1"), ("month", "1/year"), ("min", "m"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "wanted"), PLANTED)
def test_planted_mistakes_are_refused_with_both_units_shown(written, wanted):
    with pytest.raises(UnitError) as caught:
        convert(1.0, written, wanted)
    assert f"'{written}'" in str(caught.value)
    assert f"'{wanted}'" in str(caught.value)


def test_there_are_fifty_planted_mistakes():
    assert len(set(PLANTED)) == 50


@pytest.mark.parametrize(
    "unit",
    [
        "cell per kg", "cell kg", "(day", "day)", "/day", "cell//kg", "cell/", "m^99", "m^", "**",
        "^2", "1e", "0", "0 day", "day/0", "1/0", "1 2 day", "()", "1/1000 cell", "cells/1e6 kg",
        "$", "10% CI", "celll", "__class__", "day.real", "day;day", "degF", "dB", "USD10", "1%",
        "a" * 81, "1e99 km^12*km^12*km^12", "% of enrolled", "²", "-1/day",
    ],
)  # fmt: skip
def test_what_is_not_a_unit_is_refused(unit):
    with pytest.raises(UnitError, match="unit"):
        dimension(unit)


@pytest.mark.parametrize(
    ("typo", "meant"), [("celll", "cell"), ("dayz", "day"), ("mmhg", "mmHg"), ("copis", "copies")]
)
def test_the_nearest_unit_is_suggested(typo, meant):
    with pytest.raises(UnitError, match=f"did you mean '{meant}'"):
        dimension(typo)


def test_known_units_do_not_import_pint():
    code = (
        "import sys, progenitor.units as u;"
        "u.convert(1.0, '1e6 cell/kg', 'cell/g'); u.parse_quantity('30 mg/m2');"
        "print('pint' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
