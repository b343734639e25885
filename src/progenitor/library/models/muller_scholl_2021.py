r"""Axicabtagene ciloleucel as four phenotypes that shrink a lymphoma (Mueller-Schoell et al. 2021).

Naive cells :math:`T_N` differentiate step by step into central memory :math:`T_{CM}`, effector
memory :math:`T_{EM}` and effector cells :math:`T_{EFF}`; the first three expand where there is
tumour :math:`B`, a volume, and all four kill it:

.. math::

    T_N' &= V_1 B\,S(T_N) + (k_{p1} - k_{12} - k_e)\,T_N, \qquad S(T) = T/(K_{M1} + T) \\
    T_{CM}' &= V_1 B\,S(T_{CM}) + k_{12} T_N + (k_{p2} - k_{23} - k_e)\,T_{CM} \\
    T_{EM}' &= V_1 B\,S(T_{EM}) + k_{23} T_{CM} + (k_{p3} - k_{34} - k_e)\,T_{EM} \\
    T_{EFF}' &= k_{34} T_{EM} - k_{e4} T_{EFF}, \qquad
    B' = k_5 B\Bigl(1 - \frac{B}{K_0}\Bigr) - \sum_i V_{5,i} T_i\,\frac{B}{K_{M5} + B}

In most patients :math:`V_1 = V_{ref} (1 + 2.53\,ASCT)\,(CD4/CD8)^{-0.385}`; a fifth of them expand
poorly, with :math:`V_1 = V_{low} (1 + 2.53\,ASCT)`. There is no dose: the first days are left out
and each phenotype starts at 0.1 cells per microlitre.

References
----------
Mueller-Schoell A, Puebla-Osorio N, Michelet R et al. Early survival prediction framework in
CD19-specific CAR-T cell immunotherapy using a quantitative systems pharmacology model. Cancers
2021;13:2782, doi:10.3390/cancers13112782; equations 5 to 11, tables 1, S1 and S2.
"""

from itertools import pairwise

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.evidence import default_catalogue
from progenitor.library._observed import area_to_day, peak
from progenitor.library._population import Population, simulate_population
from progenitor.library._published_model import PublishedModel, Residual

__all__ = ["MODEL", "observed"]

_PHENOTYPES = ("naive", "central", "effector_memory", "effector")
_DIVIDING = _PHENOTYPES[:-1]
_STEPS = tuple(pairwise(_PHENOTYPES))

MODEL = PublishedModel(
    name="muller_scholl_2021",
    reproduces="median Cmax, Tmax and AUC of 15 reference and 4 poorly expanding patients",
    end="end",
    look="look",
    species=(
        *(Species(kind, "cell/uL", initial="car_t_at_start") for kind in _PHENOTYPES),
        Species("tumour", "mL", initial="tumour_at_start", title="CD19+ metabolic tumour volume"),
    ),
    rules=(
        Rule(
            "expansion",
            "(1 + transplant_effect*transplant)*(low_expansion*low_expansion_rate"
            " + (1 - low_expansion)*expansion_rate*cd4_cd8_ratio**ratio_exponent)",
            "cell/uL/day/mL",
        ),
        Rule("saturation", "tumour/(half_killed_volume + tumour)", "1"),
        *(
            Rule(f"{kind}_kill", f"{kind}_killing*{kind}*saturation", "mL/day")
            for kind in _PHENOTYPES
        ),
    ),
    reactions=(
        *(
            Reaction(
                f"{kind}_expansion",
                f"expansion*tumour*{kind}/(half_expansion + {kind})",
                {},
                {kind: 1},
            )
            for kind in _DIVIDING
        ),
        *(
            Reaction(f"{kind}_proliferation", f"{kind}_division_rate*{kind}", {kind: 1}, {kind: 2})
            for kind in _DIVIDING
        ),
        *(
            Reaction(f"{kind}_death", f"{kind}_death_rate*{kind}", {kind: 1})
            for kind in _PHENOTYPES
        ),
        *(
            Reaction(
                f"{kind}_differentiation",
                f"{kind}_differentiation_rate*{kind}",
                {kind: 1},
                {next_: 1},
            )
            for kind, next_ in _STEPS
        ),
        Reaction(
            "growth", "tumour_growth_rate*tumour*(1 - tumour/largest_tumour)", {}, {"tumour": 1}
        ),
        *(Reaction(f"{kind}_kills", f"{kind}_kill", {"tumour": 1}) for kind in _PHENOTYPES),
    ),
    observables=(
        *(Observable(kind, kind, "cell/uL") for kind in _PHENOTYPES),
        Observable("car_t", " + ".join(_PHENOTYPES), "cell/uL", "CAR-T cells in blood"),
        Observable("tumour", "tumour", "mL", "metabolic tumour volume"),
    ),
    residuals=tuple(
        Residual(kind, "log", f"{kind}_residual_sd") for kind in (*_PHENOTYPES, "tumour")
    ),
)


def observed(population: Population, typical: Population) -> dict[str, float]:  # noqa: ARG001
    """Return medians over the paper's 19 patients, typical but for what is known of them.

    The population's own spread is not used: the paper predicts with that of its patients.

    Examples
    --------
    >>> one = simulate_population("muller_scholl_2021", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_time_of_peak_poor"])
    26
    """
    variants = default_catalogue().table(MODEL.name).variants
    found: dict[str, list[list[float]]] = {"reference": [], "poor": []}
    for name in variants:
        if name.startswith("patient_"):
            one = simulate_population(
                MODEL, patients=1, seed=1, times=typical.times[:1], variant=name, typical=True
            )
            level, day = peak(one, "car_t")
            area = area_to_day(one, "car_t", "observed_area_to_day_28")
            group = "poor" if one.numbers["low_expansion"][0] else "reference"
            found[group].append([level[0], day[0], area])
    named = ("observed_peak", "observed_time_of_peak", "observed_area")
    return {
        f"{symbol}_{group}": float(value)
        for group, rows in found.items()
        for symbol, value in zip(named, np.median(rows, axis=0), strict=True)
    }
