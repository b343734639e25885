r"""Receptor-bearing naive T cells wait in blood and lymph until they meet the antigen.

.. math:: n' = J_{thymus} + J_{infused} - d_n n - k_n a\,n, \qquad S' = k_n a\,n

A naive cell that sees the antigen becomes a stem memory cell, whose divisions are those of
``expansion``. Naive cells die at 0.002 /day (Sové 2020, doi:10.1002/psp4.12546), are not counted
among CAR-T cells in blood and take no interleukin-15 here: they live on interleukin-7.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="naive_t_cells",
    parameters=(
        "naive_t/naive_death_rate",
        "naive_t/naive_activation_rate",
        "host/t_cell_distribution_volume",
    ),
    species=(Species("naive_blood", "cell"), Species("tscm_blood", "cell")),
    reactions=(
        Reaction("naive_death", "naive_death_rate * naive_blood", reactants={"naive_blood": 1}),
        Reaction(
            "naive_activation",
            "naive_activation_rate * antigen_signal_blood * naive_blood",
            reactants={"naive_blood": 1},
            products={"tscm_blood": 1},
        ),
    ),
    observables=(
        Observable(
            "product_naive_in_blood",
            "naive_blood / t_cell_distribution_volume",
            "cell/uL",
            "Naive product T cells in blood",
        ),
    ),
)
