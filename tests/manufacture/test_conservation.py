"""A step that makes or loses cells in silence is refused."""

from dataclasses import replace

import numpy as np
import pytest

from progenitor.errors import SimulationError
from progenitor.manufacture import CellState, Outcome
from progenitor.manufacture._conservation import check_conservation


def state(cells: float) -> CellState:
    empty = CellState.empty(2)
    return replace(empty, cells=np.full((2, 6), cells))


def test_accepts_what_is_accounted_for() -> None:
    lost = {"washed away": np.array([6.0, 6.0])}
    check_conservation(state(3.0), Outcome(state(2.0), gained=np.zeros(2), lost=lost), "harvest")


def test_refuses_silent_loss() -> None:
    with pytest.raises(SimulationError, match=r"step 'harvest' loses 6 of 18 cells"):
        check_conservation(state(3.0), Outcome(state(2.0), gained=np.zeros(2)), "harvest")


def test_refuses_cells_from_nowhere() -> None:
    with pytest.raises(SimulationError, match=r"step 'expand' makes 6 of 18 cells"):
        check_conservation(state(3.0), Outcome(state(4.0), gained=np.zeros(2)), "expand")


def test_refuses_negative_counts() -> None:
    after = replace(state(3.0), dead=np.array([0.0, -1.0]))
    with pytest.raises(SimulationError, match="negative number of cells in the lot at position 1"):
        check_conservation(state(3.0), Outcome(after, gained=np.zeros(2)), "thaw")
