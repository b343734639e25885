r"""Naive T cells matured outside the body are infused; few of them stay.

.. math:: I_n' = -k_{lung} I_n, \qquad n' = f\,k_{lung} I_n

What ``infusion`` does to stem and memory cells, for the naive cells that organoids make from edited
blood stem cells (artificial thymic organoids give CD3+ T cells of a mature naive phenotype: Seet
2017, doi:10.1038/nmeth.4237).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="naive_infusion",
    parameters=("t_cell/lung_release_rate", "t_cell/retained_dose_fraction"),
    species=(Species("naive_infused", "cell"), Species("naive_blood", "cell")),
    reactions=(
        Reaction(
            "naive_retained",
            "retained_dose_fraction * lung_release_rate * naive_infused",
            reactants={"naive_infused": 1},
            products={"naive_blood": 1},
        ),
        Reaction(
            "naive_lost_on_infusion",
            "(1 - retained_dose_fraction) * lung_release_rate * naive_infused",
            reactants={"naive_infused": 1},
        ),
    ),
)
