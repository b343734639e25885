r"""Memory, effector and exhausted CAR-T cells under an antigen toggle switch (Kirouac et al. 2023).

The antigen :math:`B_a`, which lags behind the tumour :math:`B`, decides whether memory cells renew
or differentiate, how fast effectors divide and exhaust, and whether they turn back into memory.
With :math:`H_k = B_a^k/(B_{50}^k + B_a^k)` and :math:`f = f_{max}(1 - H_{k_m})`:

.. math::

    T_M' &= \mu_m (2f - 1) T_M - d_m T_M + r_m (1 - H_{k_r}) T_{E2} + f_{TM} W \\
    T_{E1}' &= 2\mu_m (1 - f) T_M - \mu_e H_{k_e} T_{E1} - d_{e1} T_{E1} + f_{TE1} W \\
    T_{E2}' &= 2^N \mu_e H_{k_e} T_{E1} - k_{ex} H_{k_x} T_{E2} - d_{e2} T_{E2}
        - r_m (1 - H_{k_r}) T_{E2} + f_{TE2} W \\
    T_X' &= k_{ex} H_{k_x} T_{E2} - d_x T_X + f_{TX} W \\
    B' &= \mu_B B (1 - B/B_{max}) - k_{kill} B\,T_{E2}^{k_t}/(TK_{50}^{k_t} + T_{E2}^{k_t}),
        \qquad B_a' = k_{b1} B - k_{b2} B_a \\
    D' &= -(f_{loss} + k) D, \qquad W' = k D - (f_{TM} + f_{TE1} + f_{TE2} + f_{TX}) W

Of the dose :math:`D` the share :math:`k/(f_{loss} + k)`, at most 0.4 %, arrives; the shares of the
product are rates at which what arrived, :math:`W`, becomes cells of each kind. As in the
repository's code, late effectors below zero by rounding kill nothing.

References
----------
Kirouac DC, Zmurchok C, Deyati A et al. Deconvolution of clinical variance in CAR-T cell
pharmacology and response. Nat Biotechnol 2023, doi:10.1038/s41587-023-01687-x. Equations and the 36
fitted virtual patients as typed in the public repository mstadt/CART2.
"""

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._observed import level_on_day, peak
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Regimen

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

_KINDS = ("memory", "early", "late", "exhausted")
_CLASSES = ("complete", "partial", "none")

OBSERVED_VARIANTS = {
    symbol: variant
    for response, variant in (("partial", "partial_response"), ("none", "no_response"))
    for symbol in (f"peak_{response}", f"peak_day_{response}", f"tumour_{response}_day_28")
} | {f"median_peak_{response}": f"median_{response}" for response in _CLASSES}

MODEL = PublishedModel(
    name="kirouac_2023",
    reproduces="peak of CAR-T cells and tumour on day 28 of a virtual patient of each response",
    end="end",
    look="look",
    species=(
        Species("memory", "cell"),
        Species("early", "cell", title="Effectors before their divisions"),
        Species("late", "cell", title="Effectors after their divisions"),
        Species("exhausted", "cell"),
        Species("tumour", "cell", initial="tumour_at_start"),
        Species("antigen", "cell", initial="antigen_at_start"),
        Species("infused", "cell"),
        Species("arrived", "cell"),
    ),
    rules=(
        Rule("renewal", "largest_renewal*(1 - hill(antigen, half_antigen, renewal_power))", "1"),
        Rule(
            "division",
            "effector_division_rate*hill(antigen, half_antigen, division_power)",
            "1/day",
        ),
        Rule(
            "exhaustion", "exhaustion_rate*hill(antigen, half_antigen, exhaustion_power)", "1/day"
        ),
        Rule(
            "return_rate",
            "memory_return_rate*(1 - hill(antigen, half_antigen, return_power))",
            "1/day",
        ),
        Rule("killing", "killing_rate*hill(max(late, 0), half_killing, killing_power)", "1/day"),
    ),
    reactions=(
        Reaction(
            "self_renewal", "memory_division_rate*renewal*memory", {"memory": 1}, {"memory": 2}
        ),
        Reaction(
            "differentiation",
            "memory_division_rate*(1 - renewal)*memory",
            {"memory": 1},
            {"early": 2},
        ),
        Reaction("divisions", "division*early", {"early": 1}),
        Reaction("made_by_divisions", "2**divisions*division*early", {}, {"late": 1}),
        Reaction("exhaustion", "exhaustion*late", {"late": 1}, {"exhausted": 1}),
        Reaction("return", "return_rate*late", {"late": 1}, {"memory": 1}),
        Reaction(
            "growth", "tumour_growth_rate*tumour*(1 - tumour/tumour_capacity)", {}, {"tumour": 1}
        ),
        Reaction("killing", "killing*tumour", {"tumour": 1}),
        Reaction("shedding", "antigen_rate*tumour", {}, {"antigen": 1}),
        Reaction("clearance", "antigen_loss_rate*antigen", {"antigen": 1}),
        Reaction("loss", "dose_loss_rate*infused", {"infused": 1}),
        Reaction("arrival", "arrival_rate*infused", {"infused": 1}, {"arrived": 1}),
        *(Reaction(f"death_of_{kind}", f"{kind}_death_rate*{kind}", {kind: 1}) for kind in _KINDS),
        *(
            Reaction(f"seeding_of_{kind}", f"{kind}_seeding*arrived", {"arrived": 1}, {kind: 1})
            for kind in _KINDS
        ),
    ),
    observables=(
        Observable("car_t", "memory + early + late + exhausted", "cell", "CAR-T cells"),
        Observable("tumour", "tumour", "cell", "tumour cells"),
    ),
    regimens=(Regimen("infused", ("dose",)),),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number, whatever class of response the run is of.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("kirouac_2023", patients=1, seed=1)
    >>> observed(one, one)["peak_day_complete"]
    15.5
    """
    level, day = peak(population, "car_t")
    found = {}
    for response in _CLASSES:
        found[f"peak_{response}"] = float(np.median(level))
        found[f"peak_day_{response}"] = float(np.median(day))
        name = f"tumour_{response}_day_28"
        found[name] = level_on_day(typical, "tumour", name)
        found[f"median_peak_{response}"] = float(np.median(level))
    return found
