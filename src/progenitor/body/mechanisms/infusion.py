r"""The infused cells leave the lung and few of them stay.

.. math::

    I_i' = -k_{lung} I_i, \qquad i_{blood}' = f\,k_{lung} I_i

:math:`I_i` are infused cells of phenotype :math:`i` held in the lung and lost spleen passages and
:math:`f` the retained share of the dose, which published kinetic fits disagree about by orders of
magnitude (Kirouac 2023: rapid dose loss 334-1000 /day).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Species

__all__ = ["MECHANISM"]

PHENOTYPES: Final = ("tscm", "tcm", "teff", "tex")

MECHANISM: Final = Mechanism(
    name="infusion",
    parameters=("t_cell/lung_release_rate", "t_cell/retained_dose_fraction"),
    species=tuple(
        species
        for phenotype in PHENOTYPES
        for species in (
            Species(f"{phenotype}_infused", "cell"),
            Species(f"{phenotype}_blood", "cell"),
        )
    ),
    reactions=tuple(
        reaction
        for phenotype in PHENOTYPES
        for reaction in (
            Reaction(
                f"{phenotype}_retained",
                f"retained_dose_fraction * lung_release_rate * {phenotype}_infused",
                reactants={f"{phenotype}_infused": 1},
                products={f"{phenotype}_blood": 1},
            ),
            Reaction(
                f"{phenotype}_lost_on_infusion",
                f"(1 - retained_dose_fraction) * lung_release_rate * {phenotype}_infused",
                reactants={f"{phenotype}_infused": 1},
            ),
        )
    ),
)
