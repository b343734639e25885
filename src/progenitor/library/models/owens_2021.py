r"""Chemotherapy, endogenous effectors and CAR-T against a tumour (Owens and Bozic 2021).

Tumour cells :math:`T` are killed by endogenous effectors :math:`E` and CAR-T :math:`C` in
proportion to how many of them there are per tumour cell; killing recruits more of both until they
fill the room :math:`K` they share; chemotherapy :math:`M` kills all three:

.. math::

    D_X &= d_X \frac{(X/T)^l}{s + (X/T)^l} T, \quad X \in \{E, C\} \\
    \dot T &= a T (1 - b T) - D_E - D_C - K_T (1 - e^{-M}) T \\
    \dot E &= g - m_E E - j_E \ln\Bigl(\frac{E + C}{K}\Bigr) \frac{D_E^2}{k + D_E^2} E
        - q_E E T - K_E (1 - e^{-M}) E \\
    \dot C &= v_C(t) - m_C C - j_C \ln\Bigl(\frac{E + C}{K}\Bigr) \frac{D_C^2}{k + D_C^2} C
        - q_C C T - K_C (1 - e^{-M}) C \\
    \dot M &= v_M(t) - \gamma M

The default is figure 3c: patient 2 (B-CLL) with a medium burden, three days of chemotherapy, four
of rest, then 2.5e8 CAR-T, 1 % of which circulate. A tumour below one cell is gone.

Paper versus itself: its simulations are not those of its table. In figure 3 CAR-T die at 0.29 a day
where table 1 prints 2.93e-2, and an infusion gives as much as an hour does, not half an hour. With
0.293 and an hour, both read off figure 3, figures 4 and 7 come out for patients 1 and 2, as printed
they do not (variant ``as_printed``).

References
----------
Owens K, Bozic I. Bull Math Biol 2021;83:42, doi:10.1007/s11538-021-00869-5, equations 2-5, table 1,
figures 2-4 and 7, appendices B and C.
"""

from typing import Final

from progenitor.engine import Event, Observable, Reaction, Rule, Species
from progenitor.library._first_time import first_time
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Regimen

__all__ = ["MODEL", "NOT_READ", "OBSERVED_VARIANTS", "observed"]

MODEL = PublishedModel(
    name="owens_2021",
    reproduces="chemotherapy alone and CAR-T alone always fail, the combination cures some, and "
    "for how many days of rest (figure 4)",
    end="end",
    look="look",
    species=(
        Species("tumour", "cell", initial="tumour_at_start", absolute_tolerance=1e-3),
        Species("effector", "cell", initial="effectors_at_start", absolute_tolerance=1e-3),
        Species("car_t", "cell", absolute_tolerance=1e-3),
        Species("chemotherapy", "umol/L", absolute_tolerance=1e-12),
    ),
    rules=(
        Rule("targets", "max(tumour, extinct_below)", "cell"),
        Rule("effector_power", "(effector/targets)**lysis_exponent", "1"),
        Rule("car_t_power", "(car_t/targets)**lysis_exponent", "1"),
        Rule(
            "lysis",
            "effector_lysis_rate*effector_power/(lysis_steepness + effector_power)",
            "1/day",
        ),
        Rule(
            "car_t_lysis", "car_t_lysis_rate*car_t_power/(lysis_steepness + car_t_power)", "1/day"
        ),
        Rule("room", "-log((effector + car_t)/immune_capacity)", "1"),
        Rule("recruited", "(lysis*tumour)**2/(recruitment_steepness + (lysis*tumour)**2)", "1"),
        Rule(
            "car_t_recruited",
            "(car_t_lysis*tumour)**2/(recruitment_steepness + (car_t_lysis*tumour)**2)",
            "1",
        ),
        Rule("chemotherapy_kill", "1 - exp(-chemotherapy/chemotherapy_scale)", "1"),
    ),
    reactions=(
        Reaction("growth", "growth_rate*tumour*(1 - tumour/tumour_capacity)", {}, {"tumour": 1}),
        Reaction("lysis_by_effectors", "lysis*tumour", {"tumour": 1}),
        Reaction("lysis_by_car_t", "car_t_lysis*tumour", {"tumour": 1}),
        Reaction("tumour_kill", "tumour_kill_rate*chemotherapy_kill*tumour", {"tumour": 1}),
        Reaction("effector_source", "effector_source_rate", {}, {"effector": 1}),
        Reaction("effector_death", "effector_death_rate*effector", {"effector": 1}),
        Reaction(
            "effector_recruitment",
            "effector_recruitment_rate*room*recruited*effector",
            {},
            {"effector": 1},
        ),
        Reaction("effector_exhaustion", "effector_exhaustion*effector*tumour", {"effector": 1}),
        Reaction("effector_kill", "immune_kill_rate*chemotherapy_kill*effector", {"effector": 1}),
        Reaction("car_t_death", "car_t_death_rate*car_t", {"car_t": 1}),
        Reaction(
            "car_t_recruitment",
            "car_t_recruitment_rate*room*car_t_recruited*car_t",
            {},
            {"car_t": 1},
        ),
        Reaction("car_t_exhaustion", "car_t_exhaustion*car_t*tumour", {"car_t": 1}),
        Reaction("car_t_kill", "immune_kill_rate*chemotherapy_kill*car_t", {"car_t": 1}),
        Reaction("clearance", "chemotherapy_decay_rate*chemotherapy", {"chemotherapy": 1}),
    ),
    events=(Event("cure", "tumour < extinct_below", {"tumour": "0"}, once=False),),
    observables=(
        Observable("tumour", "tumour", "cell", "Tumour"),
        Observable("effector", "effector", "cell", "Endogenous effectors"),
        Observable("car_t", "car_t", "cell", "CAR-T"),
        Observable("chemotherapy", "chemotherapy", "umol/L", "Fludarabine"),
    ),
    regimens=(
        Regimen(
            "chemotherapy",
            ("strength", "infusion_time"),
            ("first_day", "second_day", "third_day"),
            "infusion_time",
        ),
        Regimen(
            "chemotherapy",
            ("strength", "infusion_time", "two_more_days"),
            ("fourth_day", "fifth_day"),
            "infusion_time",
        ),
        Regimen("car_t", ("dose", "circulating_share"), ("day_of_car_t",)),
    ),
)

OBSERVED_VARIANTS: Final = {
    "observed_high_tumour": "patient_1_untreated",
    "observed_high_tumour_effectors": "patient_1_untreated",
    "observed_peak_concentration": "five_days",
    "observed_peak_in_the_figure": "five_days",
}
"""Which variant a reported number belongs to; the rest belong to the default."""

NOT_READ: Final = {
    "observed_rest": "a search over days of rest; its test finds the same day in 47 of figure 4's "
    "72 cells and within a day in 58, and up to three days more for patient 3",
    "observed_effect": "a search for the cells that just cure; its test finds every bar to 0.12 %",
}
"""Why the others are not read from one population."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of what the paper reports, figures 4 and 7 apart.

    The model has no spread between patients, so only the typical one is looked at.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("owens_2021", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_days_to_elimination"])
    26
    """
    del population
    days, tumour = typical.times[0], typical.of("tumour")[0]
    gone = first_time(days, tumour, 0, falling=True)
    return {
        "observed_days_to_elimination": gone - float(typical.numbers["day_of_car_t"][0]),
        "observed_high_tumour": float(tumour[-1]),
        "observed_high_tumour_effectors": float(typical.of("effector")[0, -1]),
        "observed_peak_concentration": float(typical.of("chemotherapy").max()),
        "observed_peak_in_the_figure": float(typical.of("chemotherapy").max()),
    }
