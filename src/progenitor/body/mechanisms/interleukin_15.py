r"""Interleukin-15, released from its lymphocyte sink by lymphodepletion and consumed by T cells.

.. math::

    y' = k_{15}(y_{free} - y) - q\,(N + C)\,y, \qquad
    h = \max\left(0, \frac{H(y) - H(y^*)}{H(y_{free}) - H(y^*)}\right), \qquad
    H(y) = \frac{y^n}{y^n + K_y^n}

:math:`h` scales antigen-driven division: 1 in an emptied host, 0 at the level :math:`y^*` that a
full host leaves. Antigen without that surplus does not expand CAR-T cells in this form, so a
relapse meets the memory that is left; about 4 pg/mL rises to about 40 after lymphodepletion.
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
            "interleukin_15_at_rest",
            "interleukin_15_turnover * interleukin_15_free"
            " / (interleukin_15_turnover + interleukin_15_consumption * lymphocyte_capacity)",
            "pg/mL",
        ),
        Rule(
            "response_at_rest",
            "hill(interleukin_15_at_rest, interleukin_15_half_effect, interleukin_15_steepness)",
            "1",
        ),
        Rule(
            "response_when_free",
            "hill(interleukin_15_free, interleukin_15_half_effect, interleukin_15_steepness)",
            "1",
        ),
        Rule(
            "proliferation_drive",
            "max(0, (hill(interleukin_15, interleukin_15_half_effect, interleukin_15_steepness)"
            " - response_at_rest) / (response_when_free - response_at_rest))",
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
