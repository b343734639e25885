r"""A tumour that suppresses nothing.

.. math:: \pi = 1

The structural alternative of ``hostile_microenvironment``: the solid tumour as permissive as blood.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="microenvironment_none", rules=(Rule("tumour_permissiveness", "1", "1"),)
)
