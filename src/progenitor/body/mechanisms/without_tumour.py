r"""A disease without a tumour: nothing pulls cells to it.

.. math:: T = 0

What inherited deficiencies list, so that trafficking finds the tumour it asks for, empty.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="without_tumour",
    rules=(Rule("tumour_cells", "0", "cell"),),
    observables=(Observable("tumour_cells_total", "tumour_cells", "cell", "Tumour cells"),),
)
