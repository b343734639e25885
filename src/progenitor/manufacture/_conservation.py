"""Cells are neither made nor lost between two steps without being accounted for."""

import functools
from typing import Final

import numpy as np
from jaxtyping import Bool

from progenitor.errors import SimulationError
from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Outcome

__all__ = ["check_conservation"]

RELATIVE_TOLERANCE: Final = 1e-6
"""Births and deaths are integrated beside the cells; their sum is exact up to round-off."""


def check_conservation(before: CellState, outcome: Outcome, label: str) -> None:
    """Require that nothing which must be conserved was made or lost in silence.

    Viable cells before + gained = viable cells after + lost; no count is negative; genotypes and
    receptor remain shares of the whole; a receptor-positive cell has a copy; clock and bill only
    grow.

    Lots whose culture could not be solved hold NaN and are passed over once a failure stopped
    them; cells that stop being a number without one are refused.

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
    stopped = functools.reduce(
        np.logical_or, outcome.failures.values(), np.zeros(len(after.day), dtype=bool)
    )
    unknown = np.isfinite(before.viable) & ~np.isfinite(after.viable) & ~stopped
    if unknown.any():
        index = int(np.argmax(unknown))
        message = (
            f"step {label!r} leaves a number of cells that is not finite in the lot at position "
            f"{index}. Stop such a lot with a failure."
        )
        raise SimulationError(message)
    available = before.viable + outcome.gained
    missing = available - sum(outcome.lost.values(), np.zeros_like(available)) - after.viable
    wrong = np.abs(missing) > RELATIVE_TOLERANCE * np.abs(available)
    counts = (after.cells, after.precursors, after.other, after.dead)
    some = any((count < 0).any() for count in counts)
    negative = (np.column_stack(counts) < 0).any(axis=1) if some else np.array([False])
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
    for wrong, message in _other_laws(before, after):
        if wrong.any():
            index = int(np.argmax(wrong))
            raise SimulationError(f"step {label!r} {message} in the lot at position {index}.")


def _other_laws(
    before: CellState, after: CellState
) -> tuple[tuple[Bool[np.ndarray, " lot"], str], ...]:
    """Everything else that holds between two steps: which lots break it, and how to say so.

    NaN breaks no law; it marks a lot whose culture could not be solved.
    """
    whole = after.genotypes.sum(axis=2) if after.loci else np.ones_like(after.genotypes[..., 0])
    spent = [amount < before.cost.get(line, 0.0) for line, amount in after.cost.items()]
    car, copies = after.car_fraction, after.vcn_per_cell
    return (
        (
            (np.abs(whole - 1) > RELATIVE_TOLERANCE).any(axis=1),
            "leaves genotypes that do not sum to 1",
        ),
        ((car < 0) | (car > 1), "leaves a receptor-positive share outside 0 to 1"),
        (copies < car * (1 - RELATIVE_TOLERANCE), "leaves receptor-positive cells without a copy"),
        (after.day < before.day, "turns back the clock"),
        (
            functools.reduce(np.logical_or, spent, np.zeros(len(car), dtype=bool)),
            "gives money back (a negative cost)",
        ),
    )
