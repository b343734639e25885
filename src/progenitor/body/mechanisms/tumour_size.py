r"""The tumour relative to what it was at enrolment, as a trial measures response.

.. math:: R = \frac{T^+ + T^-}{T_0(1 + f^-)}

A sphere whose diameter falls by 30 % keeps 34 % of its volume, one whose diameter grows by 20 % has
173 %: partial response and progression by RECIST 1.1 in volumes.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="tumour_size",
    parameters=("disease/tumour_at_enrolment", "disease/antigen_negative_share"),
    observables=(
        Observable(
            "relative_tumour_size",
            "tumour_cells / (tumour_at_enrolment * (1 + antigen_negative_share))",
            "1",
            "Tumour relative to enrolment",
        ),
    ),
)
