r"""Bacteria in blood, spilt from the tissue where they grow.

.. math:: b = \varepsilon_b \frac{B}{V}

A fixed share :math:`\varepsilon_b` of the load in tissue :math:`B` stands in the blood volume
:math:`V`: what enters is cleared within minutes, so blood follows tissue. The share is not known
and drops out of ratios between groups.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="bacteraemia",
    parameters=("infection/bacteraemia_share", "host/blood_volume"),
    species=(Species("bacteria", "cell", countable=True),),
    observables=(
        Observable(
            "bacteria_in_blood",
            "bacteraemia_share * bacteria / blood_volume",
            "cell/uL",
            "Bacteria in blood",
        ),
    ),
)
