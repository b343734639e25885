r"""A solid tumour suppresses the product cells inside it, the more, the larger it is.

.. math:: \pi = 1 - s\,\frac{T}{T + K_s}

:math:`\pi` is the share of signal and killing that is left: regulatory and myeloid cells, lack of
oxygen and nutrients, and matrix together, everything but the checkpoint brake. No measurement
separates them, so both constants are wide priors; that CAR-T cells do less in solid tumours than in
blood is what they stand for. The structural alternative is ``microenvironment_none``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="hostile_microenvironment",
    parameters=("microenvironment/suppression", "microenvironment/suppression_half_tumour"),
    rules=(
        Rule(
            "tumour_permissiveness",
            "1 - suppression * tumour_cells / (tumour_cells + suppression_half_tumour)",
            "1",
        ),
    ),
    observables=(
        Observable(
            "permissiveness", "tumour_permissiveness", "1", "T-cell function left in the tumour"
        ),
    ),
)
