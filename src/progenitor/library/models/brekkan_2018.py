r"""Pegfilgrastim and neutrophils of healthy volunteers (Brekkan et al. 2018).

The drug speeds up production, maturation and margination of neutrophils, and neutrophils in blood
:math:`B` clear the drug :math:`A`, :math:`c = A/V`:

.. math::

    A' = K_a D - C_L B c - \frac{V_{max} c}{K_m + c}, \qquad
    E_{prol} = \frac{E_p c}{C_{50} + c}, \quad E_{mat} = \frac{E_m c}{C_{50} + c}, \quad
    E_{marg} = \frac{\epsilon E_p c}{\gamma C_{50} + c}

    T_1' = k_B B_0 (1 + E_{prol}) - k (1 + E_{mat}) T_1, \qquad
    T_j' = k (1 + E_{mat})(T_{j-1} - T_j), \qquad
    B' = k (1 + E_{mat}) T_4 - k_B (1 + E_{marg}) B

with :math:`k = n/MMT` and :math:`k_B = \ln 2/T_{1/2}`; the dose enters the depot :math:`D` at a
constant rate. Paper versus code: see the table's notes on the unit of :math:`C_L`.

References
----------
Brekkan A, Lopez-Lazaro L, Yngman G, et al. A population pharmacokinetic-pharmacodynamic model of
pegfilgrastim. AAPS J 2018;20:91, doi:10.1208/s12248-018-0249-y.
"""

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._population import Population, simulate_population
from progenitor.library._published_model import PublishedModel, Regimen, Residual

__all__ = ["MODEL", "observed"]

_STAGES = ("first_stage", "second_stage", "third_stage", "fourth_stage")

MODEL = PublishedModel(
    name="brekkan_2018",
    reproduces="areas of drug and neutrophils rise by half and by a twentieth with 10 % more dose",
    end="end",
    look="look",
    species=(
        Species("depot", "ug", absolute_tolerance=1e-6),
        Species("drug", "ug", absolute_tolerance=1e-6),
        *(Species(s, "cell/uL", initial="stage_at_rest", absolute_tolerance=1e-3) for s in _STAGES),
        Species("blood", "cell/uL", initial="baseline", absolute_tolerance=1e-3),
    ),
    rules=(
        Rule("concentration", "drug/volume", "ng/mL"),
        Rule("effect", "concentration/(half_effect_level + concentration)", "1"),
        Rule(
            "margination",
            "production_effect*margination_ratio*concentration"
            "/(half_effect_level*margination_level_ratio + concentration)",
            "1",
        ),
        Rule("blood_loss_rate", "log(2)/blood_half_life", "1/day"),
        Rule("stage_at_rest", "blood_loss_rate*baseline*maturation_time/stages", "cell/uL"),
        Rule("step_rate", "stages/maturation_time*(1 + maturation_effect*effect)", "1/day"),
    ),
    reactions=(
        Reaction("absorption", "absorption_rate*depot", {"depot": 1}, {"drug": 1}),
        Reaction(
            "clearance_by_neutrophils", "neutrophil_clearance*blood*concentration", {"drug": 1}
        ),
        Reaction(
            "saturable_loss", "highest_loss*concentration/(half_loss_level + concentration)",
            {"drug": 1},
        ),
        Reaction(
            "production", "blood_loss_rate*baseline*(1 + production_effect*effect)",
            products={"first_stage": 1},
        ),
        *(
            Reaction(f"step_from_{first}", f"step_rate*{first}", {first: 1}, {second: 1})
            for first, second in zip(_STAGES, (*_STAGES[1:], "blood"), strict=True)
        ),
        Reaction("loss", "blood_loss_rate*(1 + margination)*blood", {"blood": 1}),
    ),
    observables=(
        Observable("drug_level", "concentration", "ng/mL", "Pegfilgrastim in plasma"),
        Observable("neutrophils", "blood", "cell/uL", "Neutrophils in blood"),
    ),
    regimens=(Regimen("depot", ("dose", "bioavailability"), duration="injection_time"),),
    residuals=(
        Residual("drug_level", "log", "drug_error"),
        Residual("neutrophils", "log", "neutrophil_error"),
    ),
    inputs=frozenset({"larger_dose", "larger_injection_time"}),
)  # fmt: skip


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return how much the two areas rise when the typical volunteer gets the larger dose.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("brekkan_2018", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_drug_rise"], 1)
    0.5
    """
    del population  # the paper compares typical volunteers
    numbers = {symbol: float(value[0]) for symbol, value in typical.numbers.items()}
    larger = {
        "dose": numbers["larger_dose"],
        "injection_time": numbers["larger_injection_time"],
    }
    more = simulate_population(MODEL, patients=1, seed=0, typical=True, changes=larger)
    rises = {
        name: float(
            np.trapezoid(more.of(name)[0], more.times[0])
            / np.trapezoid(typical.of(name)[0], typical.times[0])
            - 1.0
        )
        for name in typical.observables
    }
    return {
        "observed_drug_rise": rises["drug_level"],
        "observed_neutrophil_rise": rises["neutrophils"],
    }
