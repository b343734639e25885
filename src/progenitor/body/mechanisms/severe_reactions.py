r"""Severe reactions (grade 3 or worse) strike with a hazard of three causes.

.. math::

    \Lambda' = \lambda_6\,H(I_6, K_6, n) + \lambda_U\,H(1-U, K_U, n) + \lambda_o\,o, \qquad
    H(x, K, n) = \frac{x^n}{x^n + K^n}

Interleukin-6, loss of healthy tissue, and the checkpoint inhibitor by itself. A patient reacts when
:math:`\Lambda` first exceeds :math:`-\ln u`. The inhibitor's part is 12 % of 550 patients (grade
3-5, Leighl 2019, doi:10.1016/S2213-2600(18)30500-9); the other two are wide priors. Interleukin-6
itself counts, not its signal, so tocilizumab is not credited here; graded cytokine release
syndrome of patients is read from ``vitals`` and ``interventions``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="severe_reactions",
    parameters=(
        "reaction/cytokine_reaction_hazard",
        "reaction/cytokine_reaction_half_level",
        "reaction/tissue_reaction_hazard",
        "reaction/tissue_reaction_half_damage",
        "reaction/reaction_steepness",
        "reaction/inhibitor_reaction_hazard",
    ),
    species=(
        Species("severe_hazard", "1", absolute_tolerance=1e-7),
        Species(
            "interleukin_6", "pg/mL", initial="interleukin_6_baseline", absolute_tolerance=1e-3
        ),
    ),
    rules=(
        Rule(
            "cytokine_hazard",
            "cytokine_reaction_hazard"
            " * hill(interleukin_6, cytokine_reaction_half_level, reaction_steepness)",
            "1/day",
        ),
        Rule(
            "tissue_hazard",
            "tissue_reaction_hazard"
            " * hill(tissue_damage, tissue_reaction_half_damage, reaction_steepness)",
            "1/day",
        ),
        Rule("inhibitor_hazard", "inhibitor_reaction_hazard * receptor_occupancy", "1/day"),
    ),
    reactions=(
        Reaction(
            "severe_reaction_hazard",
            "cytokine_hazard + tissue_hazard + inhibitor_hazard",
            products={"severe_hazard": 1},
        ),
    ),
    observables=(
        Observable(
            "severe_reaction_hazard",
            "severe_hazard",
            "1",
            "Cumulative hazard of a severe reaction",
        ),
        Observable("hazard_from_tissue", "tissue_hazard", "1/day", "Hazard from tissue loss"),
        Observable("hazard_from_cytokines", "cytokine_hazard", "1/day", "Hazard from cytokines"),
    ),
)
