r"""Host progenitors in the niche: refilled from above, emptied by conditioning, crowded by a graft.

.. math::

    G_h' = \tau G_{h0} \min\Bigl(1, \frac{v}{v_0}\Bigr) - \tau G_h - k_c D\,G_h, \qquad
    v = 1 - (1 - v_0)\frac{G_h + G_n}{G_{h0}}, \qquad \tau = \lambda + p_G (1 - 2\varphi_0)

At rest :math:`G_{h0}` host cells leave the share :math:`v_0` of all places empty. They come from
stem cells at a constant rate as long as places are open and leave as fast as an unmodified graft
fades, :math:`\tau`; :math:`D` are conditioning doses acting. A graft in the niche (:math:`G_n`)
keeps host cells out. One neutral niche with places after Ashcroft 2017
(doi:10.1371/journal.pcbi.1005803).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="host_progenitors",
    parameters=(
        "gmp/host_gmp_count",
        "gmp/niche_vacancy_at_rest",
        "gmp/gmp_division_rate",
        "gmp/gmp_renewal_probability",
        "gmp/gmp_exit_rate",
        "gmp/gmp_conditioning_kill_rate",
    ),
    species=(
        Species("host_gmp", "cell", initial="host_gmp_count"),
        Species("gmp_niche", "cell"),
        Species("lymphodepletion", "1"),
    ),
    rules=(
        Rule(
            "gmp_turnover",
            "gmp_exit_rate + gmp_division_rate * (1 - 2 * gmp_renewal_probability)",
            "1/day",
        ),
        Rule("niche_places", "host_gmp_count / (1 - niche_vacancy_at_rest)", "cell"),
        Rule("host_gmp_level", "host_gmp / host_gmp_count", "1"),
        Rule("niche_vacancy", "1 - (host_gmp + gmp_niche) / niche_places", "1"),
    ),
    reactions=(
        Reaction(
            "host_gmp_arrival",
            "max(0, gmp_turnover) * host_gmp_count"
            " * min(1, max(0, niche_vacancy) / niche_vacancy_at_rest)",
            products={"host_gmp": 1},
        ),
        Reaction(
            "host_gmp_departure", "max(0, gmp_turnover) * host_gmp", reactants={"host_gmp": 1}
        ),
        Reaction(
            "host_gmp_conditioning",
            "gmp_conditioning_kill_rate * lymphodepletion * host_gmp",
            reactants={"host_gmp": 1},
        ),
    ),
    observables=(
        Observable("gmp_in_niche", "gmp_niche", "cell", "Product GMP in the niche"),
        Observable("host_gmp_in_niche", "host_gmp", "cell", "Host GMP in the niche"),
    ),
)
