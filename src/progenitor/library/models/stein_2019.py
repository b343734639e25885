r"""Tisagenlecleucel in blood of children and young adults with B-ALL (Stein et al. 2019).

Transgene copies grow exponentially to a peak and fall in two phases:

.. math::

    C(t) = R_0 e^{\rho t} \;(t < T_{max}), \qquad
    C(t) = C_{max}\bigl[(1 - F_B) e^{-\alpha (t - T_{max})} + F_B e^{-\beta (t - T_{max})}\bigr]
    \;(t \ge T_{max}), \qquad R_0 = C_{max} / fold, \quad \rho = \ln(fold) / T_{max}

Written as differential equations, so that it can be joined to others: cells grow until the peak,
where an event divides them into contracting (effector-like) and persisting (memory-like) cells.
"""

from progenitor.engine import Event, Observable, Reaction, Rule, Species
from progenitor.library._published_model import PublishedModel, Residual

MODEL = PublishedModel(
    name="stein_2019",
    reproduces="Cmax, Tmax, doubling time and both half-lives of 90 patients, and their spread",
    end="end",
    look="look",
    species=(
        Species("expanding", "copies/ug", initial="peak_level/fold_expansion"),
        Species("contracting", "copies/ug"),
        Species("persisting", "copies/ug"),
    ),
    rules=(Rule("growth_rate", "log(fold_expansion)/time_of_peak", "1/day"),),
    reactions=(
        Reaction("expansion", "growth_rate*expanding", {"expanding": 1}, {"expanding": 2}),
        Reaction("contraction", "contraction_rate*contracting", {"contracting": 1}),
        Reaction("persistence", "persistence_loss_rate*persisting", {"persisting": 1}),
    ),
    events=(
        Event(
            "peak",
            "time >= time_of_peak",
            {
                "expanding": "0",
                "contracting": "(1 - persisting_share)*peak_level",
                "persisting": "persisting_share*peak_level",
            },
        ),
    ),
    observables=(
        Observable("level", "expanding + contracting + persisting", "copies/ug", "CAR transgene"),
    ),
    residuals=(Residual("level", "log", "residual_sd"),),
)
