r"""A receptor whose target no healthy tissue carries.

.. math:: A_h = 0, \qquad \kappa_{off} = 0, \qquad U = 1

The structural alternative of ``off_tumour_killing``: cancer-testis antigens such as NY-ESO-1, for
which no on-target injury was seen in trials.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="off_tumour_none",
    rules=(
        Rule("tissue_antigen", "0", "cell"),
        Rule("off_tumour_kill", "0", "1/day"),
        Rule("tissue_damage", "0", "1"),
    ),
    observables=(Observable("damaged_tissue", "tissue_damage", "1", "Healthy tissue lost"),),
)
