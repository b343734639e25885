r"""The host rejects product macrophages in every organ.

.. math:: \Phi_s' = -k_R \Phi_s

:math:`k_R` comes from ``class_i_intact``. That tissue macrophages are rejected as fast as T cells
in blood is assumed.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Species

__all__ = ["MECHANISM"]

CELLS: Final = tuple(
    f"macrophages_{site}" for site in ("liver", "lung", "spleen", "marrow", "tumour")
)

MECHANISM: Final = Mechanism(
    name="macrophage_rejection",
    species=tuple(Species(cell, "cell") for cell in CELLS),
    reactions=tuple(
        Reaction(f"rejection_of_{cell}", f"rejection_rate * {cell}", reactants={cell: 1})
        for cell in CELLS
    ),
)
