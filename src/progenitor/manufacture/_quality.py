"""What a lot truly is, in the quantities a specification asks about."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from progenitor.manufacture._cell_state import CellState, share
from progenitor.manufacture._product_cells import product_cells

__all__ = ["true_quality"]


def true_quality(
    state: CellState,
    gives: tuple[str, ...],
    *,
    recovery: Float[np.ndarray, " lot"],
    contaminated: Float[np.ndarray, " lot"],
    counted: tuple[str, ...] = (),
) -> Mapping[str, Float[np.ndarray, " lot"]]:
    """Return the true value of every quantity that can be specified.

    Parameters
    ----------
    state
        The lots as they are tested.
    gives
        Phenotypes of the product.
    recovery
        Share of cells alive after thaw, (lot,); 1 for a product tested fresh.
    contaminated
        Whether microbes are in the lot, (lot,), 0 or 1.
    counted
        Kinds of cell that count to purity; by default the product's.

    Examples
    --------
    >>> lots = CellState.empty(1)
    >>> quality = true_quality(
    ...     lots, ("gmp",), recovery=np.ones(1), contaminated=np.zeros(1)
    ... )
    >>> sorted(quality)[:3]
    ['car_cells', 'car_fraction', 'contamination']
    """
    product = product_cells(state, gives).sum(axis=1)
    pure = product_cells(state, counted).sum(axis=1) if counted else product
    edited = state.edited("trac")
    return {
        "contamination": contaminated,
        "viability": share(state.viable * recovery, state.viable + state.dead),
        "purity": share(pure, state.viable),
        "car_fraction": state.car_fraction,
        "vcn_per_cell": state.vcn_per_cell,
        "vcn_per_car_cell": state.vcn_per_car_cell,
        "residual_tcr": np.where(state.t_cells > 0, 1 - edited, 0.0),
        "car_cells": product * recovery * state.car_fraction,
    }
