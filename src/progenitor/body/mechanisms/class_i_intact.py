r"""Product cells with their own class I: host T cells reject them, natural killer cells do not.

.. math:: k_R = k_R^T

The structural alternative is ``class_i_loss``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="class_i_intact",
    rules=(Rule("rejection_rate", "t_cell_rejection_rate", "1/day"),),
    observables=(
        Observable("rejection_per_day", "rejection_rate", "1/day", "Rejection of the product"),
    ),
)
