r"""Soluble BCMA in serum, a marker of how many myeloma cells are left.

.. math:: s' = \frac{p_s\,T}{V} - k_s s

Production per cell, loss and the volume are those of Singh 2021 (doi:10.1002/psp4.12598, Table 1).
That it also blocks the receptor of CAR-T cells is not modelled: no strength of it was found.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="soluble_bcma",
    parameters=(
        "disease/tumour_at_enrolment",
        "multiple_myeloma/bcma_shedding_rate",
        "multiple_myeloma/bcma_loss_rate",
        "multiple_myeloma/marrow_volume",
    ),
    species=(
        Species(
            "soluble_bcma",
            "pg/mL",
            initial="bcma_shedding_rate * tumour_at_enrolment / (marrow_volume * bcma_loss_rate)",
            absolute_tolerance=1e-3,
        ),
    ),
    reactions=(
        Reaction(
            "bcma_shedding",
            "bcma_shedding_rate * tumour_cells / marrow_volume",
            products={"soluble_bcma": 1},
        ),
        Reaction("bcma_loss", "bcma_loss_rate * soluble_bcma", reactants={"soluble_bcma": 1}),
    ),
    observables=(Observable("soluble_bcma_level", "soluble_bcma", "pg/mL", "Soluble BCMA"),),
)
