r"""Effectors exhaust by how much antigen they have seen, not by how much they see.

.. math::

    \chi = k_X \frac{Z^2}{Z^2 + Z_0^2}, \qquad Z' = a\,\frac{E}{E + E_0} - \frac{Z}{\tau_Z}, \qquad
    E' = -\chi E, \qquad X' = \chi E - d_X X

:math:`Z` is the antigen memory of the effectors at a site: their signal, summed up and forgotten
over :math:`\tau_Z`. It stands still while there are no effectors (:math:`E_0` is one cell), so that
antigen seen before the infusion does not count. The structural alternative of ``exhaustion``: short
encounters cost nothing, lasting ones everything; dysfunction takes 20-35 days of antigen in vitro
(Good 2021, from memory).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

SITES: Final = ("blood", "tumour")


def _site(site: str) -> tuple[Reaction, ...]:
    """Return the antigen memory of one site and what it does."""
    memory, effector, exhausted = f"antigen_memory_{site}", f"teff_{site}", f"tex_{site}"
    return (
        Reaction(
            f"antigen_remembered_{site}",
            f"antigen_signal_{site} * {effector} / ({effector} + integrator_presence)",
            products={memory: 1},
        ),
        Reaction(
            f"antigen_forgotten_{site}", f"{memory} / antigen_memory_time", reactants={memory: 1}
        ),
        Reaction(
            f"exhaustion_{site}",
            f"exhaustion_now_{site} * {effector}",
            reactants={effector: 1},
            products={exhausted: 1},
        ),
        Reaction(
            f"exhausted_death_{site}",
            f"exhausted_death_rate * {exhausted}",
            reactants={exhausted: 1},
        ),
    )


MECHANISM: Final = Mechanism(
    name="exhaustion_integrator",
    parameters=(
        "t_cell/integrator_exhaustion_rate",
        "t_cell/exhausted_death_rate",
        "t_cell/antigen_memory_time",
        "t_cell/antigen_memory_half",
        "t_cell/integrator_presence",
    ),
    species=tuple(
        species
        for site in SITES
        for species in (
            Species(f"antigen_memory_{site}", "day", absolute_tolerance=1e-6),
            Species(f"teff_{site}", "cell"),
            Species(f"tex_{site}", "cell"),
        )
    ),
    rules=tuple(
        Rule(
            f"exhaustion_now_{site}",
            f"integrator_exhaustion_rate * hill(antigen_memory_{site}, antigen_memory_half, 2)",
            "1/day",
        )
        for site in SITES
    ),
    reactions=tuple(reaction for site in SITES for reaction in _site(site)),
    observables=tuple(
        Observable(
            f"antigen_seen_in_{site}", f"antigen_memory_{site}", "day", f"Antigen seen in {site}"
        )
        for site in SITES
    ),
)
