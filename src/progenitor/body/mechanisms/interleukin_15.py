r"""Interleukin-15, released from its lymphocyte sink by lymphodepletion and consumed by T cells.

.. math::

    y' = k_{15}(y_{free} - y) - q\,(N + C)\,y, \qquad
    h = \frac{y^n/(y^n + K_y^n)}{y_{free}^n/(y_{free}^n + K_y^n)}

:math:`h` scales antigen-driven division from one in an empty host towards its value at homeostasis;
homeostatic division needs no antigen. About 4 pg/mL rises to about 40 pg/mL after lymphodepletion.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="interleukin_15",
    parameters=(
        "cytokine/interleukin_15_turnover",
        "cytokine/interleukin_15_free",
        "cytokine/interleukin_15_consumption",
        "cytokine/interleukin_15_half_effect",
        "cytokine/interleukin_15_steepness",
    ),
    species=(
        Species(
            "interleukin_15",
            "pg/mL",
            initial="interleukin_15_turnover * interleukin_15_free"
            " / (interleukin_15_turnover + interleukin_15_consumption * lymphocytes_at_enrolment)",
            absolute_tolerance=1e-4,
        ),
    ),
    rules=(
        Rule(
            "free_response",
            "hill(interleukin_15_free, interleukin_15_half_effect, interleukin_15_steepness)",
            "1",
        ),
        Rule(
            "proliferation_drive",
            "hill(interleukin_15, interleukin_15_half_effect, interleukin_15_steepness)"
            " / free_response",
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
            "interleukin_15_consumption * (lymphocytes + car_t_circulating) * interleukin_15",
            reactants={"interleukin_15": 1},
        ),
    ),
    observables=(Observable("interleukin_15_level", "interleukin_15", "pg/mL", "Interleukin-15"),),
)
