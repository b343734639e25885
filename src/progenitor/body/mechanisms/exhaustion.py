r"""Effectors under lasting antigen become exhausted (TOX/NR4A programme) and die slowly.

.. math::

    E' = -k_X\,a\,E, \qquad X' = k_X\,a\,E - d_X X

Only effectors exhaust: stem and memory cells outlive the signal, which is why a stem-like product
can lose effectors and replace them. The rate form; in-vitro dysfunction needs 20-35 days of
chronic antigen (Good 2021).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Species

__all__ = ["MECHANISM"]

SITES: Final = ("blood", "tumour")

MECHANISM: Final = Mechanism(
    name="exhaustion",
    parameters=("t_cell/exhaustion_rate", "t_cell/exhausted_death_rate"),
    species=tuple(
        Species(f"{phenotype}_{site}", "cell") for site in SITES for phenotype in ("teff", "tex")
    ),
    reactions=tuple(
        reaction
        for site in SITES
        for reaction in (
            Reaction(
                f"exhaustion_{site}",
                f"exhaustion_rate * antigen_signal_{site} * teff_{site}",
                reactants={f"teff_{site}": 1},
                products={f"tex_{site}": 1},
            ),
            Reaction(
                f"exhausted_death_{site}",
                f"exhausted_death_rate * tex_{site}",
                reactants={f"tex_{site}": 1},
            ),
        )
    ),
)
