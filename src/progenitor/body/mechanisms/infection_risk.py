r"""Chance infections of a patient, rarer the further killing outruns growth.

.. math::

    H' = \frac{\lambda_B}{1 + R_B^n} + \frac{\lambda_F}{1 + R_F^n}
    + \frac{\lambda_N}{1 + (C/n_N)^m}, \qquad H_\dagger' \mathrel{+}= f H'

:math:`R` is killing over growth of ``bacterial_infection`` and ``fungal_infection`` where
recruitment is full, with today's neutrophil count and competent share. An exposure takes hold where
the place it meets is worse supplied than the rest: places that vary log-logistically around the
mean give this form. :math:`\lambda` are rates of patients without any oxidase (:math:`R` small);
they fall to next to nothing in health. The steepness :math:`n` is fitted to infections of carriers
(Marciano 2018). Neutropenia adds what even neutrophils without an oxidase hold back: :math:`C` is
the count and :math:`\lambda_N` the rate of patients who have none (Desai 2021,
doi:10.1200/JCO.20.01739). A first infection strikes when :math:`H` first exceeds :math:`-\ln u`; a
share :math:`f` of infections kills.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="infection_risk",
    parameters=(
        "infection/bacterial_infection_rate",
        "infection/fungal_infection_rate",
        "infection/neutropenic_infection_rate",
        "infection/neutropenia_half_count",
        "infection/neutropenia_steepness",
        "infection/exposure_steepness",
        "infection/infection_fatality",
        "host/blood_volume",
    ),
    species=(
        Species("infection_hazard", "1", absolute_tolerance=1e-7),
        Species("death_hazard", "1", absolute_tolerance=1e-7),
    ),
    rules=(
        Rule(
            "infection_rate",
            "bacterial_infection_rate / (1 + bacterial_control**exposure_steepness)"
            " + fungal_infection_rate / (1 + fungal_control**exposure_steepness)"
            " + neutropenic_infection_rate / (1 + (neutrophil_total"
            " / (blood_volume * neutropenia_half_count))**neutropenia_steepness)",
            "1/day",
        ),
    ),
    reactions=(
        Reaction("infection_exposure", "infection_rate", products={"infection_hazard": 1}),
        Reaction(
            "fatal_infection", "infection_fatality * infection_rate", products={"death_hazard": 1}
        ),
    ),
    observables=(
        Observable("infections_expected", "infection_hazard", "1", "Infections expected"),
        Observable("infection_hazard_now", "infection_rate", "1/day", "Rate of infections"),
    ),
)
