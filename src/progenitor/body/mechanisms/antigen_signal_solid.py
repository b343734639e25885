r"""Antigen seen by product T cells when the target sits on a solid tumour and on healthy tissue.

.. math::

    a_{blood} = \frac{A_b}{A_b + K_A}, \quad A_b = v\,(w\,T^+ + A_h), \qquad
    a_{tumour} = \pi\,(1-b)\,\frac{v\,T^+}{v\,T^+ + K_A}, \qquad v = 1 - \mu\,o

:math:`A_h` is the antigen on healthy tissue in tumour-cell equivalents, which drives the product
from blood as B cells drive a CD19 receptor; :math:`w` the share of the tumour met outside it,
:math:`\pi` what the microenvironment leaves of a signal and :math:`b` the checkpoint brake.
:math:`v` is how visible the target is: an antibody against PD-L1 hides it from a receptor against
PD-L1 (:math:`\mu = 1`), one against PD-1 does not (:math:`\mu = 0`, the default). Takes the place
of ``antigen_signal``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="antigen_signal_solid",
    parameters=(
        "t_cell/antigen_half_signal",
        "t_cell/blood_tumour_contact",
        "checkpoint/antigen_masking",
    ),
    species=(Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),),
    rules=(
        Rule("target_visibility", "1 - antigen_masking * receptor_occupancy", "1"),
        Rule(
            "antigen_in_blood",
            "target_visibility * (blood_tumour_contact * tumour_positive + tissue_antigen)",
            "cell",
        ),
        Rule(
            "antigen_signal_blood",
            "antigen_in_blood / (antigen_in_blood + antigen_half_signal)",
            "1",
        ),
        Rule("function_in_tumour", "tumour_permissiveness * (1 - brake_on_product)", "1"),
        Rule(
            "antigen_signal_tumour",
            "function_in_tumour * target_visibility * tumour_positive"
            " / (target_visibility * tumour_positive + antigen_half_signal)",
            "1",
        ),
    ),
    observables=(
        Observable("signal_in_blood", "antigen_signal_blood", "1", "Antigen signal in blood"),
        Observable("signal_in_tumour", "antigen_signal_tumour", "1", "Antigen signal in tumour"),
    ),
)
