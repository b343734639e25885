r"""Lisocabtagene maraleucel in blood of adults with large B-cell lymphoma (Ogasawara et al. 2021).

Transgene copies stay level for a lag, double until a peak and fall in two phases:

.. math::

    C(t) = C_{max}\,2^{-(T_{max} - \max(t, T_{lag}))/T_d} \;(t < T_{max}), \qquad
    C(t) = C_{max}\bigl[(1 - F_B)\,2^{-(t - T_{max})/t_\alpha}
    + F_B\,2^{-(t - T_{max})/t_\beta}\bigr] \;(t \ge T_{max})

Written as differential equations with two events, one at the end of the lag and one at the peak,
where cells are divided into contracting and persisting ones.

The lag, the doubling time, the time of the peak and both half-lives are the paper's. Its estimates
of the peak, of the share that persists and of the spread between patients could not be read: those
of tisagenlecleucel (:mod:`progenitor.library.models.stein_2019`) stand in and are marked as
assumed, so a band of this model is no band of the paper.

References
----------
Ogasawara K, Dodds M, Mack T et al. Population cellular kinetics of lisocabtagene maraleucel, an
autologous CD19-directed chimeric antigen receptor T-cell product, in patients with
relapsed/refractory large B-cell lymphoma. Clin Pharmacokinet 2021;60:1621-1633,
doi:10.1007/s40262-021-01039-5.
"""

import numpy as np

from progenitor.engine import Event, Observable, Reaction, Rule, Species
from progenitor.library._observed import bands, decline_half_life, peak, rise_doubling_time
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "observed"]

MODEL = PublishedModel(
    name="ogasawara_2021",
    reproduces="lag, doubling time, time of the peak and both half-lives of 261 patients",
    end="end",
    look="look",
    species=(
        Species("expanding", "copies/ug", initial="peak_level/2**doublings"),
        Species("contracting", "copies/ug"),
        Species("persisting", "copies/ug"),
        Species("growing", "1", title="1 once the lag is over"),
    ),
    rules=(Rule("doublings", "max(time_of_peak - lag, 0)/doubling_time", "1"),),
    reactions=(
        Reaction(
            "expansion",
            "growing*log(2)/doubling_time*expanding",
            {"expanding": 1},
            {"expanding": 2},
        ),
        Reaction("contraction", "log(2)/contraction_half_life*contracting", {"contracting": 1}),
        Reaction("persistence", "log(2)/persistence_half_life*persisting", {"persisting": 1}),
    ),
    events=(
        Event("growth", "time >= lag", {"growing": "1"}, fires_at_start=True),
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
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number that the paper reports.

    The lag is where the line of the typical expansion, on a logarithmic scale, leaves the level at
    infusion; the peak's day and the half-lives are geometric means of patients.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("ogasawara_2021", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_lag"], 2)
    3.27
    """
    level, (_, top) = typical.of("level"), peak(population, "level")
    doubled = np.argmax(level > 2 * level[:, :1], axis=1)
    day = typical.times[[0], doubled]
    doubling = rise_doubling_time(typical, "level", day)
    lag = day - doubling * np.log2(level[[0], doubled] / level[:, 0])
    last = population.numbers["end"] - 2 * population.numbers["look"]
    means = {
        "observed_time_of_peak": top,
        "observed_contraction_half_life": decline_half_life(population, "level", top),
        "observed_persistence_half_life": decline_half_life(population, "level", last),
    }
    return {
        "observed_lag": float(lag[0]),
        "observed_doubling_time": float(doubling[0]),
        **{symbol: bands(symbol, values)[symbol] for symbol, values in means.items()},
    }
