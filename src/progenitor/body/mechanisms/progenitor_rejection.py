r"""The host rejects product progenitors, monocytes and neutrophils.

.. math:: G' = -k_R G, \quad P_i' = -k_R P_i, \quad M' = -k_R M, \quad Q' = -k_R Q

:math:`k_R` comes from ``class_i_intact``. That myeloid cells are rejected as fast as T cells is
assumed; whether progenitors of a mismatched donor are rejected at all is an open question.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Species

__all__ = ["MECHANISM"]

CELLS: Final = (
    "gmp_free",
    "gmp_niche",
    "committed_1",
    "committed_2",
    "committed_3",
    "monocytes_blood",
    "neutrophils_blood",
)

MECHANISM: Final = Mechanism(
    name="progenitor_rejection",
    species=tuple(Species(cell, "cell") for cell in CELLS),
    reactions=tuple(
        Reaction(f"rejection_of_{cell}", f"rejection_rate * {cell}", reactants={cell: 1})
        for cell in CELLS
    ),
)
