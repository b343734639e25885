r"""Blood formation with feedback on self-renewal (Stiehl et al. 2015, and transplantation before).

Primitive cells :math:`C_1` make progenitors :math:`C_2`, which make mature cells :math:`C_3`;
mature cells, healthy and leukaemic, weaken self-renewal:

.. math::

    s = \frac{1}{1 + k C_3 + k L_3}, \qquad
    C_1' = (2 a_1 s - 1) p_1 C_1, \qquad
    C_2' = 2 (1 - a_1 s) p_1 C_1 + (2 a_2 s - 1) p_2 C_2, \qquad
    C_3' = 2 (1 - a_2 s) p_2 C_2 - d_3 C_3

and the same for leukaemic cells :math:`L_i`. The numbers of cells at rest fix what is left: with
:math:`x = d_3 \bar C_3 / (p_1 \bar C_1)`, :math:`k = (2 a_1 - 1)/\bar C_3`,
:math:`a_2 = a_1 (2 - x)/(1 - x)` and :math:`p_2 = p_1 \bar C_1 / (\bar C_2 (1 - a_2/a_1))`.

Paper versus code: in the public transcription, whose numbers these are, the leukaemia of figure 3A
has a self-renewal probability of 1.36, which is none; the feedback keeps the effective one below 1.

References
----------
Stiehl T, Baran N, Ho AD, Marciniak-Czochra A. Cell division patterns in acute myeloid leukemia
stem-like cells determine clinical course. Cancer Res 2015;75:940-949,
doi:10.1158/0008-5472.CAN-14-2508 (from memory).
"""

from typing import Final

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._first_time import first_time
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

MODEL = PublishedModel(
    name="stiehl_2015",
    reproduces="engraftment about day 15 after 5e6 immature cells per kg; half blasts, early",
    end="end",
    look="look",
    species=(
        *(
            Species(cell, "cell/kg", initial=f"{cell}_at_start", absolute_tolerance=1e-2)
            for cell in ("primitive", "progenitors", "mature")
        ),
        Species("leukaemic", "cell/kg", initial="leukaemic_at_start", absolute_tolerance=1e-6),
        Species("blasts", "cell/kg", absolute_tolerance=1e-6),
        Species("spent_blasts", "cell/kg", absolute_tolerance=1e-6),
    ),
    rules=(
        Rule(
            "turnover",
            "mature_loss_rate*mature_steady/(primitive_division_rate*primitive_steady)",
            "1",
        ),
        Rule("progenitor_renewal", "primitive_renewal*(2 - turnover)/(1 - turnover)", "1"),
        Rule(
            "progenitor_division_rate",
            "primitive_division_rate*primitive_steady/progenitor_steady"
            "/(1 - progenitor_renewal/primitive_renewal)",
            "1/day",
        ),
        Rule("feedback", "(2*primitive_renewal - 1)/mature_steady", "kg/cell"),
        Rule("signal", "1/(1 + feedback*(mature + spent_blasts))", "1"),
        Rule("renewing", "primitive_renewal*signal", "1"),
        Rule("renewing_progenitors", "progenitor_renewal*signal", "1"),
        Rule("renewing_leukaemic", "leukaemic_renewal_ratio*renewing", "1"),
        Rule("renewing_blasts", "blast_renewal_ratio*renewing_progenitors", "1"),
        Rule("divisions", "primitive_division_rate*primitive", "cell/kg/day"),
        Rule("progenitor_divisions", "progenitor_division_rate*progenitors", "cell/kg/day"),
        Rule(
            "leukaemic_divisions",
            "leukaemic_division_ratio*primitive_division_rate*leukaemic",
            "cell/kg/day",
        ),
        Rule(
            "blast_divisions", "blast_division_ratio*progenitor_division_rate*blasts", "cell/kg/day"
        ),
    ),
    reactions=(
        Reaction("renewal", "renewing*divisions", {"primitive": 1}, {"primitive": 2}),
        Reaction("commitment", "(1 - renewing)*divisions", {"primitive": 1}, {"progenitors": 2}),
        Reaction(
            "progenitor_renewing",
            "renewing_progenitors*progenitor_divisions",
            products={"progenitors": 1},
        ),
        Reaction(
            "maturation",
            "(1 - renewing_progenitors)*progenitor_divisions",
            {"progenitors": 1},
            {"mature": 2},
        ),
        Reaction("loss", "mature_loss_rate*mature", {"mature": 1}),
        Reaction(
            "leukaemic_renewal",
            "renewing_leukaemic*leukaemic_divisions",
            products={"leukaemic": 1},
        ),
        Reaction(
            "leukaemic_commitment",
            "(1 - renewing_leukaemic)*leukaemic_divisions",
            {"leukaemic": 1},
            {"blasts": 2},
        ),
        Reaction("blast_renewal", "renewing_blasts*blast_divisions", {"blasts": 1}, {"blasts": 2}),
        Reaction(
            "blast_maturation",
            "(1 - renewing_blasts)*blast_divisions",
            {"blasts": 1},
            {"spent_blasts": 2},
        ),
        Reaction(
            "blast_loss", "leukaemic_loss_ratio*mature_loss_rate*spent_blasts", {"spent_blasts": 1}
        ),
    ),
    observables=(
        Observable("neutrophils", "mature", "cell/kg", "Neutrophils per kg of body weight"),
        Observable("engraftment", "mature/engrafted_level", "1", "Neutrophils over 5e8 per litre"),
        Observable(
            "blast_share",
            "(leukaemic + blasts)/(primitive + progenitors + leukaemic + blasts)",
            "1",
            "Blasts in the marrow",
        ),
    ),
)

OBSERVED_VARIANTS: Final = {"observed_half_blasts": "leukaemia"}
"""Which variant each reported number belongs to; the rest belong to the default."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number the paper reports.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("stiehl_2015", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_engraftment"], 1)
    15.5
    """
    del population  # one body, no spread between patients
    days = np.asarray(typical.times[0])
    return {
        "observed_engraftment": first_time(days, typical.of("engraftment")[0], 1.0),
        "observed_half_blasts": first_time(days, typical.of("blast_share")[0], 0.5),
    }
