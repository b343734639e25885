r"""Joint genotypes of edited cells: which loci are cut in the same cell.

A cell either took up the editor or did not; what happens at each locus is independent among those
that did. With uptake :math:`u` and editing :math:`e_l` among all cells,

.. math:: P(g) = (1 - u)\,[g = 0] + u \prod_l q_l^{g_l} (1 - q_l)^{1 - g_l},
   \qquad q_l = \min(e_l / u, 1)

so loci are edited together more often than their product would say.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

__all__ = ["apply_edits", "joint_genotypes", "spread_over"]


def joint_genotypes(
    efficiency: Float[np.ndarray, "lot locus"], uptake: Float[np.ndarray, " lot"]
) -> Float[np.ndarray, "lot genotype"]:
    """Share of cells with each combination of edits, bit ``i`` for locus ``i``.

    Parameters
    ----------
    efficiency
        Share of cells edited at each locus, (lot, locus); more than ``uptake`` is cut to it.
    uptake
        Share of cells that took up the editor, (lot,).

    Examples
    --------
    >>> joint_genotypes(np.array([[0.8, 0.4]]), np.array([0.8])).round(2)
    array([[0.2, 0.4, 0. , 0.4]])
    """
    within = np.divide(
        np.minimum(efficiency, uptake[:, np.newaxis]),
        uptake[:, np.newaxis],
        out=np.zeros_like(efficiency),
        where=uptake[:, np.newaxis] > 0,
    )
    loci = efficiency.shape[1]
    bits = (np.arange(2**loci)[:, np.newaxis] >> np.arange(loci)) & 1
    chances = np.where(bits, within[:, np.newaxis], 1 - within[:, np.newaxis]).prod(axis=2)
    joint: Float[np.ndarray, "lot genotype"] = uptake[:, np.newaxis] * chances
    joint[:, 0] += 1 - uptake
    return joint


def spread_over(
    genotypes: Float[np.ndarray, "lot receptor genotype"],
    before: Sequence[str],
    after: Sequence[str],
) -> Float[np.ndarray, "lot receptor wider"]:
    """Write the same cells with more loci, none of them edited at the new ones.

    Parameters
    ----------
    genotypes
        Shares over the combinations of ``before``.
    before, after
        Loci; ``after`` begins with all of ``before``.

    Examples
    --------
    >>> spread_over(np.ones((1, 2, 1)), (), ("trac",)).tolist()
    [[[1.0, 0.0], [1.0, 0.0]]]
    """
    if tuple(before) == tuple(after):
        return genotypes
    wider = np.zeros((*genotypes.shape[:2], 2 ** len(after)))
    wider[..., : genotypes.shape[2]] = genotypes
    return wider


def apply_edits(
    genotypes: Float[np.ndarray, "lot receptor genotype"],
    edits: Float[np.ndarray, "lot genotype"],
) -> Float[np.ndarray, "lot receptor genotype"]:
    """Cut cells again: an edited locus stays edited.

    Parameters
    ----------
    genotypes
        Shares before, over the same loci as ``edits``.
    edits
        Share of cells in which each combination is cut now, (lot, genotype).

    Examples
    --------
    >>> before = np.array([[[0.5, 0.5], [0.5, 0.5]]])
    >>> apply_edits(before, np.array([[0.4, 0.6]])).round(2).tolist()
    [[[0.2, 0.8], [0.2, 0.8]]]
    """
    after = np.zeros_like(genotypes)
    combinations = genotypes.shape[2]
    for old in range(combinations):
        for new in range(combinations):
            after[..., old | new] += genotypes[..., old] * edits[:, np.newaxis, new]
    return after
