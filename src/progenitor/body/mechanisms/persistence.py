r"""Decline at homeostasis, contraction to memory and upkeep by surplus interleukin-15.

.. math::

    S' = \bigl[p_0(u - u^*) - \delta_S\bigr] S, \qquad
    C' = \bigl[p_0(u - u^*) - \delta_C\bigr] C + r(1-a)E, \qquad
    E' = -d_E E - r(1-a)E, \qquad
    u = \frac{y}{y + K_y}

:math:`u^*` is the upkeep at the interleukin-15 of a full host, so that :math:`\delta` is the net
decline that is observed months after infusion, whatever the gross turnover. Effectors that no
longer see antigen return to memory at rate :math:`r`. Slopes: Stein 2019
(doi:10.1002/psp4.12388, Table 1), Ogasawara 2021; stem memory turnover: deuterium labelling
(Costa del Amo 2018, doi:10.1371/journal.pbio.2005523).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Rule, Species

__all__ = ["MECHANISM"]

SITES: Final = ("blood", "tumour")


def _upkeep(site: str) -> tuple[Reaction, ...]:
    """Upkeep, death and return to memory at one site."""
    stem, memory, effector = f"tscm_{site}", f"tcm_{site}", f"teff_{site}"
    return (
        Reaction(
            f"stem_upkeep_{site}",
            f"homeostatic_division_rate * homeostatic_drive * {stem}",
            reactants={stem: 1},
            products={stem: 2},
        ),
        Reaction(
            f"stem_death_{site}",
            f"(stem_decline_rate + homeostatic_division_rate * upkeep_at_rest) * {stem}",
            reactants={stem: 1},
        ),
        Reaction(
            f"memory_upkeep_{site}",
            f"homeostatic_division_rate * homeostatic_drive * {memory}",
            reactants={memory: 1},
            products={memory: 2},
        ),
        Reaction(
            f"memory_death_{site}",
            f"(memory_decline_rate + homeostatic_division_rate * upkeep_at_rest) * {memory}",
            reactants={memory: 1},
        ),
        Reaction(
            f"effector_death_{site}", f"effector_death_rate * {effector}", reactants={effector: 1}
        ),
        Reaction(
            f"memory_formation_{site}",
            f"memory_formation_rate * (1 - antigen_signal_{site}) * {effector}",
            reactants={effector: 1},
            products={memory: 1},
        ),
    )


MECHANISM: Final = Mechanism(
    name="persistence",
    parameters=(
        "t_cell/homeostatic_division_rate",
        "t_cell/stem_decline_rate",
        "t_cell/memory_decline_rate",
        "t_cell/effector_death_rate",
        "t_cell/memory_formation_rate",
        "cytokine/interleukin_15_half_effect",
    ),
    species=tuple(
        Species(f"{phenotype}_{site}", "cell")
        for site in SITES
        for phenotype in ("tscm", "tcm", "teff")
    ),
    rules=(
        Rule(
            "upkeep_at_rest",
            "interleukin_15_at_rest / (interleukin_15_at_rest + interleukin_15_half_effect)",
            "1",
        ),
        Rule(
            "homeostatic_drive",
            "interleukin_15 / (interleukin_15 + interleukin_15_half_effect)",
            "1",
        ),
    ),
    reactions=tuple(reaction for site in SITES for reaction in _upkeep(site)),
)
