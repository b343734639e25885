r"""Antigen seen by CAR-T cells where tumour cells differ in how much of it they carry.

.. math::

    A_{tumour} = T^+ + w\,T^{low}, \qquad A_{blood} = w_b\,A_{tumour} + \beta B, \qquad
    a = \frac{A}{A + K_A}

As ``antigen_signal``, whose structural alternative it is: a cell of low antigen counts with the
weight :math:`w` of ``antigen_low_escape``, and :math:`\beta` is the share of normal B cells that
carry the antigen: all of them CD19, next to none BCMA.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="antigen_signal_low",
    parameters=(
        "t_cell/antigen_half_signal",
        "t_cell/blood_tumour_contact",
        "antigen/antigen_low_share",
        "antigen/b_cell_antigen_share",
    ),
    species=(
        Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),
        Species(
            "tumour_low",
            "cell",
            initial="tumour_at_enrolment * antigen_low_share",
            countable=True,
        ),
        Species("b_cells", "cell", initial="b_cells_at_enrolment"),
    ),
    rules=(
        Rule("antigen_in_tumour", "tumour_positive + antigen_low_weight * tumour_low", "cell"),
        Rule(
            "antigen_in_blood",
            "blood_tumour_contact * antigen_in_tumour + b_cell_antigen_share * b_cells",
            "cell",
        ),
        Rule(
            "antigen_signal_blood",
            "antigen_in_blood / (antigen_in_blood + antigen_half_signal)",
            "1",
        ),
        Rule(
            "antigen_signal_tumour",
            "antigen_in_tumour / (antigen_in_tumour + antigen_half_signal)",
            "1",
        ),
    ),
)
