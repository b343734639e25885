r"""The host's own tumour-specific T cells: recruited, woken, held back by PD-1, and killers.

.. math::

    H' = \rho N s + p_H(\Phi_0 + \Phi)(1-b)\,s\,H\Bigl(1 - \frac{H}{H_{max}}\Bigr)
        - d_H H - k_{LD} D H, \qquad s = \frac{T}{T + K_A}

    \kappa_H = \varepsilon_H (1-b)\frac{H}{K_H + H}, \qquad
    T^{\pm\prime} = (\kappa_0 - \kappa_H) T^\pm

:math:`N` are host lymphocytes, so a host without them recruits none and conditioning (:math:`D`)
empties both; :math:`\Phi` is the bystander signal of a myeloid product, :math:`b` the checkpoint
brake. They kill clones with and without the product's antigen alike and release interferon-gamma.
At enrolment they are at rest, and the growth of the tumour that was measured before treatment has
their killing :math:`\kappa_0` in it: what treatment adds to it, or takes from it, changes the
course. Growth and killing are calibrated on tumours under antibodies against PD-1 alone: patients,
Leighl 2019 (doi:10.1016/S2213-2600(18)30500-9); mice, Lindauer 2017 (doi:10.1002/psp4.12130, figure
2a).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

CELLS: Final = "host_tumour_t_cells"
CLONES: Final = ("positive", "negative")
KILL: Final = "host_t_kill_rate * (1 - {brake}) * {cells} / ({cells} + host_t_kill_half_saturation)"

RULES: Final = (
    Rule("tumour_seen_by_host", "tumour_cells / (tumour_cells + antigen_half_signal)", "1"),
    Rule("host_t_release", "1 - brake_on_host", "1"),
    Rule("host_tumour_kill", KILL.format(brake="brake_on_host", cells=CELLS), "1/day"),
    Rule(
        "host_t_growth_at_rest",
        "host_t_division_rate * host_t_activation_at_rest * (1 - brake_at_rest)",
        "1/day",
    ),
    Rule("host_t_gain_at_rest", "host_t_growth_at_rest - host_t_death_rate", "1/day"),
    Rule(
        "host_t_at_rest",
        "piecewise(0, host_t_recruitment_rate <= 0,"
        " (host_t_gain_at_rest + sqrt(host_t_gain_at_rest ** 2"
        " + 2 * 2 * host_t_growth_at_rest * host_t_recruitment_rate * lymphocytes_at_enrolment"
        " / host_t_capacity)) / (2 * host_t_growth_at_rest) * host_t_capacity)",
        "cell",
    ),
    Rule("host_kill_at_rest", KILL.format(brake="brake_at_rest", cells="host_t_at_rest"), "1/day"),
)


def _tumour(clone: str) -> tuple[Reaction, ...]:
    """Killing of one clone, and the growth that its killing at rest had hidden."""
    name = f"tumour_{clone}"
    return (
        Reaction(f"{name}_killed_by_host", f"host_tumour_kill * {name}", {name: 1}),
        Reaction(
            f"{name}_growth_hidden",
            f"host_kill_at_rest * max(0, 1 - tumour_cells / tumour_capacity) * {name}",
            reactants={name: 1},
            products={name: 2},
        ),
    )


MECHANISM: Final = Mechanism(
    name="host_tumour_t_cells",
    parameters=(
        "host/lymphocytes_at_enrolment",
        "host_t/host_t_recruitment_rate",
        "host_t/host_t_division_rate",
        "host_t/host_t_activation_at_rest",
        "host_t/host_t_capacity",
        "host_t/host_t_death_rate",
        "host_t/host_t_kill_rate",
        "host_t/host_t_kill_half_saturation",
        "disease/tumour_capacity",
        "t_cell/antigen_half_signal",
        "cytokine/interferon_gamma_production",
        "lymphodepletion/lymphocyte_kill_rate",
    ),
    species=(
        Species(CELLS, "cell", initial="host_t_at_rest"),
        Species("lymphocytes", "cell", initial="lymphocytes_at_enrolment"),
        Species("lymphodepletion", "1"),
        Species(
            "interferon_gamma",
            "pg/mL",
            initial="interferon_gamma_baseline",
            absolute_tolerance=1e-3,
        ),
        Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),
        Species(
            "tumour_negative",
            "cell",
            initial="tumour_at_enrolment * antigen_negative_share",
            countable=True,
        ),
    ),
    rules=RULES,
    reactions=(
        Reaction(
            "host_t_recruitment",
            "host_t_recruitment_rate * lymphocytes * tumour_seen_by_host",
            products={CELLS: 1},
        ),
        Reaction(
            "host_t_division",
            "host_t_division_rate * (host_t_activation_at_rest + bystander_signal)"
            f" * host_t_release * tumour_seen_by_host * (1 - {CELLS} / host_t_capacity) * {CELLS}",
            products={CELLS: 1},
        ),
        Reaction("host_t_death", f"host_t_death_rate * {CELLS}", {CELLS: 1}),
        Reaction(
            "host_t_depletion",
            f"lymphocyte_kill_rate * lymphodepletion * {CELLS}",
            {CELLS: 1},
        ),
        *(reaction for clone in CLONES for reaction in _tumour(clone)),
        Reaction(
            "interferon_gamma_from_host_t_cells",
            f"interferon_gamma_production * host_t_release * tumour_seen_by_host * {CELLS}",
            products={"interferon_gamma": 1},
        ),
    ),
    observables=(
        Observable("host_t_cells_in_tumour", CELLS, "cell", "Host tumour-specific T cells"),
        Observable("host_kill", "host_tumour_kill", "1/day", "Tumour killed by host T cells"),
    ),
)
