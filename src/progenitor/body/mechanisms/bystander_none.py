r"""No product wakes host T cells beside it.

.. math:: \Phi = 0

The structural alternative of ``bystander_signal``, and what products without the signal list where
host anti-tumour T cells ask for it.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(name="bystander_none", rules=(Rule("bystander_signal", "0", "1"),))
