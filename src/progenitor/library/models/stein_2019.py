r"""Tisagenlecleucel in blood of children and young adults with B-ALL (Stein et al. 2019).

Transgene copies grow exponentially to a peak and fall in two phases:

.. math::

    C(t) = R_0 e^{\rho t} \;(t < T_{max}), \qquad
    C(t) = C_{max}\bigl[(1 - F_B) e^{-\alpha (t - T_{max})} + F_B e^{-\beta (t - T_{max})}\bigr]
    \;(t \ge T_{max}), \qquad R_0 = C_{max} / fold, \quad \rho = \ln(fold) / T_{max}

After tocilizumab or steroids :math:`\rho` is multiplied by a factor (1.2 and 1.0: neither slowed
the expansion), so the peak of a treated patient is higher than his :math:`C_{max}`.

Written as differential equations, so that it can be joined to others: cells grow until the peak,
where an event divides them into contracting (effector-like) and persisting (memory-like) cells.
The paper's own form lets :math:`k = F_B (\alpha - \beta)` of the effectors turn into memory cells
after the peak, which has the same solution.

References
----------
Stein AM, Grupp SA, Levine JE et al. Tisagenlecleucel model-based cellular kinetic analysis of
chimeric antigen receptor-T cells. CPT Pharmacometrics Syst Pharmacol 2019;8:285-295,
doi:10.1002/psp4.12388; table 1 and figure 2.
"""

import numpy as np

from progenitor.engine import Event, Observable, Reaction, Rule, Species
from progenitor.library._observed import bands, decline_half_life, peak, rise_doubling_time
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Residual

__all__ = ["MODEL", "observed"]

MODEL = PublishedModel(
    name="stein_2019",
    reproduces="Cmax, Tmax, doubling time and both half-lives of 90 patients, and their spread",
    end="end",
    look="look",
    species=(
        Species("expanding", "copies/ug", initial="peak_level/fold_expansion"),
        Species("contracting", "copies/ug"),
        Species("persisting", "copies/ug"),
        Species("comedication", "1", initial="1", title="Factor on the growth rate"),
    ),
    rules=(Rule("growth_rate", "log(fold_expansion)/time_of_peak", "1/day"),),
    reactions=(
        Reaction(
            "expansion", "growth_rate*comedication*expanding", {"expanding": 1}, {"expanding": 2}
        ),
        Reaction("contraction", "contraction_rate*contracting", {"contracting": 1}),
        Reaction("persistence", "persistence_loss_rate*persisting", {"persisting": 1}),
    ),
    events=(
        Event(
            "tocilizumab",
            "time >= time_of_tocilizumab",
            {"comedication": "comedication*tocilizumab_effect"},
        ),
        Event(
            "steroids", "time >= time_of_steroids", {"comedication": "comedication*steroid_effect"}
        ),
        Event(
            "peak",
            "time >= time_of_peak",
            {
                "contracting": "(1 - persisting_share)*expanding",
                "persisting": "persisting_share*expanding",
                "expanding": "0",
            },
        ),
    ),
    observables=(
        Observable("level", "expanding + contracting + persisting", "copies/ug", "CAR transgene"),
    ),
    residuals=(Residual("level", "log", "residual_sd"),),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number that the paper reports.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("stein_2019", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_contraction_half_life"], 1)
    4.4
    """
    level, day = peak(population, "level")
    last, look = population.numbers["end"], population.numbers["look"]
    start = np.zeros_like(day)
    return {
        **bands("observed_peak", level),
        **bands("observed_time_of_peak", day),
        **bands("observed_contraction_half_life", decline_half_life(population, "level", day)),
        **bands(
            "observed_persistence_half_life",
            decline_half_life(population, "level", last - 2 * look),
        ),
        "observed_doubling_time": float(rise_doubling_time(typical, "level", start[:1])[0]),
    }
