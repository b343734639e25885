r"""Product T cells kill a solid tumour from within, as far as it lets them.

.. math::

    \kappa = v\,\pi\,(1-b)\,k_T \frac{F}{F + K_E}, \qquad
    F = E_{tumour} + w_C\,(S + C)_{tumour} + w_X X_{tumour}, \qquad T^{+\prime} = -\kappa\,T^+

The form and constants of ``killing`` (Kimmel 2021, doi:10.1098/rspb.2021.0229), with two
differences: only cells that reached the tumour count, and microenvironment (:math:`\pi`),
checkpoint brake (:math:`b`) and visibility of the target (:math:`v`) take their part.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

PHENOTYPES: Final = ("tscm", "tcm", "teff", "tex")

MECHANISM: Final = Mechanism(
    name="killing_solid",
    parameters=(
        "t_cell/kill_rate",
        "t_cell/kill_half_saturation",
        "t_cell/memory_kill_weight",
        "t_cell/exhausted_kill_weight",
    ),
    species=(
        Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),
        *(Species(f"{phenotype}_tumour", "cell") for phenotype in PHENOTYPES),
    ),
    rules=(
        Rule(
            "killers",
            "teff_tumour + memory_kill_weight * (tscm_tumour + tcm_tumour)"
            " + exhausted_kill_weight * tex_tumour",
            "cell",
        ),
        Rule(
            "kill_rate_now",
            "target_visibility * function_in_tumour * kill_rate * killers"
            " / (killers + kill_half_saturation)",
            "1/day",
        ),
    ),
    reactions=(
        Reaction(
            "tumour_kill",
            "kill_rate_now * tumour_positive",
            reactants={"tumour_positive": 1},
        ),
    ),
    observables=(
        Observable("product_kill", "kill_rate_now", "1/day", "Tumour killed by the product"),
        Observable(
            "product_in_tumour",
            "tscm_tumour + tcm_tumour + teff_tumour + tex_tumour",
            "cell",
            "Product T cells in the tumour",
        ),
    ),
)
