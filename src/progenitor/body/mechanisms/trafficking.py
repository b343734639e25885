r"""Cells move from blood into the tumour and back.

.. math::

    i_{blood}' = -k_{in}\frac{T}{T + K_H} i_{blood} + k_{out}\, i_{tumour}

Homing rises with the tumour mass :math:`T` and saturates; every phenotype returns at one rate.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Rule, Species

__all__ = ["MECHANISM"]

PHENOTYPES: Final = ("tscm", "tcm", "teff", "tex")

MECHANISM: Final = Mechanism(
    name="trafficking",
    parameters=(
        "t_cell/tumour_homing_rate",
        "t_cell/tumour_exit_rate",
        "t_cell/homing_half_tumour",
    ),
    species=tuple(
        Species(f"{phenotype}_{site}", "cell")
        for phenotype in PHENOTYPES
        for site in ("blood", "tumour")
    ),
    rules=(Rule("homing_drive", "tumour_cells / (tumour_cells + homing_half_tumour)", "1"),),
    reactions=tuple(
        reaction
        for phenotype in PHENOTYPES
        for reaction in (
            Reaction(
                f"{phenotype}_homing",
                f"tumour_homing_rate * homing_drive * {phenotype}_blood",
                reactants={f"{phenotype}_blood": 1},
                products={f"{phenotype}_tumour": 1},
            ),
            Reaction(
                f"{phenotype}_exit",
                f"tumour_exit_rate * {phenotype}_tumour",
                reactants={f"{phenotype}_tumour": 1},
                products={f"{phenotype}_blood": 1},
            ),
        )
    ),
)
