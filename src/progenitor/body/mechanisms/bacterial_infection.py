r"""Bacteria grow in tissue and are killed in proportion to the neutrophils around them.

.. math::

    B' = g\,\max\Bigl(0, 1 - \frac{B}{K}\Bigr) B - \frac{g}{N_c}(N_+ + \rho_0 N_-)\,B, \qquad
    q^* = \frac{N_c/N_{site} - \rho_0}{1 - \rho_0}

Below a critical concentration :math:`N_c` of neutrophils growth wins whatever the number of
bacteria (Li 2002, doi:10.1073/pnas.122244799: :math:`k = g/N_c`); without an oxidase a neutrophil
kills :math:`\rho_0` as well. So a threshold :math:`q^*` of competent neutrophils follows from a
concentration that was measured without any thought of this disease, and from how many gather.
:math:`R`, killing over growth where recruitment is full, is above 1 where the infection is
contained. Few bacteria are counted one by one and may die out by chance; in the structural
alternative, ``bacterial_infection_saturable``, killing saturates.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="bacterial_infection",
    parameters=(
        "infection/bacterial_growth_rate",
        "infection/bacterial_capacity",
        "infection/critical_neutrophils",
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
            " / critical_neutrophils * bacteria",
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
