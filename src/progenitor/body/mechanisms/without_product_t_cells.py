r"""A product without T cells in a host whose equations ask for them: there are none.

.. math:: S = C = E = X = 0, \qquad a = 0, \qquad L = 0

Hosts describe lymphocytes, B cells and cytokines together with the CAR-T cells that act on them;
myeloid products list this so that one description of a host serves every product.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="without_product_t_cells",
    species=tuple(
        Species(f"{phenotype}_{site}", "cell")
        for phenotype in ("tscm", "tcm", "teff", "tex")
        for site in ("blood", "tumour")
    ),
    rules=(
        Rule("car_t_level", "0", "cell/uL"),
        Rule("antigen_signal_blood", "0", "1"),
        Rule("antigen_signal_tumour", "0", "1"),
    ),
)
