r"""Host monocytes in blood, against which the graft's monocytes are counted.

.. math:: M_h' = k_M (M_{rest} V g - M_h)

:math:`M_{rest}` is the count at rest, :math:`V` the blood volume and :math:`g` the level of host
progenitors in the niche relative to rest, so that a crowded or emptied niche makes fewer. Both
monocyte pools leave the blood at :math:`k_M`.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="host_monocytes",
    parameters=("gmp/monocyte_loss_rate", "host/monocyte_count", "host/blood_volume"),
    species=(Species("host_monocytes", "cell", initial="monocyte_count * blood_volume"),),
    reactions=(
        Reaction(
            "host_monocyte_release",
            "monocyte_loss_rate * monocyte_count * blood_volume * host_gmp_level",
            products={"host_monocytes": 1},
        ),
        Reaction(
            "host_monocyte_loss",
            "monocyte_loss_rate * host_monocytes",
            reactants={"host_monocytes": 1},
        ),
    ),
    observables=(
        Observable(
            "host_monocytes_in_blood",
            "host_monocytes / blood_volume",
            "cell/uL",
            "Host monocytes in blood",
        ),
    ),
)
