r"""Healthy tissue that carries the antigen is killed too, and its injury inflames.

.. math::

    \delta = \theta\,\delta_0\Bigl(1 + \iota\frac{I_\gamma}{I_\gamma + K_\iota}\Bigr), \qquad
    \kappa_{off} = v\,\delta\,k_T\frac{F}{F + K_E}, \qquad
    U' = r_U(1-U) - \kappa_{off} U, \qquad A_h = \delta\,H_0\,U

:math:`U` is the intact share of tissue, :math:`F` killers outside the tumour, :math:`\delta`
antigen on a healthy cell relative to a tumour cell. Interferon-gamma induces PD-L1 on healthy
cells, so an attack raises its own side effect: receptors against PD-L1 killed non-malignant cells
and amplified themselves this way (Bajor 2022, doi:10.1136/jitc-2021-002500). :math:`\theta` is 0
for a receptor that does not see healthy tissue, as a human receptor in many a mouse. At constant
killing the damage is :math:`\kappa_{off}/(\kappa_{off} + r_U)`. The structural alternative is
``off_tumour_none``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

PHENOTYPES: Final = ("tscm", "tcm", "teff", "tex")

MECHANISM: Final = Mechanism(
    name="off_tumour_killing",
    parameters=(
        "healthy_tissue/antigen_density",
        "healthy_tissue/antigen_cells",
        "healthy_tissue/antigen_induction",
        "healthy_tissue/induction_half_interferon",
        "healthy_tissue/tissue_regrowth_rate",
        "healthy_tissue/injury_half_activation",
        "t_cell/kill_rate",
        "t_cell/kill_half_saturation",
        "t_cell/memory_kill_weight",
        "t_cell/exhausted_kill_weight",
        "cytokine/macrophage_activation_rate",
    ),
    inputs={"off_tumour_antigen": "1"},
    species=(
        Species("healthy_tissue", "1", initial="1", absolute_tolerance=1e-7),
        Species("macrophages_activated", "1", absolute_tolerance=1e-7),
        Species(
            "interferon_gamma",
            "pg/mL",
            initial="interferon_gamma_baseline",
            absolute_tolerance=1e-3,
        ),
        *(Species(f"{phenotype}_blood", "cell") for phenotype in PHENOTYPES),
    ),
    rules=(
        Rule(
            "tissue_density",
            "off_tumour_antigen * antigen_density * (1 + antigen_induction * interferon_gamma"
            " / (interferon_gamma + induction_half_interferon))",
            "1",
        ),
        Rule("tissue_antigen", "tissue_density * antigen_cells * healthy_tissue", "cell"),
        Rule(
            "killers_outside",
            "teff_blood + memory_kill_weight * (tscm_blood + tcm_blood)"
            " + exhausted_kill_weight * tex_blood",
            "cell",
        ),
        Rule(
            "off_tumour_kill",
            "target_visibility * tissue_density * kill_rate * killers_outside"
            " / (killers_outside + kill_half_saturation)",
            "1/day",
        ),
        Rule("tissue_injury", "off_tumour_kill * healthy_tissue", "1/day"),
        Rule("tissue_damage", "max(0, 1 - healthy_tissue)", "1"),
    ),
    reactions=(
        Reaction("tissue_killed", "tissue_injury", reactants={"healthy_tissue": 1}),
        Reaction(
            "tissue_regrowth",
            "tissue_regrowth_rate * max(0, 1 - healthy_tissue)",
            products={"healthy_tissue": 1},
        ),
        Reaction(
            "macrophages_woken_by_injury",
            "steroid_block * macrophage_activation_rate * tissue_injury"
            " / (tissue_injury + injury_half_activation) * (1 - macrophages_activated)",
            products={"macrophages_activated": 1},
        ),
    ),
    observables=(
        Observable("damaged_tissue", "tissue_damage", "1", "Healthy tissue lost"),
        Observable("off_tumour_killing_rate", "off_tumour_kill", "1/day", "Off-tumour killing"),
    ),
)
