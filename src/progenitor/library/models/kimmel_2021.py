r"""Axicabtagene ciloleucel competes with normal T cells; cure is extinction (Kimmel et al. 2021).

After lymphodepletion normal T cells :math:`N` and CAR-T cells :math:`C` grow to capacities that
they share, and CAR-T cells lose the race; they kill tumour cells :math:`B`, which are whole cells:

.. math::

    N' &= -r_N N \ln\frac{N + C}{K_N}, \qquad
    C' = -r_C C \ln\frac{N + C}{K_C}, \qquad
    r_C = \rho_C + b\,\frac{(T - K_N)^2}{a T^2 + (T - K_N)^2}, \quad T = N + C \\
    &\text{division of a tumour cell: } r_B, \qquad
    \text{its death: } \gamma_B \frac{C}{k_B + C}

Without chance the tumour nearly vanishes and always returns; with it the last cell dies in some
patients. T cells are many, so the chance of cure is exact: with
:math:`\rho = \int(\mu - \lambda)` and :math:`J = \int \mu e^{\rho}` it is
:math:`(J/(1 + J))^{B_0}`.

References
----------
Kimmel GJ, Locke FL, Altrock PM. The roles of T cell competition and stochastic extinction events in
chimeric antigen receptor T cell therapy. Proc R Soc B 2021;288:20210229,
doi:10.1098/rspb.2021.0229; equations 2.1 to 2.3 and table 1. BioModels BIOMD0000001041.
"""

from progenitor.engine import Observable, Reaction, Rule, Species, extinction_probability
from progenitor.library._observed import level_on_day, peak
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "observed"]

_LEVELS = (
    "course_car_t_day_7",
    "course_car_t_day_28",
    "course_car_t_day_90",
    "course_car_t_day_180",
    "observed_car_t_day_7",
    "observed_car_t_day_14",
    "observed_car_t_day_28",
    "observed_car_t_day_90",
)

MODEL = PublishedModel(
    name="kimmel_2021",
    reproduces="CAR-T cells of ZUMA-1 from day 7 to 90 (figure 2b) and the chance of cure",
    end="end",
    look="look",
    stochastic=True,
    species=(
        Species("normal", "cell/uL", initial="normal_at_start", title="Normal T cells"),
        Species(
            "car_t",
            "cell/uL",
            initial="car_t_at_start",
            title="CAR-T cells",
            absolute_tolerance=1e-9,
        ),
        Species("tumour", "cell", initial="tumour_at_start", countable=True),
    ),
    rules=(
        Rule("all_t", "normal + car_t", "cell/uL"),
        Rule("missing", "(all_t - normal_capacity)**2", "cell**2/uL**2"),
        Rule(
            "car_t_growth",
            "car_t_growth_rate + reconstitution_growth*missing/(inefficiency*all_t**2 + missing)",
            "1/day",
        ),
        Rule("killing_rate", "largest_killing_rate*car_t/(half_killing + car_t)", "1/day"),
    ),
    reactions=(
        Reaction(
            "reconstitution",
            "-normal_growth_rate*normal*log(all_t/normal_capacity)",
            {"normal": 1},
            {"normal": 2},
        ),
        Reaction(
            "expansion", "-car_t_growth*car_t*log(all_t/car_t_capacity)", {"car_t": 1}, {"car_t": 2}
        ),
        Reaction("division", "tumour_growth_rate*tumour", {"tumour": 1}, {"tumour": 2}),
        Reaction("killing", "killing_rate*tumour", {"tumour": 1}),
    ),
    observables=(
        Observable("car_t", "car_t", "cell/uL", "CAR-T cells in blood"),
        Observable("normal", "normal", "cell/uL", "normal T cells in blood"),
        Observable("tumour", "tumour", "cell", "tumour cells"),
        Observable("division_rate", "tumour_growth_rate", "1/day", "divisions per tumour cell"),
        Observable("killing_rate", "killing_rate", "1/day", "deaths per tumour cell"),
    ),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number that the paper reports or implies.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("kimmel_2021", patients=1, seed=1)
    >>> round(observed(one, one)["observed_cure_probability"], 2)
    0.62
    """
    _, day = peak(typical, "car_t")
    cure = extinction_probability(
        typical.times,
        typical.of("division_rate"),
        typical.of("killing_rate"),
        typical.numbers["tumour_at_start"],
    )
    return {
        **{name: level_on_day(typical, "car_t", name) for name in _LEVELS},
        "course_peak_day": float(day[0]),
        "observed_cure_probability": float(cure[0, -1]),
        "simulated_cure_share": float((population.of("tumour")[:, -1] <= 0).mean()),
    }
