r"""Infused progenitors leave the lung, and few of them reach the marrow.

.. math::

    I' = -k_{lung} I, \qquad G_{free}' = f\,k_{lung} I

:math:`I` are infused granulocyte-monocyte progenitors (GMP) held in the lung and :math:`f` the
share of the dose that seeds the marrow; the rest is lost. Leukocytes leave the lung with a
half-time near 15 min (McAfee 1977); the seeding share follows from how many blood cells a counted
graft gives.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="progenitor_infusion",
    parameters=("gmp/gmp_release_rate", "gmp/gmp_seeding_share"),
    species=(Species("gmp_infused", "cell"), Species("gmp_free", "cell")),
    reactions=(
        Reaction(
            "gmp_seeding",
            "gmp_seeding_share * gmp_release_rate * gmp_infused",
            reactants={"gmp_infused": 1},
            products={"gmp_free": 1},
        ),
        Reaction(
            "gmp_lost_on_infusion",
            "(1 - gmp_seeding_share) * gmp_release_rate * gmp_infused",
            reactants={"gmp_infused": 1},
        ),
    ),
    observables=(Observable("gmp_in_lung", "gmp_infused", "cell", "Infused GMP in the lung"),),
)
