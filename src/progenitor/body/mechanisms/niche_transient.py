r"""Progenitors pass through the marrow without a place in the niche: the graft fades.

.. math::

    G_{free}' = p_G (2\varphi_0 - 1) G_{free} - \lambda G_{free}, \qquad
    P_1' = 2 p_G (1 - \varphi_0) G_{free} + \lambda G_{free}

:math:`\varphi_0` is the probability that a division renews, below one half in culture (Wilson 2020,
doi:10.1371/journal.pcbi.1007620), and :math:`\lambda` the rate at which a cell commits without the
niche to hold it; both together are how fast an unmodified graft is seen to vanish (Boyer 2019).
The structural alternative is ``niche_engraftable``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="niche_transient",
    parameters=(
        "gmp/gmp_division_rate",
        "gmp/gmp_renewal_probability",
        "gmp/gmp_exit_rate",
    ),
    species=(Species("gmp_free", "cell"), Species("committed_1", "cell")),
    reactions=(
        Reaction(
            "gmp_renewal",
            "gmp_division_rate * gmp_renewal_probability * gmp_free",
            reactants={"gmp_free": 1},
            products={"gmp_free": 2},
        ),
        Reaction(
            "gmp_differentiation",
            "gmp_division_rate * (1 - gmp_renewal_probability) * gmp_free",
            reactants={"gmp_free": 1},
            products={"committed_1": 2},
        ),
        Reaction(
            "gmp_exit",
            "gmp_exit_rate * gmp_free",
            reactants={"gmp_free": 1},
            products={"committed_1": 1},
        ),
    ),
)
