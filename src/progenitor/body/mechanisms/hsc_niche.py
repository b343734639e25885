r"""Edited and unedited stem cells share one niche.

.. math::

    L_i' = r L_i - \Bigl(r - \frac{1}{\tau_L}\Bigr)\frac{L + L_h}{\bar L} L_i
        - \frac{L_i}{\tau_L} - k_c D L_i

The stem cell equation of Zheng 2021 (doi:10.1002/psp4.12638) with its two branches: at capacity
each branch keeps its share, so a graft lasts as large as conditioning (:math:`D`) and dose made it.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

BRANCHES: Final = ("hsc_niche", "host_hsc")

MECHANISM: Final = Mechanism(
    name="hsc_niche",
    parameters=(
        "hsc/stem_capacity",
        "hsc/long_term_division_rate",
        "hsc/stem_stay",
        "hsc/stem_conditioning_kill_rate",
    ),
    species=(
        Species("hsc_niche", "cell"),
        Species("host_hsc", "cell", initial="stem_capacity"),
        Species("short_term_early", "cell"),
        Species("lymphodepletion", "1"),
    ),
    rules=(
        Rule("stem_cells", "hsc_niche + host_hsc", "cell"),
        Rule(
            "stem_crowding",
            "max(0, long_term_division_rate - 1 / stem_stay) * stem_cells / stem_capacity",
            "1/day",
        ),
    ),
    reactions=(
        *(
            reaction
            for branch in BRANCHES
            for reaction in (
                Reaction(
                    f"{branch}_division",
                    f"long_term_division_rate * {branch}",
                    reactants={branch: 1},
                    products={branch: 2},
                ),
                Reaction(f"{branch}_crowding", f"stem_crowding * {branch}", {branch: 1}),
                Reaction(
                    f"{branch}_conditioning",
                    f"stem_conditioning_kill_rate * lymphodepletion * {branch}",
                    {branch: 1},
                ),
            )
        ),
        Reaction(
            "hsc_commitment",
            "hsc_niche / stem_stay",
            reactants={"hsc_niche": 1},
            products={"short_term_early": 1},
        ),
        Reaction("host_hsc_commitment", "host_hsc / stem_stay", reactants={"host_hsc": 1}),
    ),
    observables=(
        Observable("engineered_hsc", "hsc_niche", "cell", "Engineered stem cells in the niche"),
        Observable(
            "stem_cell_chimerism",
            "hsc_niche / stem_cells",
            "1",
            "Engineered share of stem cells",
        ),
    ),
)
