r"""The thymus turns lymphoid progenitors into naive T cells, in weeks.

.. math::

    N_0' = a_s f k_s C - p_N N_0, \qquad N_i' = 2 p_N N_{i-1} - p_N N_i, \qquad
    P_0' = 2 p_N N_3 - p_P P_0, \quad \dots, \quad P_5' = 2 p_P P_4 - (p_P + e_P) P_5

    Q' = (e_P + 2 p_P) P_5 - \mu Q, \qquad
    S_0' = (1-\theta\eta)\,\alpha\mu Q - p_S S_0, \qquad S_1' = 2 p_S S_0 - (p_S + e_S) S_1, \qquad
    J = (e_S + 2 p_S) S_1

Double negative (N), double positive (P, late Q) and single positive (S) cells: Thomas-Vaslin 2008
(J Immunol 180:2240) with the constants of the public extension of Zheng 2021. The steep
differentiation of the paper (an exponent of 127) is written as the stage it happens at; at rest
this gives 97-99 % of the paper's counts. CD4 and CD8 cells are one; :math:`\alpha = 7` % of late
cells are selected. Of them the share :math:`\eta` is deleted where the receptor sees healthy tissue
(:math:`\theta`), because the thymus shows PD-L1 too. :math:`f` is the thymic function left at the
patient's age.
"""

from itertools import pairwise
from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

NEGATIVE: Final = ("thymus_n0", "thymus_n1", "thymus_n2", "thymus_n3")
POSITIVE: Final = ("thymus_p0", "thymus_p1", "thymus_p2", "thymus_p3", "thymus_p4", "thymus_p5")
LATE, LAST = "thymus_p_late", POSITIVE[-1]
SINGLE: Final = ("thymus_s0", "thymus_s1")


def _division(cell: str, heir: str, rate: str) -> Reaction:
    """Return the division of a cell into two of the next stage."""
    return Reaction(f"{cell}_division", f"{rate} * {cell}", {cell: 1}, {heir: 2})


MECHANISM: Final = Mechanism(
    name="thymus",
    parameters=(
        "thymus/thymus_seeding_rate",
        "thymus/seeding_amplification",
        "thymus/thymic_function",
        "thymus/double_negative_rate",
        "thymus/double_positive_rate",
        "thymus/double_positive_exit_rate",
        "thymus/late_loss_rate",
        "thymus/selected_share",
        "thymus/deleted_share",
        "thymus/single_positive_rate",
        "thymus/single_positive_exit_rate",
    ),
    inputs={"off_tumour_antigen": "1"},
    species=(
        Species("lymphoid_progenitors", "cell"),
        *(Species(cell, "cell") for cell in (*NEGATIVE, *POSITIVE, LATE, *SINGLE)),
        Species("naive_blood", "cell"),
    ),
    rules=(
        Rule("thymic_seeding", "thymus_seeding_rate * lymphoid_progenitors", "cell/day"),
        Rule("kept_share", "selected_share * (1 - off_tumour_antigen * deleted_share)", "1"),
        Rule(
            "thymic_output",
            f"(single_positive_exit_rate + 2 * single_positive_rate) * {SINGLE[-1]}",
            "cell/day",
        ),
    ),
    reactions=(
        Reaction("progenitors_leave", "thymic_seeding", reactants={"lymphoid_progenitors": 1}),
        Reaction(
            "progenitors_arrive",
            "seeding_amplification * thymic_function * thymic_seeding",
            products={NEGATIVE[0]: 1},
        ),
        *(
            _division(cell, heir, "double_negative_rate")
            for cell, heir in pairwise((*NEGATIVE, POSITIVE[0]))
        ),
        *(
            _division(cell, heir, "double_positive_rate")
            for cell, heir in pairwise((*POSITIVE, LATE))
        ),
        Reaction(f"{LAST}_exit", f"double_positive_exit_rate * {LAST}", {LAST: 1}, {LATE: 1}),
        Reaction(
            "selection",
            f"kept_share * late_loss_rate * {LATE}",
            reactants={LATE: 1},
            products={SINGLE[0]: 1},
        ),
        Reaction("neglect", f"(1 - kept_share) * late_loss_rate * {LATE}", reactants={LATE: 1}),
        _division(SINGLE[0], SINGLE[-1], "single_positive_rate"),
        _division(SINGLE[-1], "naive_blood", "single_positive_rate"),
        Reaction(
            "thymic_exit",
            f"single_positive_exit_rate * {SINGLE[-1]}",
            {SINGLE[-1]: 1},
            {"naive_blood": 1},
        ),
    ),
    observables=(
        Observable(
            "thymocytes",
            " + ".join((*NEGATIVE, *POSITIVE, LATE, *SINGLE)),
            "cell",
            "Engineered thymocytes",
        ),
        Observable("thymic_output_rate", "thymic_output", "cell/day", "Engineered thymic output"),
    ),
)
