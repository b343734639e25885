r"""Host neutrophils in blood, against which the graft's neutrophils are counted.

.. math:: Q_h' = d_Q (Q_{rest} V g - Q_h)

:math:`Q_{rest}` is the count at rest, :math:`V` the blood volume and :math:`g` the level of host
progenitors in the niche relative to rest. A pool without feedback or marrow reserve: enough to read
chimerism, not to read neutropenia.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="host_neutrophils",
    parameters=("gmp/neutrophil_loss_rate", "host/neutrophil_count", "host/blood_volume"),
    species=(Species("host_neutrophils", "cell", initial="neutrophil_count * blood_volume"),),
    reactions=(
        Reaction(
            "host_neutrophil_release",
            "neutrophil_loss_rate * neutrophil_count * blood_volume * host_gmp_level",
            products={"host_neutrophils": 1},
        ),
        Reaction(
            "host_neutrophil_loss",
            "neutrophil_loss_rate * host_neutrophils",
            reactants={"host_neutrophils": 1},
        ),
    ),
    observables=(
        Observable(
            "host_neutrophils_in_blood",
            "host_neutrophils / blood_volume",
            "cell/uL",
            "Host neutrophils in blood",
        ),
    ),
)
