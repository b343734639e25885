r"""Fever, blood pressure and oxygenation driven by interleukin-6 signalling and the endothelium.

.. math::

    s = \frac{I_6}{1 + c/K_c}, \quad
    \Theta' = k_\Theta\Bigl(\Theta_0 + \Delta\Theta \frac{s}{s+K_\Theta} - \Theta\Bigr), \quad
    V' = k_V \frac{s}{s+K_V}(1-V) - d_V V

:math:`s` is interleukin-6 signalling under tocilizumab :math:`c`, :math:`V` endothelial
activation. Arterial pressure and saturation are *latent*: the values without support, which is
what an intervention answers. Structure assumed; all amplitudes are labelled priors.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="vitals",
    parameters=(
        "cytokine/tocilizumab_half_block",
        "vitals/temperature_rate",
        "vitals/temperature_normal",
        "vitals/temperature_rise",
        "vitals/fever_half_signal",
        "vitals/endothelial_activation_rate",
        "vitals/endothelial_half_signal",
        "vitals/endothelial_recovery_rate",
        "vitals/arterial_pressure_normal",
        "vitals/arterial_pressure_drop",
        "vitals/oxygen_saturation_normal",
        "vitals/oxygen_saturation_drop",
    ),
    species=(
        Species("tocilizumab", "1", absolute_tolerance=1e-6),
        Species("temperature", "degC", initial="temperature_normal", absolute_tolerance=1e-4),
        Species("endothelial_activation", "1", absolute_tolerance=1e-7),
    ),
    rules=(
        Rule(
            "interleukin_6_signal",
            "interleukin_6 / (1 + tocilizumab / tocilizumab_half_block)",
            "pg/mL",
        ),
        Rule(
            "arterial_pressure",
            "arterial_pressure_normal - arterial_pressure_drop * endothelial_activation",
            "mmHg",
        ),
        Rule(
            "oxygen_saturation",
            "oxygen_saturation_normal - oxygen_saturation_drop * endothelial_activation",
            "%",
        ),
    ),
    reactions=(
        Reaction(
            "temperature_change",
            "temperature_rate * (temperature_normal + temperature_rise * interleukin_6_signal"
            " / (interleukin_6_signal + fever_half_signal) - temperature)",
            products={"temperature": 1},
        ),
        Reaction(
            "endothelial_injury",
            "endothelial_activation_rate * interleukin_6_signal"
            " / (interleukin_6_signal + endothelial_half_signal) * (1 - endothelial_activation)",
            products={"endothelial_activation": 1},
        ),
        Reaction(
            "endothelial_recovery",
            "endothelial_recovery_rate * endothelial_activation",
            reactants={"endothelial_activation": 1},
        ),
    ),
    observables=(
        Observable("body_temperature", "temperature", "degC", "Body temperature"),
        Observable("latent_arterial_pressure", "arterial_pressure", "mmHg", "Latent MAP"),
        Observable("latent_oxygen_saturation", "oxygen_saturation", "%", "Latent SpO2"),
    ),
)
