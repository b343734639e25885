r"""Which share of the neutrophils in blood can make reactive oxygen, the dihydrorhodamine test.

.. math:: q = \frac{Q + q_h Q_h}{Q + Q_h}

:math:`Q` are neutrophils of the product, all of them competent, and :math:`Q_h` those of the host,
of which :math:`q_h` are competent: none in chronic granulomatous disease, all in health, and
whatever chance left to a carrier of the X-linked form (46 % on average, Marciano 2018). Activity
per cell is not graded.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="oxidase_share",
    parameters=("host/blood_volume",),
    inputs={"host_oxidase": "1"},
    species=(Species("neutrophils_blood", "cell"),),
    rules=(
        Rule("neutrophil_total", "neutrophils_blood + host_neutrophils", "cell"),
        Rule(
            "competent_neutrophils", "neutrophils_blood + host_oxidase * host_neutrophils", "cell"
        ),
        Rule("deficient_neutrophils", "(1 - host_oxidase) * host_neutrophils", "cell"),
        Rule("oxidase_positive", "competent_neutrophils / neutrophil_total", "1"),
    ),
    observables=(
        Observable(
            "oxidase_positive_share", "oxidase_positive", "1", "Oxidase-positive neutrophils"
        ),
        Observable(
            "neutrophils_in_blood",
            "neutrophil_total / blood_volume",
            "cell/uL",
            "Neutrophils in blood",
        ),
    ),
)
