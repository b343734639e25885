r"""CAR-T cells kill in proportion to their number: no crowding, however many they are.

.. math::

    \kappa = k_T \frac{F}{K_E}, \qquad
    F = \sum_{site} E + w_C\,(S + C) + w_X X, \qquad T^{+\prime} = -\kappa\,T^+

The structural alternative of ``killing`` with the same slope where killers are few; published
fits of this form are in mice and in the spleen (Ganusov 2011; Barros 2021, Table 2).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="killing_mass_action",
    parameters=(
        "t_cell/kill_rate",
        "t_cell/kill_half_saturation",
        "t_cell/memory_kill_weight",
        "t_cell/exhausted_kill_weight",
    ),
    species=(Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),),
    rules=(
        Rule(
            "killers",
            "teff_blood + teff_tumour"
            " + memory_kill_weight * (tscm_blood + tcm_blood + tscm_tumour + tcm_tumour)"
            " + exhausted_kill_weight * (tex_blood + tex_tumour)",
            "cell",
        ),
        Rule("kill_rate_now", "kill_rate * killers / kill_half_saturation", "1/day"),
    ),
    reactions=(
        Reaction(
            "tumour_kill",
            "kill_rate_now * tumour_positive",
            reactants={"tumour_positive": 1},
        ),
    ),
)
