r"""Antigen seen by T cells with an engineered T-cell receptor: only on the right HLA.

.. math::

    v = m\,q, \qquad m = \max\bigl(\sigma, [z < z_c]\bigr), \qquad
    a_{blood} = \frac{v\,w\,T^+}{v\,w\,T^+ + K_A}, \qquad
    a_{tumour} = \pi\,(1-b)\,\frac{v\,T^+}{v\,T^+ + K_A}

:math:`m` is 1 in carriers of the restricting HLA allele: everyone where only carriers are enrolled
(:math:`\sigma = 1`), else the share of people whose liability :math:`z` lies below the threshold
:math:`z_c` (44.8 % carry HLA-A*02: 2,959 of 6,606 screened, Wang 2024,
doi:10.1016/j.omtm.2024.101265). :math:`q` is how much of the presentation the tumour has kept.
Takes the place of ``antigen_signal``; a receptor of this kind needs fewer targets than a CAR, which
is a number (:math:`K_A`).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="antigen_signal_mhc",
    parameters=(
        "t_cell/antigen_half_signal",
        "t_cell/blood_tumour_contact",
        "tcr/hla_liability",
        "tcr/hla_threshold",
        "tcr/presentation_kept",
    ),
    inputs={"hla_selected": "1"},
    species=(Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),),
    rules=(
        Rule(
            "hla_matched",
            "max(hla_selected, piecewise(1, hla_liability < hla_threshold, 0))",
            "1",
        ),
        Rule("target_visibility", "hla_matched * presentation_kept", "1"),
        Rule(
            "antigen_in_blood",
            "target_visibility * blood_tumour_contact * tumour_positive",
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
        Observable("hla_match", "hla_matched", "1", "Carrier of the restricting HLA allele"),
        Observable("signal_in_blood", "antigen_signal_blood", "1", "Antigen signal in blood"),
        Observable("signal_in_tumour", "antigen_signal_tumour", "1", "Antigen signal in tumour"),
    ),
)
