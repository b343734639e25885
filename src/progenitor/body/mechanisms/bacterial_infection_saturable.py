r"""Bacteria against neutrophils whose killing saturates, so that the inoculum decides.

.. math::

    B' = g\,\max\Bigl(0, 1 - \frac{B}{K}\Bigr) B
    - \frac{g}{N_c}(N_+ + \rho_0 N_-) \frac{B}{1 + B/K_2}, \qquad
    q^*(B) = \frac{(1 + B/K_2) N_c/N_{site} - \rho_0}{1 - \rho_0}

Neutrophils that each handle a limited number of bacteria make the outcome depend on where the
infection starts: between two thresholds both containment and overgrowth are stable (Malka, Shochat
and Rom-Kedar 2010, doi:10.1371/journal.pone.0010010; the form is from memory). For few bacteria it
is ``bacterial_infection``, its structural alternative, and :math:`q^*(0)` is the share it reports.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="bacterial_infection_saturable",
    parameters=(
        "infection/bacterial_growth_rate",
        "infection/bacterial_capacity",
        "infection/critical_neutrophils",
        "infection/killing_half_load",
        "infection/deficient_killing",
        "infection/site_neutrophils",
    ),
    species=(
        Species("bacteria", "cell", countable=True),
        Species("tissue_competent", "cell/uL", absolute_tolerance=1e-3),
        Species("tissue_deficient", "cell/uL", absolute_tolerance=1e-3),
    ),
    rules=(
        Rule(
            "bacterial_control",
            "(competent_at_site + deficient_killing * deficient_at_site) / critical_neutrophils",
            "1",
        ),
    ),
    reactions=(
        Reaction(
            "bacterial_growth",
            "bacterial_growth_rate * max(0, 1 - bacteria / bacterial_capacity) * bacteria",
            reactants={"bacteria": 1},
            products={"bacteria": 2},
        ),
        Reaction(
            "bacterial_killing",
            "bacterial_growth_rate * (tissue_competent + deficient_killing * tissue_deficient)"
            " / critical_neutrophils * bacteria / (1 + bacteria / killing_half_load)",
            reactants={"bacteria": 1},
        ),
    ),
    observables=(
        Observable("bacteria_in_tissue", "bacteria", "cell", "Bacteria in tissue"),
        Observable(
            "threshold_share",
            "(critical_neutrophils / site_neutrophils - deficient_killing)"
            " / (1 - deficient_killing)",
            "1",
            "Corrected share that contains bacteria",
        ),
    ),
)
