"""Size of spheres in one and two dimensions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.errors import DesignError
from progenitor.trial import bidimensional_size, unidimensional_size


@given(diameter=st.floats(0.1, 20.0), lesions=st.integers(1, 6))
def test_equal_spheres_give_their_squared_diameters(diameter: float, lesions: int) -> None:
    cells = np.array([lesions * 1e9 * np.pi * diameter**3 / 6.0])
    size = bidimensional_size(cells, cells_per_cm3=1e9, lesions=lesions)
    assert size == pytest.approx([lesions * diameter**2], rel=1e-12)


@given(diameter=st.floats(0.1, 20.0), lesions=st.integers(1, 5))
def test_equal_spheres_give_their_diameters_in_mm(diameter: float, lesions: int) -> None:
    cells = np.array([lesions * 1e9 * np.pi * diameter**3 / 6.0])
    size = unidimensional_size(cells, cells_per_cm3=1e9, lesions=lesions)
    assert size == pytest.approx([10.0 * lesions * diameter], rel=1e-12)


def test_nothing_and_nobody() -> None:
    size = bidimensional_size(np.array([0.0, np.nan]), cells_per_cm3=1e9)
    assert size.tolist() == pytest.approx([0.0, np.nan], nan_ok=True, rel=0)


@pytest.mark.parametrize(("cells", "density", "lesions"), [(-1, 1e9, 1), (1, 0.0, 1), (1, 1e9, 0)])
def test_impossible_tumours_are_refused(cells: float, density: float, lesions: int) -> None:
    with pytest.raises(DesignError, match="no tumour size"):
        bidimensional_size(np.array([float(cells)]), cells_per_cm3=density, lesions=lesions)
