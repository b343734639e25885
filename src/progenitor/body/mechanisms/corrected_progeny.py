r"""Progenitors follow corrected and uncorrected stem cells over three stages.

.. math::

    \ell_1' = \frac{3}{t_\ell} \Bigl[\frac{C + S}{N (1 - v_0)} - \ell_1\Bigr] - k_c D\,\ell_1,
    \quad \ell_i' = \frac{3}{t_\ell} (\ell_{i-1} - \ell_i) - k_c D\,\ell_i

for the corrected clone, and the same for the uncorrected, which is at 1 in all stages at rest.
:math:`C + S` are cells of ``corrected_graft`` relative to a full niche, :math:`t_\ell` is the time
from stem cell to dividing precursor and :math:`D` conditioning doses acting, which empty the stages
as they do the niche. The last stage of each clone feeds its marrow chain, so blood follows a
transplant after weeks and not at once.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Rule, Species

__all__ = ["MECHANISM"]

CLONES: Final = ("corrected", "uncorrected")
STAGES: Final = ("early", "middle", "late")


def _progeny(clone: str) -> tuple[Reaction, ...]:
    """Progenitors of a clone: levels that follow one another, each emptied by conditioning."""
    parents = f"({clone}_hsc + {clone}_progenitors) / stem_cells_at_rest"
    levels = [f"{clone}_progeny_{stage}" for stage in STAGES]
    return tuple(
        reaction
        for level, above in zip(levels, (parents, *levels), strict=False)
        for reaction in (
            Reaction(f"{level}_arrival", f"progeny_rate * {above}", products={level: 1}),
            Reaction(f"{level}_departure", f"progeny_rate * {level}", reactants={level: 1}),
            Reaction(
                f"{level}_conditioning",
                f"stem_conditioning_kill_rate * lymphodepletion * {level}",
                reactants={level: 1},
            ),
        )
    )


MECHANISM: Final = Mechanism(
    name="corrected_progeny",
    parameters=("corrected_hsc/progeny_time", "corrected_hsc/stem_conditioning_kill_rate"),
    species=(
        *(Species(f"corrected_progeny_{stage}", "1") for stage in STAGES),
        *(Species(f"uncorrected_progeny_{stage}", "1", initial="1") for stage in STAGES),
        Species("lymphodepletion", "1"),
    ),
    rules=(
        # 2 + 1 stages share the time from stem cell to dividing precursor
        Rule("progeny_rate", "(2 + 1) / progeny_time", "1/day"),
        Rule("host_gmp_level", "uncorrected_progeny_late", "1"),
        Rule("corrected_level", "corrected_progeny_late", "1"),
    ),
    reactions=tuple(step for clone in CLONES for step in _progeny(clone)),
)
