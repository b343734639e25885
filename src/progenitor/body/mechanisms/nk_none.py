r"""Natural killer cells do not see the missing class I.

.. math:: k_R^{NK} = 0

The structural alternative of ``nk_rejection``: a product cloaked by another edit, or hosts without
natural killer cells.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(name="nk_none", rules=(Rule("nk_rejection_rate", "0", "1/day"),))
