r"""The host rejects product T cells, at one rate wherever they are.

.. math:: S' = -k_R S, \quad C' = -k_R C, \quad E' = -k_R E, \quad X' = -k_R X

:math:`k_R` comes from ``class_i_intact`` or ``class_i_loss``. That all phenotypes are rejected
alike is assumed.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Species

__all__ = ["MECHANISM"]

CELLS: Final = tuple(
    f"{phenotype}_{site}"
    for site in ("blood", "tumour")
    for phenotype in ("tscm", "tcm", "teff", "tex")
)

MECHANISM: Final = Mechanism(
    name="t_cell_rejection",
    species=tuple(Species(cell, "cell") for cell in CELLS),
    reactions=tuple(
        Reaction(f"rejection_of_{cell}", f"rejection_rate * {cell}", reactants={cell: 1})
        for cell in CELLS
    ),
)
