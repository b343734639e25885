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


def test_sums_of_columns_are_those_of_numpy() -> None:
    values = np.random.Generator(np.random.PCG64(2)).lognormal(0, 8, (1000, 6))
    state_of = replace(CellState.empty(1000), cells=values)
    np.testing.assert_array_equal(state_of.t_cells, values.sum(axis=1))


def laws() -> list[tuple[dict[str, np.ndarray], str]]:
    two = np.ones(2)
    return [
        ({"genotypes": np.full((2, 2, 2), 0.4)}, "genotypes that do not sum to 1"),
        ({"car_fraction": 1.5 * two, "vcn_per_cell": 2 * two}, "share outside 0 to 1"),
        ({"car_fraction": 0.5 * two, "vcn_per_cell": 0.1 * two}, "without a copy"),
        ({"day": -two}, "turns back the clock"),
    ]


@pytest.mark.parametrize(("changes", "said"), laws(), ids=lambda value: str(value)[:25])
def test_refuses_what_breaks_another_law(changes: dict[str, np.ndarray], said: str) -> None:
    after = replace(state(3.0), **changes, loci=("trac",) if "genotypes" in changes else ())
    with pytest.raises(SimulationError, match=said):
        check_conservation(state(3.0), Outcome(after, gained=np.zeros(2)), "thaw")


def test_refuses_money_given_back() -> None:
    before = state(3.0).spend("labour", np.full(2, 10.0))
    after = before.spend("labour", np.array([0.0, -1.0]))
    with pytest.raises(SimulationError, match=r"gives money back .* at position 1"):
        check_conservation(before, Outcome(after, gained=np.zeros(2)), "thaw")


def test_cells_that_stop_being_a_number_are_refused_unless_the_lot_was_stopped() -> None:
    before = replace(CellState.empty(2), other=np.array([5.0, 5.0]))
    after = replace(before, other=np.array([5.0, np.nan]))
    lost = Outcome(after, gained=np.zeros(2))
    with pytest.raises(SimulationError, match="not finite in the lot at position 1"):
        check_conservation(before, lost, "activate")
    stopped = replace(lost, failures={"culture not solved": np.array([False, True])})
    check_conservation(before, stopped, "activate")
