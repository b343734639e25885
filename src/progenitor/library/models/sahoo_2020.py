r"""CARRGO: glioma and CAR-T as prey and predators (Sahoo et al. 2020).

Cancer cells :math:`X` grow to a limit and are killed by CAR-T :math:`Y`, whom they stimulate
(:math:`\kappa_2 > 0`) or exhaust (:math:`\kappa_2 < 0`):

.. math::

    \dot X = \rho X (1 - X/K) - \kappa_1 X Y, \qquad \dot Y = \kappa_2 X Y - \theta Y

With :math:`A = \theta/\rho` and :math:`B = \kappa_2 K/\rho` there are three cases: with
:math:`A = 0 < B` the cancer is eradicated in the end, with :math:`B < 0` it reaches its capacity,
and with :math:`0 < A < B` both oscillate to :math:`X = K A/B,\; Y = (1 - A/B)\,\rho/\kappa_1`.

Infusions: the paper says that 5-10 % of each reached a lesion; 5 % of 1e7 CAR-T a week are assumed,
as a constant inflow. Bars of figure 4 are in cell index, which stands for cells.

Paper versus itself: text and caption have rho 0.06 for lesion T6 and 0.07 for T7, the plots of
figure 6 the reverse, with the growth they show. kappa_2 of lesion T9 is -2e-13; text copied from
the file loses the sign. The text has kappa_2 below 0 for HT1080-H only, figure 4 for mock cells.

References
----------
Sahoo P, Yang X, Abler D et al. J R Soc Interface 2020;17:20190734, doi:10.1098/rsif.2019.0734,
equations 3.1 and 3.2, section 4.5, figures 1, 3, 4 and 6.
"""

from typing import Final

from progenitor.engine import Observable, Reaction, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Regimen

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

MODEL = PublishedModel(
    name="sahoo_2020",
    reproduces="the three cases of figure 1, the peaks of lesions T6 and T7, killing in vitro",
    end="end",
    look="look",
    species=(
        Species("tumour", "cell", initial="tumour_at_start", absolute_tolerance=1e-6),
        Species("car_t", "cell", initial="car_t_at_start", absolute_tolerance=1e-6),
    ),
    reactions=(
        Reaction("growth", "growth_rate*tumour*(1 - tumour/capacity)", {}, {"tumour": 1}),
        Reaction("killing", "killing*tumour*car_t", {"tumour": 1}),
        Reaction("stimulation", "stimulation*tumour*car_t", {}, {"car_t": 1}),
        Reaction("death", "death_rate*car_t", {"car_t": 1}),
    ),
    observables=(
        Observable("tumour", "tumour", "cell", "Cancer cells"),
        Observable("car_t", "car_t", "cell", "CAR-T"),
    ),
    regimens=(Regimen("car_t", ("weekly_dose", "weeks", "share"), duration="time_of_infusions"),),
)

OBSERVED_VARIANTS: Final = {
    "observed_t6_peak": "lesion_t6",
    "observed_t6_day_of_peak": "lesion_t6",
    "observed_success": "case_1",
    "observed_failure": "case_2",
    "observed_coexisting_tumour": "case_3",
    "observed_coexisting_car_t": "case_3",
    "observed_killed_in_vitro": "pbt138_h",
}
"""Which variant a reported number belongs to; the rest belong to the default, lesion T7."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number the paper reports.

    One patient was modelled, so only the typical one is looked at.

    Examples
    --------
    >>> OBSERVED_VARIANTS["observed_t6_peak"]
    'lesion_t6'
    """
    del population
    numbers = {symbol: float(values[0]) for symbol, values in typical.numbers.items()}
    tumour, car_t = typical.of("tumour")[0], typical.of("car_t")[0]
    peak, day = float(tumour.max()), float(typical.times[0, tumour.argmax()])
    killed = 1 - float(tumour[-1]) / numbers["tumour_at_start"]
    share = float(tumour[-1]) / numbers["capacity"]
    pressure = float(car_t[-1]) * numbers["killing"] / numbers["growth_rate"]
    return {
        "observed_t7_peak": peak,
        "observed_t7_day_of_peak": day,
        "observed_t6_peak": peak,
        "observed_t6_day_of_peak": day,
        "observed_success": killed,
        "observed_failure": share,
        "observed_coexisting_tumour": share,
        "observed_coexisting_car_t": pressure,
        "observed_killed_in_vitro": killed,
    }
