r"""CAR-T cells, their memory and tumours of immunodeficient mice: CARTmath (Barros et al. 2021).

Effector cells :math:`C_T` grow and turn into memory :math:`C_M`, which tumour cells :math:`T`
turn back into effectors; the tumour inhibits effectors and is killed by them:

.. math::

    \dot C_T &= \phi C_T - \rho C_T + \theta T C_M - \alpha T C_T \\
    \dot C_M &= \epsilon C_T - \theta T C_M - \mu C_M \\
    \dot T &= r T (1 - b T) - \gamma C_T T

:math:`\rho` holds both death and differentiation, so that :math:`\epsilon > \rho` is possible, as
for Raji. A population below 1e-6 cells is set to zero, which is how a tumour can be eliminated
although the state without tumour is a saddle.

Reference: Barros LRC, Paixão EA, Valli AMP, Naozuka GT, Fassoni AC, Almeida RC. Cancers
2021;13:2941, doi:10.3390/cancers13122941.

Paper versus code: the paper infuses on day 42; BioModels BIOMD0000001019 does it on day 45, sets
the tumour to 1e6 cells on day 250 where the paper adds them, and has no extinction.
"""

from typing import Final

from progenitor.engine import Event, Observable, Reaction, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Regimen

__all__ = ["MODEL", "NOT_READ", "OBSERVED_VARIANTS", "observed"]

_EXTINCTIONS = tuple(
    Event(f"{name}_dies_out", f"{name} < extinct_below", {name: "0"}, once=False)
    for name in ("effector", "memory", "tumour")
)

MODEL = PublishedModel(
    name="barros_2021",
    reproduces="residual disease at the published equilibrium, memory after split doses, and how "
    "many of a virtual population of mice survive each dose",
    end="end",
    look="look",
    species=(
        Species("effector", "cell", title="Effector CAR-T", absolute_tolerance=1e-9),
        Species("memory", "cell", title="Memory CAR-T", absolute_tolerance=1e-9),
        Species("tumour", "cell", initial="tumour_injected", absolute_tolerance=1e-9),
    ),
    reactions=(
        Reaction("proliferation", "proliferation_rate*effector", {"effector": 1}, {"effector": 2}),
        Reaction("reduction", "reduction_rate*effector", {"effector": 1}),
        Reaction("inhibition", "inhibition*tumour*effector", {"effector": 1}),
        Reaction("memory_formation", "memory_formation_rate*effector", {}, {"memory": 1}),
        Reaction("recall", "recall*tumour*memory", {"memory": 1}, {"effector": 1}),
        Reaction("memory_death", "memory_death_rate*memory", {"memory": 1}),
        Reaction(
            "tumour_growth", "growth_rate*tumour*(1 - inverse_capacity*tumour)", {}, {"tumour": 1}
        ),
        Reaction("killing", "killing*effector*tumour", {"tumour": 1}),
    ),
    events=_EXTINCTIONS,
    observables=(
        Observable("effector", "effector", "cell", "Effector CAR-T"),
        Observable("memory", "memory", "cell", "Memory CAR-T"),
        Observable("tumour", "tumour", "cell", "Tumour"),
    ),
    regimens=(
        Regimen("effector", ("first_dose",), ("day_of_first_dose",)),
        Regimen("effector", ("second_dose",), ("day_of_second_dose",)),
        Regimen("effector", ("third_dose",), ("day_of_third_dose",)),
        Regimen("effector", ("fourth_dose",), ("day_of_fourth_dose",)),
        Regimen("tumour", ("challenge",), ("day_of_challenge",)),
    ),
)

OBSERVED_VARIANTS: Final = {
    "observed_tumour_at_infusion": "until_infusion",
    "observed_raji_tumour": "raji_until_infusion",
    "observed_raji_tumour_after_a_week": "raji",
    "observed_raji_expansion": "raji",
    "observed_memory_after_less": "dose_1_5e6",
    "observed_memory_after_three": "three_rising_doses",
    "observed_residual_tumour": "dose_0_5e6_for_long",
    "observed_residual_effectors": "dose_0_5e6_for_long",
    "observed_residual_memory": "dose_0_5e6_for_long",
}
"""Which variant each reported number belongs to."""

NOT_READ: Final = {
    "observed_memory_gain": "a ratio of two variants; its test finds 1.076 and 1.144",
    "observed_least_curing_dose": "a search over doses; its test finds 2.5e5, 0.98 of it",
    "observed_survival": "of mice chosen by how long they live untreated; its test finds 1.03, "
    "1.06, 1.11 and 1.18 of the published shares, from the largest dose to the smallest",
}
"""Why the others are not read from one population."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number the paper reports.

    The model has no spread between mice, so only the typical one is looked at.

    Examples
    --------
    >>> sorted(OBSERVED_VARIANTS)[0]
    'observed_memory_after_less'
    """
    del population
    effector, memory, tumour = (typical.of(name)[0] for name in typical.observables)
    dose = float(typical.numbers["first_dose"][0])
    return {
        "observed_tumour_at_infusion": float(tumour[-1]),
        "observed_raji_tumour": float(tumour[-1]),
        "observed_raji_tumour_after_a_week": float(tumour[-1]),
        "observed_raji_expansion": float(effector.max()) / dose,
        "observed_memory_after_less": float(memory[-1]),
        "observed_memory_after_three": float(memory[-1]),
        "observed_residual_tumour": float(tumour[-1]),
        "observed_residual_effectors": float(effector[-1]),
        "observed_residual_memory": float(memory[-1]),
    }
