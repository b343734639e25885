r"""CAR-T that expand on tumour cells up to a peak, and a tumour that can be cured (Chaudhury 2020).

Expanding CAR-T :math:`E` meet tumour :math:`U` with a limit for many of either; after
:math:`T_{max}` they contract, some into persistent :math:`P`; a tumour far below :math:`U_{crit}`
does not regrow:

.. math::

    \dot E &= \rho \frac{E U}{EC_{50,\rho} + E + U} \;(t \le T_{max}), \qquad
    \dot E = -(k_{EP} + k_E) E \;(t > T_{max}) \\
    \dot P &= k_{EP} E - \beta P \;(t > T_{max}) \\
    \dot U &= g U \frac{1}{1 + (U_{crit}/U)^h} \Bigl(1 - \frac{\log U}{\log U_{max}}\Bigr)
        - d \frac{E U}{EC_{50,d} + E + U}

The review is a taxonomy: without limits, peak and persistence the same equations are
:math:`\dot E = \rho E U - k_E E,\; \dot U = g U - d E U`, predator and prey (variant
``predator_prey``), whose orbits are closed: :math:`\rho U - k_E \ln U + d E - g \ln E` is constant.

References
----------
Chaudhury A, Zhu X, Chu L et al. J Clin Pharmacol 2020;60(S1):S147, doi:10.1002/jcph.1691, equations
7-9. Read: its abstract and BioModels BIOMD0000001025; BIOMD0000001024 holds the predators and prey.
"""

import numpy as np

from progenitor.engine import Event, Observable, Reaction, Rule, Species
from progenitor.library._observed import decline_half_life
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "observed"]

MODEL = PublishedModel(
    name="chaudhury_2020",
    reproduces="the half-lives of contraction and persistence of tisagenlecleucel, the course of "
    "the curated file, and closed orbits of predators and prey",
    end="end",
    look="look",
    species=(
        Species("expanding", "cell/uL", initial="expanding_at_start", absolute_tolerance=1e-9),
        Species("persistent", "cell/uL", absolute_tolerance=1e-9),
        Species("tumour", "cell/uL", initial="tumour_at_start", absolute_tolerance=1e-9),
        Species("peaked", "1", title="Whether the peak is over"),
    ),
    rules=(
        Rule("expansion_on", "1 - peaked + peaked*expansion_after_peak", "1"),
        Rule("contraction_on", "peaked + (1 - peaked)*contraction_before_peak", "1"),
        Rule("crowding", "limited_contact*(expanding + tumour)", "cell/uL"),
        Rule("contacts", "expanding*tumour", "cell**2/uL**2"),
        Rule("curable", "1/(1 + (curable_below/tumour)**cure_power)", "1"),
        Rule(
            "growth_room",
            "1 - limited_growth*log(tumour/one_cell)/log(tumour_capacity/one_cell)",
            "1",
        ),
    ),
    reactions=(
        Reaction(
            "expansion",
            "expansion_on*expansion_rate*contacts/(half_expansion + crowding)",
            {},
            {"expanding": 1},
        ),
        Reaction("contraction", "contraction_on*contraction_rate*expanding", {"expanding": 1}),
        Reaction(
            "conversion",
            "contraction_on*conversion_rate*expanding",
            {"expanding": 1},
            {"persistent": 1},
        ),
        Reaction(
            "persistence", "contraction_on*persistence_loss_rate*persistent", {"persistent": 1}
        ),
        Reaction("growth", "growth_rate*tumour*curable*growth_room", {}, {"tumour": 1}),
        Reaction("killing", "killing_rate*contacts/(half_killing + crowding)", {"tumour": 1}),
    ),
    events=(Event("peak", "time >= time_of_peak", {"peaked": "1"}),),
    observables=(
        Observable("car_t", "expanding + persistent", "cell/uL", "CAR-T"),
        Observable("persistent", "persistent", "cell/uL", "Persistent CAR-T"),
        Observable("tumour", "tumour", "cell/uL", "Tumour"),
    ),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number that is compared.

    The model has no spread between patients, so only the typical one is looked at.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("chaudhury_2020", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_contraction_half_life"], 2)
    4.33
    """
    del population
    last, look = (typical.numbers[symbol] for symbol in ("end", "look"))
    contraction = decline_half_life(typical, "car_t", typical.numbers["time_of_peak"])
    persistence = decline_half_life(typical, "car_t", last - 2 * look)
    peak = np.argmax(typical.of("car_t")[0])
    return {
        "observed_contraction_half_life": float(contraction[0]),
        "observed_persistence_half_life": float(persistence[0]),
        "observed_time_of_peak": float(typical.times[0, peak]),
    }
