r"""Antigen-driven division and fate: each division renews, or gives two cells of the next stage.

.. math::

    S' = p_S a h (2\varphi_S - 1) S, \qquad
    C' = 2 p_S a h (1-\varphi_S) S + p_C a h (2\varphi_C - 1) C, \qquad
    E' = 2 p_C a h (1-\varphi_C) C + p_E a h E

at each site with its own antigen signal :math:`a`; :math:`h` is the interleukin-15 drive and
:math:`\varphi` the probability that a division renews. Stem (S), central memory (C), effector (E).
The lineage doubles every 0.76-0.78 day in published fits (Stein 2019, doi:10.1002/psp4.12388;
Ogasawara 2021, doi:10.1007/s40262-021-01039-5).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Species

__all__ = ["MECHANISM"]

SITES: Final = ("blood", "tumour")


def _divisions(site: str) -> tuple[Reaction, ...]:
    """Division reactions at one site."""
    drive = f"antigen_signal_{site} * proliferation_drive"
    stem, memory, effector = f"tscm_{site}", f"tcm_{site}", f"teff_{site}"
    return (
        Reaction(
            f"stem_renewal_{site}",
            f"stem_division_rate * stem_renewal_probability * {drive} * {stem}",
            reactants={stem: 1},
            products={stem: 2},
        ),
        Reaction(
            f"stem_differentiation_{site}",
            f"stem_division_rate * (1 - stem_renewal_probability) * {drive} * {stem}",
            reactants={stem: 1},
            products={memory: 2},
        ),
        Reaction(
            f"memory_renewal_{site}",
            f"memory_division_rate * memory_renewal_probability * {drive} * {memory}",
            reactants={memory: 1},
            products={memory: 2},
        ),
        Reaction(
            f"memory_differentiation_{site}",
            f"memory_division_rate * (1 - memory_renewal_probability) * {drive} * {memory}",
            reactants={memory: 1},
            products={effector: 2},
        ),
        Reaction(
            f"effector_division_{site}",
            f"effector_division_rate * {drive} * {effector}",
            reactants={effector: 1},
            products={effector: 2},
        ),
    )


MECHANISM: Final = Mechanism(
    name="expansion",
    parameters=(
        "t_cell/stem_division_rate",
        "t_cell/stem_renewal_probability",
        "t_cell/memory_division_rate",
        "t_cell/memory_renewal_probability",
        "t_cell/effector_division_rate",
    ),
    species=tuple(
        Species(f"{phenotype}_{site}", "cell")
        for site in SITES
        for phenotype in ("tscm", "tcm", "teff")
    ),
    reactions=tuple(reaction for site in SITES for reaction in _divisions(site)),
)
