r"""CD19 CAR-T cells in lupus: phenotypes, receptors, B cells and chemotherapy (Park et al. 2025).

CD8+ and CD4+ CAR-T cells are naive, central memory, effector memory or effector, in blood and in
marrow. In each place :math:`x` and subset :math:`s`, with :math:`C_s` complexes of CAR and CD19,
:math:`T_s` CAR-T cells of :math:`\rho_T` receptors each and :math:`B` B cells of :math:`\rho_B`:

.. math::

    C_s' &= k_{on} (\rho_T T_s - C_s)\bigl(\rho_B B - \textstyle\sum_r C_r\bigr) - k_{off} C_s \\
    N' &= \Bigl(K_s \frac{C_s/T_s}{EC_{50} + C_s/T_s} - r_1 - k_m\Bigr) N \quad\text{and so on, by }
    r_2, r_3 \text{ to effectors, lost with } k_e \\
    B' &= \Bigl(k_g - K_{kill}\frac{\sum C_s/B}{KC_{50} + \sum C_s/B}\Bigr) B, \qquad
    B_n' = k_0 \Bigl(1 - \frac{B + B_n}{B_{max}}\Bigr) \text{ while CAR-T} < \theta

Cells are lost in blood only and pass to marrow (:math:`k_{12}`) and back (:math:`k_{21}`). New,
naive B cells :math:`B_n` come once CAR-T cells are few, and CAR-T cells do not see them.
Chemotherapy holds up precursors of host CD4+ and CD8+ T cells and neutrophils (Friberg's chain with
three transits).

Left out: interferon-alpha, anti-dsDNA, complement C3, proteinuria and the disease score. They do
not act back on the cells, and the paper contradicts itself on them (see the notes of the table).

References
----------
Park H, Mugundu GM, Singh AP. Mechanistic evaluation of anti-CD19 CAR-T cell therapy repurposed in
systemic lupus erythematosus using a quantitative systems pharmacology model. Clin Transl Sci
2025;18:e70146, doi:10.1111/cts.70146; table 1 and appendix S2.
"""

from progenitor.engine import Event, Observable, Reaction, Rule, Species
from progenitor.library._observed import level_on_day, peak, trough
from progenitor.library._park_2025_cells import (
    PLACES,
    STAGES,
    SUBSETS,
    binding,
    car_t_cells,
    engagement,
    stages,
)
from progenitor.library._park_2025_host import CHAIN, HOST, host_t_cells, neutrophil_chain
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "observed"]

MODEL = PublishedModel(
    name="park_2025",
    reproduces="CAR-T peak, host cells' nadirs and B cells after two years (figures 2 and 3)",
    end="end",
    look="look",
    species=(
        *(
            Species(
                f"{subset}_{stage}_{place}",
                "cell/uL",
                initial=f"dose_per_kg*body_weight/blood_volume*{subset}_share*{stage}_share"
                if place == "blood"
                else "0",
            )
            for subset in SUBSETS
            for stage in STAGES
            for place in PLACES
        ),
        *(Species(f"{s}_complexes_{p}", "molecule/uL") for s in SUBSETS for p in PLACES),
        *(Species(f"b_cells_{p}", "cell/uL", initial=f"b_cells_{p}_at_start") for p in PLACES),
        Species("new_b_cells", "cell/uL"),
        Species("returning", "1", title="1 while CAR-T cells are so few that B cells return"),
        Species("chemotherapy", "mg", initial="chemotherapy_dose"),
        *(
            Species(f"{k}_precursors", "cell/uL", f"{k}_production_rate/{k}_release_rate")
            for k in HOST
        ),
        *(Species(f"host_{k}", "cell/uL", f"{k}_production_rate/{k}_loss_rate") for k in HOST),
        *(Species(name, "cell/uL", "neutrophils_at_rest") for name in CHAIN),
    ),
    rules=(
        Rule("car_t_in_blood", " + ".join(car_t_cells(s, "blood") for s in SUBSETS), "cell/uL"),
        Rule("cd4_expansion_rate", "cd8_expansion_rate/expansion_ratio", "1/day"),
        *engagement("blood"),
        *engagement("marrow"),
        Rule("drug", "chemotherapy/blood_volume", "mg/uL"),
        *(
            Rule(f"{k}_effect", f"{k}_largest_effect*drug/({k}_half_effect + drug)", "1")
            for k in (*HOST, "neutrophil")
        ),
        Rule("transit_rate", "2*2/transit_time", "1/day"),
    ),
    reactions=(
        *(reaction for subset in SUBSETS for reaction in stages(subset)),
        *(reaction for s in SUBSETS for p in PLACES for reaction in binding(s, p)),
        *(
            Reaction(f"growth_{p}", f"b_cell_growth_rate*b_cells_{p}", {}, {f"b_cells_{p}": 1})
            for p in PLACES
        ),
        *(
            Reaction(f"killing_of_{p}", f"killing_{p}*b_cells_{p}", {f"b_cells_{p}": 1})
            for p in PLACES
        ),
        Reaction(
            "return_of_b_cells",
            "returning*return_rate*max(1 - (b_cells_blood + new_b_cells)/most_b_cells, 0)",
            {},
            {"new_b_cells": 1},
        ),
        Reaction("chemotherapy_loss", "chemotherapy_loss_rate*chemotherapy", {"chemotherapy": 1}),
        *(reaction for kind in HOST for reaction in host_t_cells(kind)),
        *neutrophil_chain(),
    ),
    events=(
        Event(
            "few_car_t",
            "car_t_in_blood < return_threshold",
            {"returning": "1"},
            once=False,
            fires_at_start=True,
        ),
        Event("many_car_t", "car_t_in_blood >= return_threshold", {"returning": "0"}, once=False),
    ),
    observables=(
        Observable("car_t", "car_t_in_blood", "cell/uL", "CAR-T cells in blood"),
        Observable("b_cells", "b_cells_blood + new_b_cells", "cell/uL", "B cells in blood"),
        Observable("host_cd4", "host_cd4", "cell/uL", "host CD4+ T cells"),
        Observable("host_cd8", "host_cd8", "cell/uL", "host CD8+ T cells"),
        Observable("neutrophils", "neutrophils", "cell/uL", "neutrophils"),
    ),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every range that the paper's figures show.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("park_2025", patients=1, seed=1, typical=True)
    >>> 7 < observed(one, one)["observed_time_of_peak"] < 10
    True
    """
    (level, day), (low, at) = peak(typical, "car_t"), trough(typical, "neutrophils")
    return {
        "observed_peak": float(level[0]),
        "observed_time_of_peak": float(day[0]),
        "observed_cd4_nadir": float(trough(typical, "host_cd4")[0][0]),
        "observed_cd8_nadir": float(trough(typical, "host_cd8")[0][0]),
        "observed_neutrophil_nadir": float(low[0]),
        "observed_time_of_neutrophil_nadir": float(at[0]),
        "observed_b_cells_day_730": level_on_day(population, "b_cells", "observed_b_cells_day_730"),
    }
