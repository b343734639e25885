r"""Committed progeny multiply over three stages and become monocytes and neutrophils.

.. math::

    P_i' = \alpha k P_{i-1} - k P_i, \qquad
    \alpha = a_G^{1/3}, \quad k = \frac{3}{t_G}, \qquad
    M' = f_{mono}\,\alpha k P_3, \qquad Q' = (1 - f_{mono})\,\alpha k P_3 - d_Q Q

Each stage divides at :math:`(\alpha - 1)k` and leaves at :math:`\alpha k`, so that one committed
cell gives :math:`a_G` blood cells after a mean time :math:`t_G`: 32-fold in mice, five divisions;
128-fold in people (haematopoiesis models after Zheng 2021). The monocyte share is that of cultured
progenitors (Wilson 2020, doi:10.1371/journal.pcbi.1007620). Neutrophils :math:`Q` of a healthy
donor are competent to make reactive oxygen and circulate with a half-life near 19 h
(Lahoz-Beneytez 2016, doi:10.1182/blood-2016-03-700336).
"""

from itertools import pairwise
from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

STAGES: Final = ("committed_1", "committed_2", "committed_3")

MECHANISM: Final = Mechanism(
    name="myelopoiesis",
    parameters=(
        "gmp/gmp_amplification",
        "gmp/committed_transit_time",
        "gmp/monocyte_share",
        "gmp/neutrophil_loss_rate",
    ),
    species=tuple(
        Species(name, "cell") for name in (*STAGES, "monocytes_blood", "neutrophils_blood")
    ),
    rules=(
        # 2 + 1 stages share the amplification and the time between them
        Rule("stage_amplification", "exp(log(gmp_amplification) / (2 + 1))", "1"),
        Rule("stage_rate", "(2 + 1) / committed_transit_time", "1/day"),
    ),
    reactions=(
        *(
            Reaction(
                f"{stage}_division",
                f"(stage_amplification - 1) * stage_rate * {stage}",
                reactants={stage: 1},
                products={stage: 2},
            )
            for stage in STAGES
        ),
        *(
            Reaction(
                f"{stage}_maturation",
                f"stage_amplification * stage_rate * {stage}",
                reactants={stage: 1},
                products={following: 1},
            )
            for stage, following in pairwise(STAGES)
        ),
        Reaction(
            "monocyte_release",
            "monocyte_share * stage_amplification * stage_rate * committed_3",
            reactants={"committed_3": 1},
            products={"monocytes_blood": 1},
        ),
        Reaction(
            "neutrophil_release",
            "(1 - monocyte_share) * stage_amplification * stage_rate * committed_3",
            reactants={"committed_3": 1},
            products={"neutrophils_blood": 1},
        ),
        Reaction(
            "neutrophil_loss",
            "neutrophil_loss_rate * neutrophils_blood",
            reactants={"neutrophils_blood": 1},
        ),
    ),
    observables=(
        Observable("committed_in_marrow", " + ".join(STAGES), "cell", "Committed product cells"),
    ),
)
