r"""Targeted alpha radiation and CAR-T against myeloma in mice (Adhikarla et al. 2021).

Tumour cells :math:`N_T` grow, are killed by CAR-T :math:`N_C` or irradiated, at which they stop
growing and are cleared (:math:`N_R`); radiation, whose dose rate :math:`R` decays, kills CAR-T too:

.. math::

    \dot N_T &= \rho N_T - \alpha_T R N_T - k_1 N_T N_C \\
    \dot N_R &= \alpha_T R N_T - k_1 N_R N_C - k_{cl} N_R \\
    \dot N_C &= k_2 (N_T + N_R) N_C - \alpha_C R N_C - \theta N_C, \qquad \dot R = -\lambda R

:math:`R` starts at :math:`\eta A_0`. Progression-free survival is the day on which the burden is
again what it was on day 7, when the first therapy is given; overall survival that of 1e11 cells.
The default is CAR-T on day 7 and radiation 25 days later.

Paper versus itself: the caption of table 2 says that the second therapy comes after seven days; its
numbers are the largest over all intervals. Its control reaches 1e11 cells on day 43, which is right
for 1e6 cells (figure 2C), not for the 5e6 of the simulations (day 36.7). Above 1e11 cells the
equations let CAR-T expand on the tumour and beat it, which is not looked at.

References
----------
Adhikarla V, Awuah D, Brummer AB et al. Cancers 2021;13:5171, doi:10.3390/cancers13205171, equations
1-4, tables 1 and 2.
"""

from typing import Final

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._first_time import first_time
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Regimen

__all__ = ["MODEL", "NOT_READ", "OBSERVED_VARIANTS", "observed"]

MODEL = PublishedModel(
    name="adhikarla_2021",
    reproduces="progression-free and overall survival and the day of the nadir of five arms "
    "(table 2), and their order",
    end="end",
    look="look",
    species=(
        Species("tumour", "cell", initial="tumour_injected", title="Tumour that grows"),
        Species("irradiated", "cell", title="Irradiated tumour"),
        Species("car_t", "cell", absolute_tolerance=1e-3),
        Species("dose_rate", "Gy/day", absolute_tolerance=1e-9),
    ),
    rules=(
        Rule("burden", "tumour + irradiated", "cell"),
        Rule("irradiation", "tumour_sensitivity*dose_rate", "1/day"),
    ),
    reactions=(
        Reaction("growth", "growth_rate*tumour", {"tumour": 1}, {"tumour": 2}),
        Reaction("hit", "irradiation*tumour", {"tumour": 1}, {"irradiated": 1}),
        Reaction("killing", "killing*tumour*car_t", {"tumour": 1}),
        Reaction("killing_of_irradiated", "killing*irradiated*car_t", {"irradiated": 1}),
        Reaction("clearance", "clearance_rate*irradiated", {"irradiated": 1}),
        Reaction("stimulation", "stimulation*burden*car_t", {"car_t": 1}, {"car_t": 2}),
        Reaction("car_t_irradiation", "car_t_sensitivity*dose_rate*car_t", {"car_t": 1}),
        Reaction("car_t_death", "car_t_death_rate*car_t", {"car_t": 1}),
        Reaction("decay", "decay_rate*dose_rate", {"dose_rate": 1}),
    ),
    observables=(
        Observable("burden", "burden", "cell", "Tumour"),
        Observable("car_t", "car_t", "cell", "CAR-T"),
        Observable("dose_rate", "dose_rate", "Gy/day", "Dose rate"),
    ),
    regimens=(
        Regimen("car_t", ("car_t_dose",), ("day_of_car_t",)),
        Regimen("dose_rate", ("activity", "dose_rate_per_activity"), ("day_of_radiation",)),
    ),
    inputs=frozenset({"day_of_first_therapy", "lethal_burden"}),
)

_ARMS: Final = {
    "radiation": "radiation_only",
    "car_t": "car_t_only",
    "car_t_first": "",
    "radiation_first": "radiation_first",
}
OBSERVED_VARIANTS: Final = {
    **{f"observed_progression_{arm}": variant for arm, variant in _ARMS.items() if variant},
    **{f"observed_nadir_{arm}": variant for arm, variant in _ARMS.items() if variant},
    "observed_nadir_radiation_first": "radiation_first_by_21_days",
    "observed_survival_control": "control",
    "observed_survival_radiation": "radiation_only",
    "observed_survival_car_t": "car_t_only",
    "observed_survival_car_t_first": "car_t_first_by_54_days",
    "observed_survival_radiation_first": "radiation_first_by_56_days",
}
"""Which variant each reported number belongs to; the rest belong to the default."""

NOT_READ: Final = {
    "observed_interval": "a search over intervals; its test finds 27 days for CAR-T first, where a "
    "quarter of a day is gained over 25, and 22 for radiation first",
}
"""Why the others are not read from one population."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number the paper reports.

    The model has no spread between mice, so only the typical one is looked at.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("adhikarla_2021", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_progression_car_t_first"], 1)
    55.7
    """
    del population
    days, burden = typical.times[0], typical.of("burden")[0]
    first, lethal = (
        float(typical.numbers[symbol][0]) for symbol in ("day_of_first_therapy", "lethal_burden")
    )
    treated = days > first
    nadir = float(days[treated][burden[treated].argmin()])
    before = float(np.interp(first, days, burden))
    progressed = days[treated & (burden < before)]
    last = float(progressed[-1]) if len(progressed) else float("nan")
    progression = first_time(days, burden, before, after=last)
    survival = first_time(days, burden, lethal)
    return {
        **{f"observed_progression_{arm}": progression for arm in _ARMS},
        **{f"observed_nadir_{arm}": nadir for arm in _ARMS},
        **{f"observed_survival_{arm}": survival for arm in (*_ARMS, "control")},
    }
