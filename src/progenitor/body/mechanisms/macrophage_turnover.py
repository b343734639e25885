r"""Macrophages of the product die where they are.

.. math:: \Phi_s' = -d_M \Phi_s

at every site :math:`s`. Fits to macrophages in mice use 0.02-0.03 /day; resident macrophages of a
graft may live longer, and no persistence of CAR-macrophages could be read.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Species

__all__ = ["MECHANISM"]

SITES: Final = ("liver", "lung", "spleen", "marrow", "tumour")

MECHANISM: Final = Mechanism(
    name="macrophage_turnover",
    parameters=("macrophage/macrophage_death_rate",),
    species=tuple(Species(f"macrophages_{site}", "cell") for site in SITES),
    reactions=tuple(
        Reaction(
            f"macrophage_death_{site}",
            f"macrophage_death_rate * macrophages_{site}",
            reactants={f"macrophages_{site}": 1},
        )
        for site in SITES
    ),
    observables=tuple(
        Observable(
            f"product_macrophages_in_{site}",
            f"macrophages_{site}",
            "cell",
            f"Product macrophages, {site}",
        )
        for site in SITES
    ),
)
