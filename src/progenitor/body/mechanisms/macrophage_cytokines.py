r"""Macrophages of the product release interleukin-6 as they engulf tumour cells.

.. math::

    I_6' = p_\Phi\,c\,F\,\frac{T^+}{T^+ + K_M}

adds to what ``cytokine_release`` makes and clears; :math:`F` are macrophages within reach and
:math:`c` is 1 where they carry a CAR. The amount per cell is a wide prior.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="macrophage_cytokines",
    parameters=(
        "macrophage/macrophage_interleukin_6",
        "macrophage/engulfment_half_saturation",
    ),
    inputs={"car": "1"},
    species=(
        Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),
        Species(
            "interleukin_6", "pg/mL", initial="interleukin_6_baseline", absolute_tolerance=1e-3
        ),
    ),
    rules=(
        Rule(
            "macrophages_engaged",
            "car * macrophages_in_reach * tumour_positive"
            " / (tumour_positive + engulfment_half_saturation)",
            "cell",
        ),
    ),
    reactions=(
        Reaction(
            "interleukin_6_from_macrophages",
            "macrophage_interleukin_6 * macrophages_engaged",
            products={"interleukin_6": 1},
        ),
    ),
)
