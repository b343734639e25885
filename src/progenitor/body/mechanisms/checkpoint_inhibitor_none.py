r"""No checkpoint inhibitor: no receptor is occupied.

.. math:: o = 0

The structural alternative of ``checkpoint_inhibitor`` where none is given, so that nothing is
spent on following it.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="checkpoint_inhibitor_none", rules=(Rule("receptor_occupancy", "0", "1"),)
)
