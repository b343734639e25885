r"""No checkpoint holds T cells back.

.. math:: b_{host} = b_{product} = 0

The structural alternative of ``checkpoint_brake``, for tumours that show no ligand.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="checkpoint_brake_none",
    rules=tuple(
        Rule(name, "0", "1") for name in ("brake_at_rest", "brake_on_host", "brake_on_product")
    ),
)
