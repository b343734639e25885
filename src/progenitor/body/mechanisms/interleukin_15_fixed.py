r"""Interleukin-15 where no host lymphocytes consume it: always free.

.. math:: y = y_{free}, \qquad h = 1

The structural alternative of ``interleukin_15`` for hosts without lymphocytes, in which product
cells meet the full surplus from the first day to the last and deplete none of it.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="interleukin_15_fixed",
    parameters=("cytokine/interleukin_15_free",),
    species=(
        Species("interleukin_15", "pg/mL", initial="interleukin_15_free", absolute_tolerance=1e-4),
    ),
    rules=(
        Rule("interleukin_15_at_rest", "interleukin_15_free", "pg/mL"),
        Rule("proliferation_drive", "1", "1"),
    ),
    observables=(Observable("interleukin_15_level", "interleukin_15", "pg/mL", "Interleukin-15"),),
)
