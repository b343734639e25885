"""CARTmath: mice with HDLM-2 and Raji tumours, and the virtual mice of figure 6.

Barros et al. Cancers 2021;13:2941, doi:10.3390/cancers13122941. Numbers printed as "about" or read
off a figure are met within the band a reader can tell; the bands below are what is seen, and the
one miss is said.
"""

from collections.abc import Callable

import numpy as np
import pytest

from progenitor.engine import Dose, simulate, uniforms
from progenitor.evidence import default_catalogue
from progenitor.library import find_model, simulate_population
from progenitor.library.models.barros_2021 import OBSERVED_VARIANTS, observed

Reported = Callable[[str], dict[str, float]]
NAME = "barros_2021"
MODEL = find_model(NAME)
BUILT = MODEL.model(default_catalogue())
TYPICAL = MODEL.typical(default_catalogue())
DETECTABLE, LETHAL = 8e5, 1e10  # section 2.4
VARIED = (
    "growth_rate", "inhibition", "inverse_capacity", "killing", "memory_death_rate",
    "memory_formation_rate", "proliferation_rate", "recall", "reduction_rate",
)  # fmt: skip

BANDS = {
    "observed_tumour_at_infusion": (1.07, 1.08),
    "observed_raji_tumour": (1.04, 1.05),
    "observed_raji_tumour_after_a_week": (0.94, 0.95),
    "observed_raji_expansion": (0.98, 0.99),
    "observed_memory_after_less": (1.59, 1.60),  # missed: figure 4a says 7e5, its equations 1.12e6
    "observed_memory_after_three": (1.02, 1.03),
    "observed_residual_tumour": (1.001, 1.003),  # the closed form gives 1,091, printed as 1,089
    "observed_residual_effectors": (0.9999, 1.0001),
    "observed_residual_memory": (0.9999, 1.0001),
}


@pytest.mark.parametrize("symbol", BANDS)
def test_what_the_paper_reports(symbol: str, reported: Reported) -> None:
    one = simulate_population(
        NAME, patients=1, seed=1, typical=True, variant=OBSERVED_VARIANTS.get(symbol, "")
    )
    low, high = BANDS[symbol]
    assert low <= observed(one, one)[symbol] / reported(NAME)[symbol] <= high


def course(variant: str, observable: str) -> np.ndarray:
    one = simulate_population(NAME, patients=1, seed=1, typical=True, variant=variant)
    return one.of(observable)[0]


def test_split_doses_leave_more_memory(reported: Reported) -> None:
    """Ratios 1.076 and 1.144 on day 200, against 1.07 and 1.15."""
    numbers = reported(NAME)
    single = simulate_population(NAME, patients=1, seed=1, typical=True, changes={"end": 200.0})
    alone = single.of("memory")[0, -1]
    for split in ("weekly", "fortnightly"):
        gain = course(f"four_{split}_doses", "memory")[-1] / alone
        assert gain == pytest.approx(numbers[f"observed_memory_gain_{split}"], rel=0.01)


def test_dose_decides_between_elimination_residual_disease_and_escape() -> None:
    """Figure 4, top row, and the second injection of figure 3a, which memory rejects."""
    assert course("dose_1_5e6", "tumour")[-1] == 0.0
    assert 0.0 < course("dose_0_5e6", "tumour")[-1] < DETECTABLE
    assert course("dose_0_2e6", "tumour")[-1] > LETHAL
    assert course("challenged", "tumour")[-1] == 0.0


@pytest.mark.parametrize(
    ("identifier", "variant", "changes"),
    [
        ("BIOMD0000001019", "", {"day_of_first_dose": 45.0}),
        ("BIOMD0000001020", "raji", {"end": 60.0}),
    ],
)
def test_equations_are_those_of_the_authors_sbml(
    departure_from_biomodels: Callable[..., float],
    identifier: str,
    variant: str,
    changes: dict[str, float],
) -> None:
    """Their files never let a population die out; 1019 is compared until it sets the tumour."""
    largest = departure_from_biomodels(
        NAME,
        identifier,
        {"effector": "[Ct]", "memory": "[Cm]", "tumour": "[T]"},
        variant=variant,
        changes={**changes, "extinct_below": 0.0},
        until=240.0,
    )
    assert largest < 1e-5


def outcomes(numbers: dict[str, np.ndarray], dose: np.ndarray | float) -> np.ndarray:
    """Tumour cells on day 300 after one dose on day 42."""
    count = len(numbers["killing"])
    inside = {parameter.name for parameter in BUILT.parameters}
    found = simulate(
        BUILT,
        {symbol: value for symbol, value in numbers.items() if symbol in inside},
        times=np.tile([0.0, 300.0], (count, 1)),
        doses=[Dose("effector", np.full(count, 42.0), np.broadcast_to(dose, count).astype(float))],
        seed=1,
        draw=np.zeros(count, int),
        patient=np.arange(count),
    )
    assert (found.status == 0).all()
    return found.observable("tumour")[:, -1]


def everyone(count: int) -> dict[str, np.ndarray]:
    return {symbol: np.full(count, value) for symbol, value in TYPICAL.items()}


def test_least_dose_with_a_complete_response(reported: Reported) -> None:
    """2.5e5, against 'around 2.6e5': a ratio of 0.98."""
    doses = np.linspace(1e5, 5e5, 401)
    cured = outcomes(everyone(401), doses) <= DETECTABLE
    assert (np.diff(cured.astype(int)) >= 0).all()
    least = doses[cured][0]
    assert 0.97 < least / reported(NAME)["observed_least_curing_dose"] < 0.98


def test_virtual_mice_survive_as_published(reported: Reported) -> None:
    """Ratios 1.03, 1.06, 1.11 and 1.18, from 95, 87, 62 and 7 % of 5,000 mice.

    The paper says that its mice have the mean (137 d) and median (128 d) survival of five real
    ones, not how they were chosen; ours, accepted by range alone, live 140 and 135 days, and so
    have the slower tumours. With 2,256 accepted of 10,000 (seed 5) the ratios have standard errors
    of 0.003, 0.007, 0.016 and 0.08.
    """
    count = 10_000
    numbers, patient = everyone(count), np.arange(count)
    for symbol in VARIED:
        share = uniforms(5, symbol, np.zeros(count, int), patient)
        numbers[symbol] = numbers[symbol] * (0.4 + 1.2 * share)
    growth, limit = numbers["growth_rate"], numbers["inverse_capacity"]
    injected = TYPICAL["tumour_injected"]
    room = (1 - limit * injected) / (1 - limit * LETHAL)
    untreated = np.log(LETHAL / injected * room) / growth  # the day of 1e10 cells of a logistic
    net = numbers["proliferation_rate"] - numbers["reduction_rate"]
    accepted = (net < 0) & (net + numbers["memory_formation_rate"] > 0)
    accepted &= (untreated >= 100) & (untreated <= 207)
    mice = {symbol: value[accepted] for symbol, value in numbers.items()}
    bands = {"1_5e6": (1.0, 1.06), "1_0e6": (1.02, 1.1), "0_5e6": (1.04, 1.18), "0_1e6": (0.9, 1.5)}
    for dose, (low, high) in bands.items():
        alive = (outcomes(mice, float(dose.replace("_", "."))) < LETHAL).mean()
        assert low < alive / reported(NAME)[f"observed_survival_{dose}"] < high
