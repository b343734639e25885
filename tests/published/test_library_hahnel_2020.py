"""Hähnel 2020: who of 21 patients relapses after stopping, and the class of each.

Cancer Res 2020;80:2394-2406, doi:10.1158/0008-5472.CAN-19-2175.
"""

from collections.abc import Callable

import pytest

from progenitor.evidence import default_catalogue
from progenitor.library import Population, find_model, simulate_population
from progenitor.library.models.hahnel_2020 import OBSERVED_VARIANTS, observed

NAME = "hahnel_2020"
CLASSES = {
    "A": (2, 3, 7, 9, 18, 19),
    "B": (6, 12, 13, 14, 15, 16, 20, 21),
    "C": (1, 4, 5, 8, 10, 11, 17),
}
CLASS_OF = {number: name for name, numbers in CLASSES.items() for number in numbers}
RELAPSES = {"A": 6, "B": 0, "C": 4}
MODEL = find_model(NAME)


def typical(number: int, **changes: float) -> Population:
    one = simulate_population(
        NAME, patients=1, seed=1, typical=True, variant=f"patient_{number}", changes=changes
    )
    assert (one.status == 0).all()
    return one


@pytest.mark.parametrize("symbol", OBSERVED_VARIANTS)
def test_each_patient_fares_as_published(
    symbol: str, reported: Callable[[str], dict[str, float]]
) -> None:
    """10 relapses and 11 remissions of figure S5: 21 of 21."""
    one = typical(int(symbol.rpartition("_")[2]))
    assert observed(one, one)[symbol] == reported(NAME)[symbol]


@pytest.mark.parametrize("name", CLASSES)
def test_relapses_of_each_class(name: str) -> None:
    """6 of 6 in class A, none of 8 in class B, 4 of 7 in class C."""
    relapsed = 0
    for number in CLASSES[name]:
        one = typical(number)
        after = one.times[0] >= one.numbers["day_of_stop"][0]
        relapsed += one.of("ratio")[0][after].max() > 1e-3
    assert relapsed == RELAPSES[name]


@pytest.mark.parametrize("number", sorted(CLASS_OF))
def test_class_a_has_no_immune_window(number: int) -> None:
    """Immune cells are gained where p_Z Y/(K_Z^2 + Y^2) > a, which needs p_Z > 2 a K_Z."""
    numbers = MODEL.typical(default_catalogue(), f"patient_{number}")
    window = numbers["recruitment"] > (
        2 * numbers["immune_loss_rate"] * numbers["half_recruitment"]
    )
    assert window == (CLASS_OF[number] != "A")


@pytest.mark.parametrize("number", sorted(CLASS_OF))
def test_class_b_controls_leukaemia_from_the_first_cell(number: int) -> None:
    """Without therapy one cell grows to the capacity in classes A and C and never in class B.

    One cell is 1e-6 of the capacity, quiescent cells start at its ratio, as for every patient.
    """
    one = typical(
        number, leukaemia_at_start=1.0, day_of_stop=0.0, end=7300.0, therapy_kill_rate=0.0
    )
    assert (one.of("ratio")[0, -1] < 1e-3) == (CLASS_OF[number] == "B")


def test_remission_is_where_killing_balances_growth() -> None:
    """Patient 15, whose quiescent cells settle soonest: both balances by hand.

    Z = (p_Y/m)(1 - Y/K_Y), and r_Z + p_Z Y Z/(K_Z^2 + Y^2) = a Z.
    """
    one = typical(15, end=40_000.0, look=100.0)
    ratio, immune = one.of("ratio")[0, -1], one.of("immune")[0, -1]
    assert immune == pytest.approx(1.658 / 1e-4 * (1 - ratio), rel=1e-4)
    cells = ratio * 1e6
    gain = 200 + 82_600 * cells * immune / (1_300.0**2 + cells**2)
    assert gain == pytest.approx(2 * immune, rel=1e-4)
