r"""Donor T cells that kept their receptor attack a mismatched host.

.. math::

    \rho = 1 - e\,(1 - \rho_0), \qquad
    A' = m\,\alpha\,\rho\,f k_{lung}\sum_i I_i + (p_A h - d_A - k_R^T)\,A, \qquad
    G' = k_G\frac{A}{A + K_G}(1 - G) - r_G G

With every product cell :math:`I` infused come :math:`\rho` donor T cells that carry a receptor:
as many as there are in an unedited product (:math:`e = 0`), :math:`\rho_0` in an edited one. A
share :math:`m\,\alpha` of them knows the host, whose antigen is everywhere, so they divide at
:math:`p_A` as long as interleukin-15 is in surplus (:math:`h`). :math:`G` is tissue injury, 0 to
1; its crossings are grades, and it adds :math:`\lambda_G G` to the hazard of death. Cells that
one edit has missed are taken to be missed by all, so host T cells reject them. Without mismatch
or without receptors there is no disease. Anchor: grade 1 of the skin in 2 of 21 patients given
UCART19. No treatment is modelled.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

INFUSED: Final = ("tscm_infused", "tcm_infused", "teff_infused", "tex_infused")
GRADES: Final = ("gvhd_grade_1", "gvhd_grade_2", "gvhd_grade_3", "gvhd_grade_4")

MECHANISM: Final = Mechanism(
    name="graft_versus_host",
    parameters=(
        "edit/residual_tcr_share",
        "gvhd/alloreactive_share",
        "gvhd/alloreactive_division_rate",
        "gvhd/alloreactive_death_rate",
        "gvhd/gvhd_half_cells",
        "gvhd/gvhd_injury_rate",
        "gvhd/gvhd_healing_rate",
        "gvhd/gvhd_death_hazard",
        *(f"gvhd/{grade}" for grade in GRADES),
        "t_cell/lung_release_rate",
        "t_cell/retained_dose_fraction",
    ),
    inputs={"mhc_mismatch": "1", "tcr_edited": "1"},
    species=(
        *(Species(name, "cell") for name in INFUSED),
        Species("alloreactive_graft", "cell", countable=True),
        Species("gvhd_injury", "1", absolute_tolerance=1e-7),
        Species("death_hazard", "1", absolute_tolerance=1e-7),
    ),
    rules=(
        Rule("residual_tcr", "1 - tcr_edited * (1 - residual_tcr_share)", "1"),
        Rule(
            "gvhd_attack",
            "gvhd_injury_rate * alloreactive_graft / (alloreactive_graft + gvhd_half_cells)",
            "1/day",
        ),
    ),
    reactions=(
        Reaction(
            "alloreactive_arrival",
            "mhc_mismatch * alloreactive_share * residual_tcr"
            f" * retained_dose_fraction * lung_release_rate * ({' + '.join(INFUSED)})",
            products={"alloreactive_graft": 1},
        ),
        Reaction(
            "alloreactive_division",
            "alloreactive_division_rate * proliferation_drive * alloreactive_graft",
            reactants={"alloreactive_graft": 1},
            products={"alloreactive_graft": 2},
        ),
        Reaction(
            "alloreactive_loss",
            "(alloreactive_death_rate + t_cell_rejection_rate) * alloreactive_graft",
            reactants={"alloreactive_graft": 1},
        ),
        Reaction("gvhd_onset", "gvhd_attack * (1 - gvhd_injury)", products={"gvhd_injury": 1}),
        Reaction("gvhd_healing", "gvhd_healing_rate * gvhd_injury", reactants={"gvhd_injury": 1}),
        Reaction("gvhd_death", "gvhd_death_hazard * gvhd_injury", products={"death_hazard": 1}),
    ),
    observables=(
        Observable("gvhd_injury_level", "gvhd_injury", "1", "Tissue injury by donor T cells"),
        Observable(
            "gvhd_grade",
            " + ".join(f"piecewise(1, gvhd_injury >= {grade}, 0)" for grade in GRADES),
            "1",
            "Grade of graft-versus-host disease",
        ),
    ),
)
