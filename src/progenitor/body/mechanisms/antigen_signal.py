r"""Antigen seen by CAR-T cells where they are.

.. math::

    a_{tumour} = \frac{T^+}{T^+ + K_A}, \qquad
    a_{blood} = \frac{w\,T^+ + B}{w\,T^+ + B + K_A}

:math:`T^+` are antigen-positive tumour cells, :math:`B` normal B cells carrying the same antigen
and :math:`w` the share of the tumour that cells in blood and lymphoid tissue meet. The half-signal
:math:`K_A` ranges over decades in published fits (Kirouac 2023, doi:10.1038/s41587-023-01687-x).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="antigen_signal",
    parameters=("t_cell/antigen_half_signal", "t_cell/blood_tumour_contact"),
    species=(
        Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),
        Species("b_cells", "cell", initial="b_cells_at_enrolment"),
    ),
    rules=(
        Rule("antigen_in_blood", "blood_tumour_contact * tumour_positive + b_cells", "cell"),
        Rule(
            "antigen_signal_blood",
            "antigen_in_blood / (antigen_in_blood + antigen_half_signal)",
            "1",
        ),
        Rule(
            "antigen_signal_tumour",
            "tumour_positive / (tumour_positive + antigen_half_signal)",
            "1",
        ),
    ),
)
