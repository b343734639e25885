r"""Activated CAR-T cells wake macrophages, which release interleukin-6.

.. math::

    M' = k_M \frac{E_a}{E_a + K_M}(1 - M) - d_M M, \qquad
    I_6' = d_6 (I_{6,0} - I_6) + p_6 M, \qquad
    I_\gamma' = d_\gamma (I_{\gamma,0} - I_\gamma) + p_\gamma E_a

:math:`E_a = \sum a E` are effectors in contact with antigen; :math:`M` the activated share of
macrophages. Loss rates and baselines: Hardiansyah & Ng 2019. Steroids lower macrophage activation.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="cytokine_release",
    parameters=(
        "cytokine/macrophage_activation_rate",
        "cytokine/macrophage_half_activation",
        "cytokine/macrophage_deactivation_rate",
        "cytokine/interleukin_6_production",
        "cytokine/interleukin_6_loss_rate",
        "cytokine/interleukin_6_baseline",
        "cytokine/interferon_gamma_production",
        "cytokine/interferon_gamma_loss_rate",
        "cytokine/interferon_gamma_baseline",
        "cytokine/steroid_effect",
    ),
    species=(
        Species("macrophages_activated", "1", absolute_tolerance=1e-7),
        Species(
            "interleukin_6", "pg/mL", initial="interleukin_6_baseline", absolute_tolerance=1e-3
        ),
        Species(
            "interferon_gamma",
            "pg/mL",
            initial="interferon_gamma_baseline",
            absolute_tolerance=1e-3,
        ),
        Species("steroid", "1", absolute_tolerance=1e-6),
    ),
    rules=(
        Rule(
            "effectors_engaged",
            "antigen_signal_blood * teff_blood + antigen_signal_tumour * teff_tumour",
            "cell",
        ),
        Rule("steroid_block", "1 - steroid_effect * steroid / (1 + steroid)", "1"),
    ),
    reactions=(
        Reaction(
            "macrophage_activation",
            "steroid_block * macrophage_activation_rate * effectors_engaged"
            " / (effectors_engaged + macrophage_half_activation) * (1 - macrophages_activated)",
            products={"macrophages_activated": 1},
        ),
        Reaction(
            "macrophage_rest",
            "macrophage_deactivation_rate * macrophages_activated",
            reactants={"macrophages_activated": 1},
        ),
        Reaction(
            "interleukin_6_release",
            "interleukin_6_loss_rate * interleukin_6_baseline"
            " + interleukin_6_production * macrophages_activated",
            products={"interleukin_6": 1},
        ),
        Reaction(
            "interleukin_6_loss",
            "interleukin_6_loss_rate * interleukin_6",
            reactants={"interleukin_6": 1},
        ),
        Reaction(
            "interferon_gamma_release",
            "interferon_gamma_loss_rate * interferon_gamma_baseline"
            " + interferon_gamma_production * effectors_engaged",
            products={"interferon_gamma": 1},
        ),
        Reaction(
            "interferon_gamma_loss",
            "interferon_gamma_loss_rate * interferon_gamma",
            reactants={"interferon_gamma": 1},
        ),
    ),
    observables=(
        Observable("interleukin_6_level", "interleukin_6", "pg/mL", "Interleukin-6"),
        Observable("interferon_gamma_level", "interferon_gamma", "pg/mL", "Interferon-gamma"),
    ),
)
