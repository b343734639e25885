r"""Macrophages with a receptor engulf antigen-positive tumour cells, and are soon sated.

.. math::

    \kappa_M = c\,\frac{k_M F}{K_M + F + \eta\,T}, \qquad
    F = \Phi_{tumour} + w\,(\Phi_{liver} + \Phi_{spleen} + \Phi_{marrow}), \qquad
    T^{+\prime} = -\kappa_M T^+

:math:`c` is 1 where the cells carry a CAR and 0 where not, :math:`F` macrophages within reach and
:math:`w` the share of the tumour that lies where organ macrophages are: nothing for a solid tumour,
a part for a leukaemia. Many tumour cells to one macrophage leave it at most :math:`k_M/\eta` meals
a day, so macrophages help at low burden only; a fit to lymphoma cells with macrophages has this
form (preprint of 2025, its code read; its constants are recorded in two orders).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="phagocytosis",
    parameters=(
        "macrophage/engulfment_rate",
        "macrophage/engulfment_half_saturation",
        "macrophage/engulfment_crowding",
        "macrophage/organ_contact",
    ),
    inputs={"car": "1"},
    species=(
        Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),
        *(
            Species(f"macrophages_{site}", "cell")
            for site in ("liver", "spleen", "marrow", "tumour")
        ),
    ),
    rules=(
        Rule(
            "macrophages_in_reach",
            "macrophages_tumour"
            " + organ_contact * (macrophages_liver + macrophages_spleen + macrophages_marrow)",
            "cell",
        ),
        Rule(
            "phagocytosis_rate",
            "car * engulfment_rate * macrophages_in_reach"
            " / (engulfment_half_saturation + macrophages_in_reach"
            " + engulfment_crowding * tumour_cells)",
            "1/day",
        ),
    ),
    reactions=(
        Reaction(
            "tumour_engulfed",
            "phagocytosis_rate * tumour_positive",
            reactants={"tumour_positive": 1},
        ),
    ),
    observables=(
        Observable("phagocytosis_per_day", "phagocytosis_rate", "1/day", "Phagocytosis of tumour"),
    ),
)
