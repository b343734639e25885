r"""Interleukin-6 and an activated endothelium let the brain in on the reaction (ICANS).

.. math::

    Q' = k_Q\,V\,\frac{I_6}{I_6 + K_Q}(1 - Q) - d_Q Q, \qquad
    \mathrm{ICE} = s_0 + s_r - \Delta\,Q

:math:`V` is endothelial activation and :math:`I_6` interleukin-6 itself, since tocilizumab does
not reach the brain; the state :math:`Q` lags behind both, so neurotoxicity follows the fever by
days. The *latent* score of the consensus examination gives the grade: 7-9, 3-6, 0-2 and not
rousable (Lee 2019, doi:10.1016/j.bbmt.2018.12.758, Table 4); above 10, by the reserve
:math:`s_r`, nothing shows; below 0 is beyond what the examination can measure. Grade 2 is
answered with a steroid. Structure assumed; seizures and cerebral oedema are not modelled.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Event, Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

GRADES: Final = ("icans_1_score", "icans_2_score", "icans_3_score", "icans_4_score")

MECHANISM: Final = Mechanism(
    name="neurotoxicity",
    parameters=(
        "neurotoxicity/encephalopathy_rate",
        "neurotoxicity/encephalopathy_half_signal",
        "neurotoxicity/encephalopathy_recovery_rate",
        "neurotoxicity/ice_full_score",
        "neurotoxicity/ice_reserve",
        "neurotoxicity/ice_score_drop",
        *(f"neurotoxicity/{grade}" for grade in GRADES),
        "cytokine/steroid_delay",
        "cytokine/interleukin_6_baseline",
    ),
    species=(
        Species("endothelial_activation", "1", absolute_tolerance=1e-7),
        Species(
            "interleukin_6", "pg/mL", initial="interleukin_6_baseline", absolute_tolerance=1e-3
        ),
        Species("steroid", "1", absolute_tolerance=1e-6),
        Species("encephalopathy", "1", absolute_tolerance=1e-7),
    ),
    rules=(
        Rule("ice_score", "ice_full_score + ice_reserve - ice_score_drop * encephalopathy", "1"),
    ),
    reactions=(
        Reaction(
            "encephalopathy_onset",
            "encephalopathy_rate * endothelial_activation * interleukin_6"
            " / (interleukin_6 + encephalopathy_half_signal) * (1 - encephalopathy)",
            products={"encephalopathy": 1},
        ),
        Reaction(
            "encephalopathy_recovery",
            "encephalopathy_recovery_rate * encephalopathy",
            reactants={"encephalopathy": 1},
        ),
    ),
    events=(
        Event(
            "steroid_for_neurotoxicity",
            "ice_score < icans_2_score",
            {"steroid": "steroid + 1"},
            delay="steroid_delay",
        ),
    ),
    observables=(
        Observable("latent_ice_score", "ice_score", "1", "Latent ICE score"),
        Observable(
            "icans_grade",
            " + ".join(f"piecewise(1, ice_score < {grade}, 0)" for grade in GRADES),
            "1",
            "Grade of neurotoxicity (ICANS)",
        ),
    ),
)
