r"""Aspergillus grows in tissue; competent neutrophils damage it and lend oxidants to the others.

.. math::

    F' = g_F\,\max\Bigl(0, 1 - \frac{F}{K_F}\Bigr) F
    - \frac{g_F}{N_F}\bigl[N_+ (1 + c\,(1 - q)) + \rho_F N_-\bigr] F

Neutrophils without an oxidase do not damage hyphae, but a few normal ones among many of them damage
more than either alone, probably because hydrogen peroxide diffuses to the others' myeloperoxidase
(Rex 1990, doi:10.1093/infdis/162.2.523): that is :math:`c`. With it fewer corrected cells should do
against a mould than against bacteria, as was found in mice (Dinauer 2001, Blood 97:3738). The
threshold solves :math:`q (1 + c (1 - q)) + \rho_F (1 - q) = N_F/N_{site}`.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="fungal_infection",
    parameters=(
        "infection/fungal_growth_rate",
        "infection/fungal_capacity",
        "infection/fungal_critical_neutrophils",
        "infection/fungal_deficient_killing",
        "infection/oxidant_sharing",
        "infection/site_neutrophils",
    ),
    species=(
        Species("fungus", "cell", countable=True),
        Species("tissue_competent", "cell/uL", absolute_tolerance=1e-3),
        Species("tissue_deficient", "cell/uL", absolute_tolerance=1e-3),
    ),
    rules=(
        Rule("oxidants_shared", "1 + oxidant_sharing * (1 - oxidase_positive)", "1"),
        Rule(
            "fungal_control",
            "(competent_at_site * oxidants_shared + fungal_deficient_killing * deficient_at_site)"
            " / fungal_critical_neutrophils",
            "1",
        ),
        Rule(
            "fungal_shortfall",
            "fungal_critical_neutrophils / site_neutrophils - fungal_deficient_killing",
            "1",
        ),
        Rule("fungal_gain", "1 + oxidant_sharing - fungal_deficient_killing", "1"),
    ),
    reactions=(
        Reaction(
            "fungal_growth",
            "fungal_growth_rate * max(0, 1 - fungus / fungal_capacity) * fungus",
            reactants={"fungus": 1},
            products={"fungus": 2},
        ),
        Reaction(
            "fungal_killing",
            "fungal_growth_rate * (tissue_competent * oxidants_shared"
            " + fungal_deficient_killing * tissue_deficient)"
            " / fungal_critical_neutrophils * fungus",
            reactants={"fungus": 1},
        ),
    ),
    observables=(
        Observable("fungus_in_tissue", "fungus", "cell", "Aspergillus in tissue"),
        Observable(
            # the smaller root of a quadratic, in the form that does not cancel
            "fungal_threshold_share",
            "2 * fungal_shortfall / (fungal_gain + sqrt(max(0,"
            " fungal_gain**2 - 2 * 2 * oxidant_sharing * fungal_shortfall)))",
            "1",
            "Corrected share that contains Aspergillus",
        ),
    ),
)
