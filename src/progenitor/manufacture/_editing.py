"""Putting a gene into a cut: receptor and edit then go together."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from progenitor.manufacture._cell_state import CellState

__all__ = ["knocked_in", "without_unedited"]


def knocked_in(state: CellState, locus: str, share: Float[np.ndarray, " lot"]) -> CellState:
    """Put the receptor into a share of the cells cut at a locus, one copy each.

    Receptor-positive cells are then cut at the locus, every one; lots with a share of 0 stay as
    they are.

    Parameters
    ----------
    state
        Lots whose ``loci`` hold the locus.
    locus
        Where the gene goes.
    share
        Share of cells cut there that take it, (lot,).
    """
    if not (share > 0).any():
        return state
    has = _has(state, locus)
    cut = state.genotype_shares * has
    positive = cut.sum(axis=1) * share
    left = state.genotype_shares - cut * share[:, np.newaxis]
    genotypes = np.stack(
        [_normalised(left, state.genotypes[:, 0]), _normalised(cut, state.genotypes[:, 1])], axis=1
    )
    chosen = share > 0
    return replace(
        state,
        genotypes=np.where(chosen[:, np.newaxis, np.newaxis], genotypes, state.genotypes),
        car_fraction=np.where(chosen, positive, state.car_fraction),
        vcn_per_cell=np.where(chosen, positive, state.vcn_per_cell),
    )


def without_unedited(
    state: CellState, locus: str, *, residual: Float[np.ndarray, " lot"]
) -> tuple[CellState, Float[np.ndarray, " lot"]]:
    """Remove cells not edited at a locus but for a residue.

    Parameters
    ----------
    state
        The lots.
    locus
        Cells unedited there are removed.
    residual
        Share of them that is left, (lot,).

    Returns
    -------
    CellState
        Shares of genotype and receptor after removal; counts are those before.
    Float[np.ndarray, " lot"]
        Share of cells kept, (lot,).
    """
    weight = np.where(_has(state, locus), 1.0, residual[:, np.newaxis])
    car = state.car_fraction
    negative = ((1 - car)[:, np.newaxis] * state.genotypes[:, 0]) * weight
    positive = (car[:, np.newaxis] * state.genotypes[:, 1]) * weight
    kept = negative.sum(axis=1) + positive.sum(axis=1)
    share = np.divide(positive.sum(axis=1), kept, out=np.zeros_like(kept), where=kept > 0)
    copies = np.divide(share, car, out=np.ones_like(car), where=car > 0)
    genotypes = np.stack(
        [
            _normalised(negative, state.genotypes[:, 0]),
            _normalised(positive, state.genotypes[:, 1]),
        ],
        axis=1,
    )
    changed = replace(
        state,
        genotypes=genotypes,
        car_fraction=share,
        vcn_per_cell=np.maximum(state.vcn_per_cell * copies, share),
    )
    return changed, kept


def _has(state: CellState, locus: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    combinations = np.arange(2 ** len(state.loci))
    return np.asarray((combinations >> state.loci.index(locus)) & 1 == 1)


def _normalised(
    amounts: Float[np.ndarray, "lot genotype"], otherwise: Float[np.ndarray, "lot genotype"]
) -> Float[np.ndarray, "lot genotype"]:
    """Shares of the whole, or ``otherwise`` where there is nothing."""
    total = amounts.sum(axis=1, keepdims=True)
    shares: Float[np.ndarray, "lot genotype"] = np.where(
        total > 0, amounts / np.where(total > 0, total, 1), otherwise
    )
    return shares
