r"""Dividing tumour cells lose the antigen and escape.

.. math::

    T^{-\prime} = m\,g\,T^+

:math:`m` is the chance per division and :math:`g` the division rate. Arrivals are counted one by
one while the clone is small. Ten of sixteen lymphomas were antigen-negative or low at progression
(Spiegel 2021); 10-25 % antigen-negative relapse at 1e11 cells needs about 1e-12 per division.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="antigen_loss",
    parameters=("disease/antigen_loss_probability",),
    species=(
        Species(
            "tumour_negative",
            "cell",
            initial="tumour_at_enrolment * antigen_negative_share",
            countable=True,
        ),
    ),
    reactions=(
        Reaction(
            "antigen_loss",
            "antigen_loss_probability * net_growth_rate * tumour_positive",
            products={"tumour_negative": 1},
        ),
    ),
)
