r"""Progenitors take empty places in the niche and renew there the more, the emptier it is.

.. math::

    G_{free}' &= \bigl[p_G (2\varphi_0 - 1) - \lambda - k_h v\bigr] G_{free} + k_o G_n \\
    G_n' &= k_h v\,G_{free} + \bigl[p_G (2\varphi - 1) - k_o\bigr] G_n, \qquad
    \varphi = \varphi_0 + (\varphi_{max} - \varphi_0)\,v

:math:`v` is the share of places that is empty; free cells fade as in ``niche_transient``, its
structural alternative, cells in the niche neither exit nor die until they let go at :math:`k_o`.
Every division that does not renew gives two committed cells. Entry into empty places:
Ashcroft 2017 (doi:10.1371/journal.pcbi.1005803). No number of renewal or retention of engineered
progenitors is published: :math:`k_h`, :math:`k_o` and :math:`\varphi_{max}` are wide priors.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Rule, Species

__all__ = ["MECHANISM"]


def _divisions(cell: str, renewal: str) -> tuple[Reaction, ...]:
    """Divisions of the progenitors at one place: two of the same, or two committed cells."""
    return (
        Reaction(
            f"{cell}_renewal",
            f"gmp_division_rate * {renewal} * {cell}",
            reactants={cell: 1},
            products={cell: 2},
        ),
        Reaction(
            f"{cell}_differentiation",
            f"gmp_division_rate * (1 - {renewal}) * {cell}",
            reactants={cell: 1},
            products={"committed_1": 2},
        ),
    )


MECHANISM: Final = Mechanism(
    name="niche_engraftable",
    parameters=(
        "gmp/gmp_division_rate",
        "gmp/gmp_renewal_probability",
        "gmp/gmp_renewal_in_empty_niche",
        "gmp/gmp_exit_rate",
        "gmp/gmp_niche_entry_rate",
        "gmp/gmp_niche_release_rate",
    ),
    species=(
        Species("gmp_free", "cell"),
        Species("gmp_niche", "cell"),
        Species("committed_1", "cell"),
    ),
    rules=(
        Rule("places_open", "max(0, niche_vacancy)", "1"),
        Rule(
            "renewal_in_niche",
            "gmp_renewal_probability"
            " + (gmp_renewal_in_empty_niche - gmp_renewal_probability) * places_open",
            "1",
        ),
    ),
    reactions=(
        *_divisions("gmp_free", "gmp_renewal_probability"),
        *_divisions("gmp_niche", "renewal_in_niche"),
        Reaction(
            "gmp_exit",
            "gmp_exit_rate * gmp_free",
            reactants={"gmp_free": 1},
            products={"committed_1": 1},
        ),
        Reaction(
            "gmp_niche_entry",
            "gmp_niche_entry_rate * places_open * gmp_free",
            reactants={"gmp_free": 1},
            products={"gmp_niche": 1},
        ),
        Reaction(
            "gmp_niche_release",
            "gmp_niche_release_rate * gmp_niche",
            reactants={"gmp_niche": 1},
            products={"gmp_free": 1},
        ),
    ),
)
