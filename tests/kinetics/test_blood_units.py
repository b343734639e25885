"""Units of levels in blood: white cells, copies in a cell, limits, and the way back."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.kinetics import LEVEL_UNITS, BloodUnits

DNA = default_catalogue().parameter("assay/dna_mass_per_cell").used
UNITS = BloodUnits(dna_per_cell=6.6e-6 if DNA is None else DNA.median, copies_per_cell=2.0)


@pytest.mark.parametrize(
    ("level", "from_unit", "to_unit", "white", "expected"),
    [
        # 5,000 white cells hold 0.033 µg of DNA
        pytest.param(1000.0, "copy/ug", "copy/uL", 5000.0, 33.0, id="copies per volume"),
        pytest.param(1000.0, "copy/ug", "cell/uL", 5000.0, 16.5, id="two copies a cell"),
        pytest.param(16.5, "cell/uL", "copy/ug", 5000.0, 1000.0, id="back"),
        pytest.param(16.5, "cell/uL", "copy/ug", 500.0, 10000.0, id="ten times fewer white cells"),
        pytest.param(33.0, "copy/uL", "cell/uL", np.nan, 16.5, id="white cells do not matter"),
        pytest.param(33.0, "copy/ug", "copy/ug", 0.0, 33.0, id="nothing to convert"),
        pytest.param(1.0, "cell/uL", "copy/ug", 0.0, np.nan, id="no white cells, no DNA"),
        pytest.param(1.0, "copy/ug", "cell/uL", np.nan, np.nan, id="white cells not counted"),
        pytest.param(np.nan, "copy/ug", "cell/uL", 5000.0, np.nan, id="not sampled"),
        pytest.param(50.0, "copy/ug", "copy/uL", 200.0, 0.066, id="limit of 50 copies/µg"),
    ],
)
def test_table(level: float, from_unit: str, to_unit: str, white: float, expected: float) -> None:
    found = UNITS.convert(
        np.array([level]),
        from_unit,
        to_unit,
        white_cells=np.array([white]),  # type: ignore[arg-type]
    )
    assert found[0] == pytest.approx(expected, nan_ok=True, rel=1e-12)


@given(
    level=st.floats(1e-6, 1e8),
    white=st.floats(1.0, 1e6),
    units=st.tuples(*[st.sampled_from(LEVEL_UNITS)] * 3),
)
def test_ways_agree(level: float, white: float, units: tuple[str, str, str]) -> None:
    """By way of another unit and directly, there and back: equal to rounding."""
    first, middle, last = units
    cells = np.array([white])

    def convert(value: np.ndarray, a: str, b: str) -> np.ndarray:
        return UNITS.convert(value, a, b, white_cells=cells)  # type: ignore[arg-type]

    direct = convert(np.array([level]), first, last)
    by_way = convert(convert(np.array([level]), first, middle), middle, last)
    assert by_way[0] == pytest.approx(direct[0], rel=1e-12)
    assert convert(direct, last, first)[0] == pytest.approx(level, rel=1e-12)


def test_every_problem_is_told() -> None:
    unchecked = inspect.unwrap(BloodUnits.convert)  # the types checked in tests would refuse first
    with pytest.raises(InputError) as caught:
        unchecked(UNITS, np.ones(1), "copies", "copy/ug", white_cells=None)
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="white cells of -1"):
        UNITS.convert(np.ones(1), "copy/ug", "cell/uL", white_cells=np.array([-1.0]))
    with pytest.raises(InputError) as caught:
        BloodUnits(dna_per_cell=0.0, copies_per_cell=0.5)
    assert len(caught.value.problems) == 2
