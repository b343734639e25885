"""Which cells of a lot are its product, by the phenotype a body is given."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.manufacture._cell_state import PRECURSORS, STAGES, CellState

__all__ = ["GIVEABLE", "product_cells", "product_share"]

_FROM_STAGES: Final = {
    "naive": ("tn",),
    "tscm": ("tn", "tscm"),
    "tcm": ("tcm",),
    "teff": ("tem", "teff"),
    "tex": ("tex",),
}

GIVEABLE: Final = (*_FROM_STAGES, *PRECURSORS)
"""Every phenotype a recipe may list under ``gives``."""


def product_cells(state: CellState, gives: Sequence[str]) -> Float[np.ndarray, "lot phenotype"]:
    """Viable cells of a lot by product phenotype, receptor or not.

    Naive cells count as stem memory unless the product lists them on their own.

    Parameters
    ----------
    state
        The lots.
    gives
        Phenotypes of the product.

    Examples
    --------
    >>> from dataclasses import replace
    >>> lots = replace(CellState.empty(1), cells=np.array([[1.0, 2, 3, 4, 5, 6]]))
    >>> product_cells(lots, ("tscm", "tcm", "teff", "tex"))
    array([[3., 3., 9., 6.]])
    >>> product_cells(lots, ("naive", "tscm"))
    array([[1., 2.]])
    """
    columns = []
    for phenotype in gives:
        if phenotype in PRECURSORS:
            columns.append(state.precursors[:, PRECURSORS.index(phenotype)])
            continue
        stages = [
            stage
            for stage in _FROM_STAGES[phenotype]
            if stage != "tn" or phenotype == "naive" or "naive" not in gives
        ]
        total = np.zeros(len(state.day))
        for stage in stages:
            total = total + state.cells[:, STAGES.index(stage)]
        columns.append(total)
    return np.stack(columns, axis=1)


def product_share(state: CellState, gives: Sequence[str]) -> Float[np.ndarray, " lot"]:
    """Share of viable cells that belong to the product, (lot,); NaN where there are no cells."""
    viable = state.viable
    share: Float[np.ndarray, " lot"] = np.full_like(viable, np.nan)
    np.divide(product_cells(state, gives).sum(axis=1), viable, out=share, where=viable > 0)
    return share
