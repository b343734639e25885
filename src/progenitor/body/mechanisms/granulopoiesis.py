r"""The host's own neutrophils, made in the marrow under G-CSF that they themselves clear.

.. math::

    P' &= f\,\ell\,k_\gamma P_0 + (1 - f)\,k_\gamma P - s D\,k_\gamma P - k_\beta P, \qquad
    k_\gamma = k (G/G_0)^\gamma, \quad k_\beta = k (G/G_0)^\beta \\
    T_1' &= k_\beta (P - T_1), \;\ldots\; T_4' = k_\beta (T_3 - T_4), \qquad
    Q_h' = k_\beta T_4 - d_Q Q_h \\
    G' &= (k_e + k_Q n_0) G_0 - (k_e + k_Q n) G

:math:`P` divide and :math:`T_i` mature, :math:`k = 5/\tau` for a transit time :math:`\tau`; powers
of G-CSF :math:`G` quicken division and transit, and neutrophils in blood, host's and product's
together (:math:`n` per microlitre), take G-CSF up (Quartino 2014, doi:10.1007/s11095-014-1429-9).
:math:`D` are conditioning doses acting. Quartino lets dividing cells sustain themselves; here a
share :math:`f` of them comes from progenitors above at level :math:`\ell` (1 at rest), so that an
emptied niche is felt; :math:`f = 0` is the published model. ``host_neutrophils`` is the structural
alternative without marrow or feedback. G-CSF may be given as a drug.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

STAGES: Final = (
    "host_precursors",
    "host_transit_1",
    "host_transit_2",
    "host_transit_3",
    "host_transit_4",
)

MECHANISM: Final = Mechanism(
    name="granulopoiesis",
    parameters=(
        "neutrophil/marrow_transit_time",
        "neutrophil/precursor_input_share",
        "neutrophil/conditioning_slope",
        "neutrophil/gcsf_baseline",
        "neutrophil/gcsf_elimination_rate",
        "neutrophil/gcsf_uptake_rate",
        "neutrophil/gcsf_division_power",
        "neutrophil/gcsf_transit_power",
        "gmp/neutrophil_loss_rate",
        "host/neutrophil_count",
        "host/blood_volume",
    ),
    species=(
        *(Species(stage, "cell", initial="granulocyte_stage_at_rest") for stage in STAGES),
        Species("host_neutrophils", "cell", initial="neutrophil_count * blood_volume"),
        Species("neutrophils_blood", "cell"),
        Species("gcsf", "pg/mL", initial="gcsf_baseline", absolute_tolerance=1e-4),
        Species("lymphodepletion", "1"),
    ),
    rules=(
        # dividing cells and 2 + 2 stages of maturation share the transit time
        Rule("granulocyte_transit_rate", "(2 + 2 + 1) / marrow_transit_time", "1/day"),
        Rule(
            "granulocyte_stage_at_rest",
            "neutrophil_loss_rate * neutrophil_count * blood_volume / granulocyte_transit_rate",
            "cell",
        ),
        Rule(
            "granulocyte_division_rate",
            "granulocyte_transit_rate * (gcsf / gcsf_baseline)**gcsf_division_power",
            "1/day",
        ),
        Rule(
            "granulocyte_step_rate",
            "granulocyte_transit_rate * (gcsf / gcsf_baseline)**gcsf_transit_power",
            "1/day",
        ),
    ),
    reactions=(
        Reaction(
            "host_precursor_arrival",
            "precursor_input_share * host_gmp_level * granulocyte_division_rate"
            " * granulocyte_stage_at_rest",
            products={"host_precursors": 1},
        ),
        Reaction(
            "host_precursor_division",
            "(1 - precursor_input_share) * granulocyte_division_rate * host_precursors",
            reactants={"host_precursors": 1},
            products={"host_precursors": 2},
        ),
        Reaction(
            "host_precursor_conditioning",
            "conditioning_slope * lymphodepletion * granulocyte_division_rate * host_precursors",
            reactants={"host_precursors": 1},
        ),
        *(
            Reaction(
                f"{stage}_step",
                f"granulocyte_step_rate * {stage}",
                reactants={stage: 1},
                products={following: 1},
            )
            for stage, following in zip(STAGES, (*STAGES[1:], "host_neutrophils"), strict=True)
        ),
        Reaction(
            "host_neutrophil_loss",
            "neutrophil_loss_rate * host_neutrophils",
            reactants={"host_neutrophils": 1},
        ),
        Reaction(
            "gcsf_production",
            "(gcsf_elimination_rate + gcsf_uptake_rate * neutrophil_count) * gcsf_baseline",
            products={"gcsf": 1},
        ),
        Reaction("gcsf_elimination", "gcsf_elimination_rate * gcsf", reactants={"gcsf": 1}),
        Reaction(
            "gcsf_uptake",
            "gcsf_uptake_rate * (host_neutrophils + neutrophils_blood) / blood_volume * gcsf",
            reactants={"gcsf": 1},
        ),
    ),
    observables=(
        Observable(
            "host_neutrophils_in_blood",
            "host_neutrophils / blood_volume",
            "cell/uL",
            "Host neutrophils in blood",
        ),
        Observable("gcsf_level", "gcsf", "pg/mL", "G-CSF in blood"),
    ),
)
