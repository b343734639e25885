r"""Corrected progenitors feed the same marrow chain and become oxidase-competent neutrophils.

.. math::

    P_c' &= f\,\ell_c\,k_\gamma P_0 + (1 - f)\,k_\gamma P_c - s D\,k_\gamma P_c - k_\beta P_c \\
    T_{c,1}' &= k_\beta (P_c - T_{c,1}), \;\ldots\; T_{c,4}' = k_\beta (T_{c,3} - T_{c,4}), \qquad
    Q' = k_\beta T_{c,4} - d_Q Q

The cells are the patient's own and differ by the corrected gene alone, so they divide, mature and
die at the rates of ``granulopoiesis`` and answer to the same G-CSF: in the long run the share of
neutrophils is that of the progenitors above them, :math:`\ell_c`.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Species

__all__ = ["MECHANISM"]

STAGES: Final = (
    "corrected_precursors",
    "corrected_transit_1",
    "corrected_transit_2",
    "corrected_transit_3",
    "corrected_transit_4",
)

MECHANISM: Final = Mechanism(
    name="corrected_granulopoiesis",
    parameters=(
        "neutrophil/precursor_input_share",
        "neutrophil/conditioning_slope",
        "gmp/neutrophil_loss_rate",
        "host/blood_volume",
    ),
    species=(
        *(Species(stage, "cell") for stage in STAGES),
        Species("neutrophils_blood", "cell"),
        Species("lymphodepletion", "1"),
    ),
    reactions=(
        Reaction(
            "corrected_precursor_arrival",
            "precursor_input_share * corrected_level * granulocyte_division_rate"
            " * granulocyte_stage_at_rest",
            products={"corrected_precursors": 1},
        ),
        Reaction(
            "corrected_precursor_division",
            "(1 - precursor_input_share) * granulocyte_division_rate * corrected_precursors",
            reactants={"corrected_precursors": 1},
            products={"corrected_precursors": 2},
        ),
        Reaction(
            "corrected_precursor_conditioning",
            "conditioning_slope * lymphodepletion * granulocyte_division_rate"
            " * corrected_precursors",
            reactants={"corrected_precursors": 1},
        ),
        *(
            Reaction(
                f"{stage}_step",
                f"granulocyte_step_rate * {stage}",
                reactants={stage: 1},
                products={following: 1},
            )
            for stage, following in zip(STAGES, (*STAGES[1:], "neutrophils_blood"), strict=True)
        ),
        Reaction(
            "corrected_neutrophil_loss",
            "neutrophil_loss_rate * neutrophils_blood",
            reactants={"neutrophils_blood": 1},
        ),
    ),
    observables=(
        Observable(
            "product_neutrophils_in_blood",
            "neutrophils_blood / blood_volume",
            "cell/uL",
            "Product neutrophils in blood",
        ),
    ),
)
