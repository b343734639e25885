r"""Interleukin-15 that never changes: antigen and room alone end the expansion.

.. math:: y = y_{free}, \qquad h = h_0\,\max\!\left(0, 1 - \frac{C}{K_C}\right)

The structural alternative of ``interleukin_15`` in people: neither lymphodepletion nor returning
lymphocytes matter for division. Without the cytokine nothing else would bound cells that normal B
cells keep feeding with antigen, so they have a capacity :math:`K_C` of their own (Kimmel 2021,
doi:10.1098/rspb.2021.0229).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="interleukin_15_constant",
    parameters=(
        "cytokine/interleukin_15_free",
        "cytokine/constant_drive",
        "expansion/competition_capacity",
    ),
    species=(
        Species("interleukin_15", "pg/mL", initial="interleukin_15_free", absolute_tolerance=1e-4),
    ),
    rules=(
        Rule("interleukin_15_at_rest", "interleukin_15_free", "pg/mL"),
        Rule(
            "proliferation_drive",
            "constant_drive * max(0, 1 - car_t_circulating / competition_capacity)",
            "1",
        ),
    ),
    observables=(Observable("interleukin_15_level", "interleukin_15", "pg/mL", "Interleukin-15"),),
)
