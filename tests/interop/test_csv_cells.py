"""Cells that a spreadsheet would run are made harmless; numbers and plain text stay."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.interop._csv_cells import guarded, number_text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "+cmd|' /C calc'!A0",
        "-1+1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "\t=1+1",
        "\r=1+1",
        '=HYPERLINK("http://a.b","c")',
        "=IMPORTXML(CONCAT(1),2)",
        "-",
        "+",
        "-1_0",
        "-inf",
        "+nan",
        "-1e5e",
    ],
)
def test_formulas_are_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "A-1", "patient 7", "1.5", "-1.5", "+2", "-.5e-3", "+1E+10", "'=x", "2=2", "a@b"]
)
def test_numbers_and_plain_text_stay(text: str) -> None:
    assert guarded(text) == text


@given(st.floats(allow_infinity=False))
def test_numbers_read_back_to_the_same_bits(value: float) -> None:
    text = number_text(value)
    assert guarded(text) == text
    if math.isnan(value):
        assert text == "NA"
    else:
        assert float(text) == value
