r"""Antigen-driven division that ends when T cells have filled their space.

.. math::

    S' = p_S a c\,(2\varphi_S - 1) S, \quad \ldots, \qquad
    c = \max\!\left(0, \frac{\ln\bigl(K_C / (N + C)\bigr)}{\ln\bigl(K_C / N_0\bigr)}\right)

The structural alternative of ``expansion``: host lymphocytes :math:`N` and CAR-T cells :math:`C`
compete for room rather than for interleukin-15. The law and the capacity :math:`K_C` of CAR-T
cells are those of Kimmel 2021 (doi:10.1098/rspb.2021.0229, equation 2.2); division has the rates
of ``expansion`` with :math:`N_0` T cells, more with fewer, and the fates of ``expansion``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Rule, Species

__all__ = ["MECHANISM"]

SITES: Final = ("blood", "tumour")


def _divisions(site: str) -> tuple[Reaction, ...]:
    """Division reactions at one site."""
    drive = f"antigen_signal_{site} * competition_drive"
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
    name="expansion_competition",
    parameters=(
        "t_cell/stem_division_rate",
        "t_cell/stem_renewal_probability",
        "t_cell/memory_division_rate",
        "t_cell/memory_renewal_probability",
        "t_cell/effector_division_rate",
        "expansion/competition_capacity",
        "expansion/t_cells_at_full_division",
    ),
    species=tuple(
        Species(f"{phenotype}_{site}", "cell")
        for site in SITES
        for phenotype in ("tscm", "tcm", "teff")
    ),
    rules=(
        Rule(
            "competition_drive",
            "max(0, log(competition_capacity / (lymphocytes + car_t_circulating))"
            " / log(competition_capacity / t_cells_at_full_division))",
            "1",
        ),
    ),
    reactions=tuple(reaction for site in SITES for reaction in _divisions(site)),
)
