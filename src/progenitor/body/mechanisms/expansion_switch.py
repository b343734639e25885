r"""Division as a switch: above an antigen level cells divide fully, below it hardly at all.

.. math::

    S' = p_S s h\,(2\varphi_S - 1) S, \quad \ldots, \qquad
    s = \frac{a^n}{a^n + (1 - a)^n} = \frac{A^n}{A^n + K_A^n}

The structural alternative of ``expansion``: the same half-signal, crossed steeply. The exponent is
that of effector division in Kirouac 2023 (doi:10.1038/s41587-023-01687-x), a patient with complete
response; that the same switch turns renewal into differentiation there is not taken over. Rates,
fates and the interleukin-15 drive :math:`h` are those of ``expansion``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Rule, Species

__all__ = ["MECHANISM"]

SITES: Final = ("blood", "tumour")


def _divisions(site: str) -> tuple[Reaction, ...]:
    """Division reactions at one site."""
    drive = f"antigen_switch_{site} * proliferation_drive"
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
    name="expansion_switch",
    parameters=(
        "t_cell/stem_division_rate",
        "t_cell/stem_renewal_probability",
        "t_cell/memory_division_rate",
        "t_cell/memory_renewal_probability",
        "t_cell/effector_division_rate",
        "expansion/switch_steepness",
    ),
    species=tuple(
        Species(f"{phenotype}_{site}", "cell")
        for site in SITES
        for phenotype in ("tscm", "tcm", "teff")
    ),
    rules=tuple(
        Rule(
            f"antigen_switch_{site}",
            f"antigen_signal_{site}**switch_steepness / (antigen_signal_{site}**switch_steepness"
            f" + (1 - antigen_signal_{site})**switch_steepness)",
            "1",
        )
        for site in SITES
    ),
    reactions=tuple(reaction for site in SITES for reaction in _divisions(site)),
)
