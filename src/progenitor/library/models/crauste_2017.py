r"""CD8 T cells of mice from naive to memory (Crauste et al. 2017).

A pathogen :math:`P` activates naive cells :math:`N` and makes early effectors :math:`E` divide;
these become late effectors :math:`L`, and those memory :math:`M`; effectors clear the pathogen:

.. math::

    \dot N &= -\mu_N N - \delta_{NE} P N \\
    \dot E &= \delta_{NE} P N + \rho_E P E - \mu_{EE} E^2 - \delta_{EL} E \\
    \dot L &= \delta_{EL} E - \mu_{LL} L^2 - \mu_{LE} E L - \delta_{LM} L \\
    \dot M &= \delta_{LM} L \\
    \dot P &= \rho_P P^2 - \mu_{PE} E P - \mu_{PL} L P - \mu_P P

The pathogen grows like :math:`P^2` until late effectors remove it on day 10, and errors before grow
2e4-fold: courses beyond day 9 (variant ``a_month``) need a relative tolerance of 1e-9.

Paper versus code: the SBML file of the benchmark collection gives its unit of time as an hour;
times of its data and all rates are in days.

References
----------
Crauste F, Mafille J, Boucinha L et al. Cell Syst 2017;4:306-317, doi:10.1016/j.cels.2017.01.014.
Numbers and simulated data: PEtab benchmark collection, problem Crauste_CellSystems2017.
"""

from typing import Final

import numpy as np

from progenitor.engine import Observable, Reaction, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

MODEL = PublishedModel(
    name="crauste_2017",
    reproduces="the 21 simulated counts of the public benchmark problem",
    end="end",
    look="look",
    species=(
        Species("naive", "cell", initial="naive_at_start", absolute_tolerance=1e-6),
        Species("early", "cell", title="Early effectors", absolute_tolerance=1e-6),
        Species("late", "cell", title="Late effectors", absolute_tolerance=1e-6),
        Species("memory", "cell", absolute_tolerance=1e-6),
        Species("pathogen", "1", initial="pathogen_at_start", absolute_tolerance=1e-12),
    ),
    reactions=(
        Reaction("naive_death", "naive_death_rate*naive", {"naive": 1}),
        Reaction("activation", "activation_rate*pathogen*naive", {"naive": 1}, {"early": 1}),
        Reaction("division", "division_rate*pathogen*early", {"early": 1}, {"early": 2}),
        Reaction("early_death", "early_crowding*early**2", {"early": 1}),
        Reaction("maturation", "maturation_rate*early", {"early": 1}, {"late": 1}),
        Reaction("late_death", "late_crowding*late**2", {"late": 1}),
        Reaction("late_death_by_early", "late_death_by_early*early*late", {"late": 1}),
        Reaction("memory_formation", "memory_formation_rate*late", {"late": 1}, {"memory": 1}),
        Reaction("pathogen_growth", "pathogen_growth_rate*pathogen**2", {}, {"pathogen": 1}),
        Reaction("clearance_by_early", "clearance_by_early*early*pathogen", {"pathogen": 1}),
        Reaction("clearance_by_late", "clearance_by_late*late*pathogen", {"pathogen": 1}),
        Reaction("pathogen_death", "pathogen_death_rate*pathogen", {"pathogen": 1}),
    ),
    observables=(
        Observable("naive", "naive", "cell", "Naive cells"),
        Observable("early", "early", "cell", "Early effectors"),
        Observable("late", "late", "cell", "Late effectors"),
        Observable("memory", "memory", "cell", "Memory cells"),
    ),
)

_DAYS: Final = {
    "naive": "4 6",
    "early": "4 6 7 8 13 15 22",
    "late": "6 7 8 13 15 22 28",
    "memory": "8 13 15 22 28",
}
"""Days of the public data, by kind of cell."""
_EARLY: Final = "4 6 7 8"

OBSERVED_VARIANTS: Final = {
    f"observed_{kind}_day_{day}": "a_month"
    for kind, days in _DAYS.items()
    for day in days.split()
    if day not in _EARLY.split()
}
"""Which variant a count belongs to; those of the first days belong to the default."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every count of the public simulated data.

    One average mouse was fitted, so only the typical one is looked at.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("crauste_2017", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_early_day_7"])
    9789
    """
    del population
    return {
        f"observed_{kind}_day_{day}": float(np.interp(int(day), typical.times[0], course))
        for kind, days in _DAYS.items()
        for course in [typical.of(kind)[0]]
        for day in days.split()
    }
