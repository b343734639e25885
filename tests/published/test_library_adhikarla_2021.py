"""Radiation and CAR-T against myeloma: table 2, the order of its arms and the best intervals.

Adhikarla et al. Cancers 2021;13:5171, doi:10.3390/cancers13205171.
"""

from collections.abc import Callable

import numpy as np
import pytest

from progenitor.library import Population, simulate_population
from progenitor.library.models.adhikarla_2021 import OBSERVED_VARIANTS, observed

NAME = "adhikarla_2021"
Reported = Callable[[str], dict[str, float]]
SYMBOLS = [
    "observed_survival_control",
    *(
        f"observed_{what}_{arm}"
        for what in ("progression", "survival", "nadir")
        for arm in ("radiation", "car_t", "car_t_first", "radiation_first")
    ),
]


def typical(variant: str = "", **changes: float) -> Population:
    one = simulate_population(
        NAME, patients=1, seed=1, typical=True, variant=variant, changes=changes
    )
    assert (one.status == 0).all()
    return one


def ours(symbol: str) -> float:
    one = typical(OBSERVED_VARIANTS.get(symbol, ""))
    return observed(one, one)[symbol]


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_table_2(symbol: str, reported: Reported) -> None:
    """Twelve numbers agree to 2.5 %; the control does not (see the next test)."""
    ratio = ours(symbol) / reported(NAME)[symbol]
    if symbol == "observed_survival_control":
        assert ratio == pytest.approx(0.853, abs=0.002)
    else:
        assert ratio == pytest.approx(1.0, abs=0.025)


def test_the_control_of_table_2_had_a_fifth_of_the_cells(reported: Reported) -> None:
    """ln(1e11/N)/0.27 is 36.7 days for the 5e6 cells of section 2.3 and 42.6 for 1e6."""
    alone = typical("control", tumour_injected=1e6, end=45.0)
    survival = observed(alone, alone)["observed_survival_control"]
    assert survival == pytest.approx(np.log(1e5) / 0.27, rel=1e-3)
    assert survival == pytest.approx(reported(NAME)["observed_survival_control"], rel=0.01)


@pytest.mark.parametrize("what", ["progression", "survival", "nadir"])
def test_arms_are_ordered_as_published(what: str) -> None:
    """Control, radiation, CAR-T, radiation before CAR-T, CAR-T before radiation.

    Overall survival of the last two is the same to a day in the paper (96 and 97) and here.
    """
    radiation, car_t, car_t_first, radiation_first = (
        ours(f"observed_{what}_{arm}")
        for arm in ("radiation", "car_t", "car_t_first", "radiation_first")
    )
    assert radiation < car_t < min(car_t_first, radiation_first)
    if what == "survival":
        assert abs(car_t_first - radiation_first) < 1.0
    else:
        assert radiation_first < car_t_first


@pytest.mark.parametrize(
    ("order", "first", "second", "off"),
    [
        ("car_t_first", "day_of_car_t", "day_of_radiation", 2.5),
        ("radiation_first", "day_of_radiation", "day_of_car_t", 0.5),
    ],
)
def test_best_interval(order: str, first: str, second: str, off: float, reported: Reported) -> None:
    """27 days against 25, where progression-free survival differs by a quarter of a day; 22."""
    symbol = f"observed_progression_{order}"
    intervals = np.arange(18.0, 32.0)
    free = [
        observed(one, one)[symbol]
        for days in intervals
        for one in [typical(end=78.0, **{first: 7.0, second: 7.0 + days})]
    ]
    best = intervals[np.argmax(free)]
    assert abs(best - reported(NAME)[f"observed_interval_{order}"]) <= off


def test_fast_tumours_need_the_second_therapy_sooner() -> None:
    """Figure 7: half as fast again, and the best interval is shorter."""
    best = {}
    for rate in (0.27, 0.405):
        intervals = np.arange(6.0, 32.0, 2.0)
        free = [
            observed(one, one)["observed_progression_car_t_first"]
            for days in intervals
            for one in [typical(growth_rate=rate, day_of_radiation=7.0 + days, end=60.0)]
        ]
        best[rate] = intervals[np.nanargmax(free)]
    assert best[0.405] < best[0.27]


def test_radiation_alone_follows_the_closed_form() -> None:
    """Growing cells: N exp(rho t - (alpha eta A/lambda)(1 - exp(-lambda t))) after day 7."""
    one = typical("radiation_only", clearance_rate=1e3)  # irradiated cells vanish at once
    since = one.times[0] - 7
    hits = 1.5 * 3.48 * 0.1 / 0.07 * (1 - np.exp(-0.07 * np.maximum(since, 0)))
    expected = 5e6 * np.exp(0.27 * one.times[0] - hits)
    np.testing.assert_allclose(one.of("burden")[0], expected, rtol=1e-3, atol=0)
