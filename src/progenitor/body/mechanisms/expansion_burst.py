r"""Effectors come in bursts: a memory cell that differentiates gives a programmed number of them.

.. math::

    S' = p_S a h\,(2\varphi_S - 1) S, \qquad
    C' = 2 p_S a h (1-\varphi_S) S + p_C a h (2\varphi_C - 1) C, \qquad
    E' = 2^N \cdot 2 p_C a h (1-\varphi_C) C

The structural alternative of ``expansion``: effectors do not divide on antigen; each daughter of a
differentiating division makes :math:`N` divisions of its own, at once (Kirouac 2023,
doi:10.1038/s41587-023-01687-x). How many effectors a
product can make thus depends on the stem and memory cells in it. Other rates, fates and the drive
:math:`h` are those of ``expansion``.
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
            f"effector_burst_{site}",
            f"2 * (2**burst_divisions - 1) * memory_division_rate"
            f" * (1 - memory_renewal_probability) * {drive} * {memory}",
            products={effector: 1},
        ),
    )


MECHANISM: Final = Mechanism(
    name="expansion_burst",
    parameters=(
        "t_cell/stem_division_rate",
        "t_cell/stem_renewal_probability",
        "t_cell/memory_division_rate",
        "t_cell/memory_renewal_probability",
        "expansion/burst_divisions",
    ),
    species=tuple(
        Species(f"{phenotype}_{site}", "cell")
        for site in SITES
        for phenotype in ("tscm", "tcm", "teff")
    ),
    reactions=tuple(reaction for site in SITES for reaction in _divisions(site)),
)
