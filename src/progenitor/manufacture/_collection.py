"""What every collection that is not of T cells has in common: cells of one kind, and company."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from progenitor.errors import SimulationError
from progenitor.manufacture._cell_state import PRECURSORS, CellState
from progenitor.manufacture._step import Inputs, Outcome

__all__ = ["collected", "column_of"]


def column_of(kind: str, label: str) -> int:
    """Position of a kind of cell among the precursors.

    Raises
    ------
    SimulationError
        When no recipe can hold such a cell.

    Examples
    --------
    >>> column_of("gmp", "expand")
    2
    """
    if kind not in PRECURSORS:
        known = ", ".join(PRECURSORS)
        message = f"step {label!r}: unknown kind of cell '{kind}'. Use one of: {known}."
        raise SimulationError(message)
    return PRECURSORS.index(kind)


def collected(
    state: CellState,
    inputs: Inputs,
    *,
    cells: Float[np.ndarray, " lot"],
    share: Float[np.ndarray, " lot"],
    viability: Float[np.ndarray, " lot"],
) -> Outcome:
    """Fill the bag with cells of one kind among others, some of them dead.

    Parameters
    ----------
    state, inputs
        What the step was given; ``inputs.words["kind"]`` names the kind of cell.
    cells
        Wanted cells, (lot,); cell.
    share, viability
        Their share of viable cells, and the share of all cells that live, (lot,).
    """
    (kind,) = inputs.words["kind"]
    precursors = np.zeros_like(state.precursors)
    precursors[:, column_of(kind, inputs.label)] = cells
    other = cells * (1 - share) / share
    filled = replace(
        state,
        precursors=precursors,
        other=other,
        dead=(cells + other) * (1 - viability) / viability,
        vessel="collection bag",
    )
    return Outcome(filled, gained=cells + other)
