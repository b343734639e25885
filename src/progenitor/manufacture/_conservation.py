"""Cells are neither made nor lost between two steps without being accounted for."""

from typing import Final

import numpy as np

from progenitor.errors import SimulationError
from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Outcome

__all__ = ["check_conservation"]

RELATIVE_TOLERANCE: Final = 1e-6
"""Births and deaths are integrated beside the cells; their sum is exact up to round-off."""


def check_conservation(before: CellState, outcome: Outcome, label: str) -> None:
    """Require viable cells before + gained = viable cells after + lost, and no negative count.

    Lots whose culture could not be solved hold NaN and are passed over.

    Raises
    ------
    SimulationError
        Naming the step, the first lot out of balance, and by how many cells.

    Examples
    --------
    >>> state = CellState.empty(1)
    >>> check_conservation(state, Outcome(state, gained=np.array([5.0])), "activate")
    Traceback (most recent call last):
    ...
    progenitor.errors.SimulationError: step 'activate' loses 5 of 5 cells of the lot at position 0 \
without saying where. Account for them in Outcome.lost.
    """
    after = outcome.state
    available = before.viable + outcome.gained
    missing = available - sum(outcome.lost.values(), np.zeros_like(available)) - after.viable
    wrong = np.abs(missing) > RELATIVE_TOLERANCE * np.abs(available)
    negative = (after.cells < 0).any(axis=1) | (after.other < 0) | (after.dead < 0)
    if wrong.any():
        index = int(np.argmax(wrong))
        what = "loses" if missing[index] > 0 else "makes"
        message = (
            f"step {label!r} {what} {abs(missing[index]):.4g} of {available[index]:.4g} cells of "
            f"the lot at position {index} without saying where. Account for them in Outcome.lost."
        )
        raise SimulationError(message)
    if negative.any():
        index = int(np.argmax(negative))
        message = (
            f"step {label!r} leaves a negative number of cells in the lot at position {index}. "
            f"Take no more cells than there are."
        )
        raise SimulationError(message)
