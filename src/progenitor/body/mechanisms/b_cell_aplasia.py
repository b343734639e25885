r"""Normal B cells share the antigen, so they vanish while CAR-T cells persist.

.. math::

    B_p' = s_B - k_B B_p - \kappa_B B_p - k_{LD} D B_p, \qquad
    B' = A_B k_B B_p - d_B B - \kappa_B B

:math:`\kappa_B = \kappa_{B,max} C/(C + K_B)`: half of the effect at a CAR-T level near 2.4 cells/µL
(Park 2025). About half of patients have B cells again one year after axi-cel (Kimmel 2021).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="b_cell_aplasia",
    parameters=(
        "host/b_cells_at_enrolment",
        "host/b_precursor_production",
        "host/b_maturation_rate",
        "host/b_maturation_yield",
        "host/b_cell_death_rate",
        "host/b_cell_kill_rate",
        "host/b_cell_kill_half_level",
        "host/b_cell_distribution_volume",
    ),
    species=(
        Species("b_precursors", "cell", initial="b_precursor_production / b_maturation_rate"),
        Species("b_cells", "cell", initial="b_cells_at_enrolment"),
    ),
    rules=(
        Rule(
            "b_cell_kill",
            "b_cell_kill_rate * car_t_level / (car_t_level + b_cell_kill_half_level)",
            "1/day",
        ),
    ),
    reactions=(
        Reaction("b_precursor_birth", "b_precursor_production", products={"b_precursors": 1}),
        Reaction(
            "b_maturation",
            "b_maturation_rate * b_precursors",
            reactants={"b_precursors": 1},
        ),
        Reaction(
            "b_emigration",
            "b_maturation_yield * b_maturation_rate * b_precursors",
            products={"b_cells": 1},
        ),
        Reaction("b_precursor_kill", "b_cell_kill * b_precursors", reactants={"b_precursors": 1}),
        Reaction("b_cell_kill", "b_cell_kill * b_cells", reactants={"b_cells": 1}),
        Reaction("b_cell_death", "b_cell_death_rate * b_cells", reactants={"b_cells": 1}),
        Reaction(
            "b_precursor_depletion",
            "lymphocyte_kill_rate * lymphodepletion * b_precursors",
            reactants={"b_precursors": 1},
        ),
    ),
    observables=(
        Observable(
            "b_cells_in_blood",
            "b_cells / b_cell_distribution_volume",
            "cell/uL",
            "B cells in blood",
        ),
    ),
)
