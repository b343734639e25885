r"""Interleukin-15 in a host without lymphocytes: product T cells use up what they live on.

.. math::

    y' = k_{15}(y_{free} - y) - q\,C\,y, \qquad h = \frac{H(y)}{H(y_{free})}, \qquad
    H(y) = \frac{y^n}{y^n + K_y^n}

The form of ``interleukin_15`` where there is no full host to measure a surplus against: the drive
is 1 in the empty host and falls as product cells fill it, so that they stay finite in mice without
lymphocytes, which ``interleukin_15_fixed`` does not ensure.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="interleukin_15_consumed",
    parameters=(
        "cytokine/interleukin_15_turnover",
        "cytokine/interleukin_15_free",
        "cytokine/interleukin_15_consumption",
        "cytokine/interleukin_15_half_effect",
        "cytokine/interleukin_15_steepness",
    ),
    species=(
        Species("interleukin_15", "pg/mL", initial="interleukin_15_free", absolute_tolerance=1e-4),
    ),
    rules=(
        Rule("interleukin_15_at_rest", "interleukin_15_free", "pg/mL"),
        Rule(
            "proliferation_drive",
            "hill(interleukin_15, interleukin_15_half_effect, interleukin_15_steepness)"
            " / hill(interleukin_15_free, interleukin_15_half_effect, interleukin_15_steepness)",
            "1",
        ),
    ),
    reactions=(
        Reaction(
            "interleukin_15_turnover_flux",
            "interleukin_15_turnover * (interleukin_15_free - interleukin_15)",
            products={"interleukin_15": 1},
        ),
        Reaction(
            "interleukin_15_uptake",
            "interleukin_15_consumption * car_t_circulating * interleukin_15",
            reactants={"interleukin_15": 1},
        ),
    ),
    observables=(Observable("interleukin_15_level", "interleukin_15", "pg/mL", "Interleukin-15"),),
)
