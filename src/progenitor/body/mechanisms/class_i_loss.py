r"""Knock-out of beta-2 microglobulin: hidden from T cells, exposed to natural killer cells.

.. math::

    k_R = (1 - g)\,k_R^T + g\,k_R^{NK}, \qquad
    g' = g\,(1 - g)\,(k_R^T - k_R^{NK}), \qquad g(0) = e\,g_0

:math:`g` is the share of product cells without class I, :math:`g_0` the share knocked out and
:math:`e` 1 where the product is edited there, 0 where not. Both kinds divide and die alike, so
the equation for :math:`g` is exact: whichever is rejected more slowly takes over. Class II and
antibodies are left out, so a product that escapes here may still be rejected in a patient.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="class_i_loss",
    parameters=("edit/b2m_knockout_share",),
    inputs={"b2m_edited": "1"},
    species=(
        Species(
            "class_i_negative",
            "1",
            initial="b2m_edited * b2m_knockout_share",
            absolute_tolerance=1e-9,
        ),
    ),
    rules=(
        Rule(
            "rejection_rate",
            "(1 - class_i_negative) * t_cell_rejection_rate + class_i_negative * nk_rejection_rate",
            "1/day",
        ),
    ),
    reactions=(
        Reaction(
            "class_i_selection",
            "class_i_negative * (1 - class_i_negative)"
            " * (t_cell_rejection_rate - nk_rejection_rate)",
            products={"class_i_negative": 1},
        ),
    ),
    observables=(
        Observable("rejection_per_day", "rejection_rate", "1/day", "Rejection of the product"),
        Observable(
            "class_i_negative_share",
            "class_i_negative",
            "1",
            "Share of the product without class I",
        ),
    ),
)
