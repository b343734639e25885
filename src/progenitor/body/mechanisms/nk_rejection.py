r"""Natural killer cells reject cells that have lost class I, whoever they come from.

.. math::

    K' = r_K K (1 - K) - k_{LD} D\,K, \qquad k_R^{NK} = k_{NK}\,K

:math:`K` is the level of natural killer cells relative to a full host; conditioning :math:`D`
takes them, and they return before T cells do. The rate acts on class-I-negative cells alone
(missing self). Both numbers are priors: no rejection rate of edited cells in people was found.
The structural alternative is ``nk_none``, a product that natural killer cells are blind to.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="nk_rejection",
    parameters=(
        "natural_killer/nk_rejection_at_rest",
        "natural_killer/nk_return_rate",
        "lymphodepletion/lymphocyte_kill_rate",
    ),
    species=(Species("natural_killers", "1", initial="1", absolute_tolerance=1e-9),),
    rules=(Rule("nk_rejection_rate", "nk_rejection_at_rest * natural_killers", "1/day"),),
    reactions=(
        Reaction(
            "natural_killer_return",
            "nk_return_rate * natural_killers * (1 - natural_killers)",
            products={"natural_killers": 1},
        ),
        Reaction(
            "natural_killer_depletion",
            "lymphocyte_kill_rate * lymphodepletion * natural_killers",
            reactants={"natural_killers": 1},
        ),
    ),
    observables=(
        Observable(
            "natural_killer_level", "natural_killers", "1", "Natural killer cells, 1 at rest"
        ),
    ),
)
