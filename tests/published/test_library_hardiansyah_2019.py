"""Hardiansyah 2019: peaks of CAR-T cells and cytokines of UPN1 and UPN3.

Hardiansyah and Ng, Clin Transl Sci 2019;12:343-349, doi:10.1111/cts.12636. The paper prints no
peaks; they were digitised from the six decades of figure 1b, which is good to a factor of about
1.5. A second witness is the solution of the same equations with rxode2 (nlmixr2lib), which prints
its own peaks to four or five digits.
"""

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.library import Population, simulate_population
from progenitor.library.models.hardiansyah_2019 import OBSERVED_VARIANTS, observed

NAME = "hardiansyah_2019"
TABLE = default_catalogue().table(NAME)
BY_RXODE2 = {
    "upn1_peak_car_t": 2.54950e9,
    "upn1_peak_memory": 7.34449e6,
    "upn1_peak_interleukin_6": 2744.7,
    "upn1_peak_interleukin_10": 915.3,
    "upn1_peak_interferon_gamma": 828.4,
    "upn1_leukaemia_day_50": 0.291e9,
    "upn1_leukaemia_day_350": 0.484e9,
    "upn3_peak_car_t": 0.09690e9,
    "upn3_peak_memory": 0.00718e9,
    "upn3_peak_interleukin_6": 49.3,
    "upn3_peak_interleukin_10": 116.4,
    "upn3_peak_interferon_gamma": 119.6,
}


def run(variant: str = "", **changes: float) -> Population:
    return simulate_population(NAME, patients=1, seed=1, variant=variant, changes=changes)


@pytest.fixture(scope="module")
def ours() -> dict[str, float]:
    found = {variant: observed(one, one) for variant in ("", "upn3") for one in [run(variant)]}
    return {symbol: found[OBSERVED_VARIANTS.get(symbol, "")][symbol] for symbol in TABLE.observed}


def ratio(ours: dict[str, float], symbol: str) -> float:
    return ours[symbol] / TABLE.observed[symbol].reported[0].value


@pytest.mark.parametrize("symbol", ["upn1_peak_car_t", "upn1_peak_interleukin_6"])
def test_car_t_and_interleukin_6_are_within_three_tenths(
    ours: dict[str, float], symbol: str
) -> None:
    assert 0.7 < ratio(ours, symbol) < 1.3


def test_interferon_is_within_65_percent_and_interleukin_10_just_outside(
    ours: dict[str, float],
) -> None:
    """IL-10 is 1.66 times what was digitised, with rxode2 as well: a miss that the table states."""
    assert 0.65 < ratio(ours, "upn1_peak_interferon_gamma") < 1.65
    assert 1.65 < ratio(ours, "upn1_peak_interleukin_10") < 1.68
    assert "1.66" in TABLE.notes


def test_everything_else_is_within_what_a_digitised_axis_gives(ours: dict[str, float]) -> None:
    others = {s: ratio(ours, s) for s in ours if s != "upn1_peak_interleukin_10"}
    assert all(1 / 1.5 < value < 1.5 for value in others.values()), others


def test_rxode2_finds_the_same(ours: dict[str, float]) -> None:
    """It prints three to six digits and looks at other moments: 2e-3."""
    assert set(BY_RXODE2) == set(ours)
    for symbol, value in BY_RXODE2.items():
        assert abs(ours[symbol] / value - 1) < 2e-3, symbol


def test_without_car_t_leukaemia_grows_and_cytokines_rest() -> None:
    """Closed form exp((r_B - d_B) t); 1e-5 is ten times the solver's tolerance."""
    found = run(dose=0.0)
    growth = 4.14e9 * np.exp((9.30e-3 - 7.60e-3) * found.times[0])
    np.testing.assert_allclose(found.of("leukaemia")[0], growth, rtol=1e-5, atol=0)
    for name, level in (("interleukin_6", 1.7), ("interleukin_10", 4.5)):
        np.testing.assert_allclose(found.of(name)[0], level, rtol=1e-5, atol=0)


def test_the_tail_is_death_diluted_by_tissue() -> None:
    """Late cells fall with (d_M - r_M)/(1 + k_in/k_out), a half-life of 83 days.

    2 %: memory is still being made and tissue lags behind blood.
    """
    found = run()
    late = found.times[0] > 250
    slope = np.polyfit(found.times[0, late], np.log(found.of("car_t")[0, late]), 1)[0]
    assert abs(-slope / ((0.408 - 0.0509) / (1 + 76.78 / 1.84)) - 1) < 0.02


def test_burden_matters_and_dose_hardly_does() -> None:
    """Figure 2b: four times the burden, not four times the dose, moves the peaks of UPN1."""
    by_burden = [run(leukaemia_at_start=4.14e9 * share) for share in (0.5, 2.0)]
    by_dose = [run(dose=1.1e9 * share) for share in (0.5, 2.0)]
    for name in ("car_t", "interleukin_6", "interferon_gamma"):
        low, high = (found.of(name).max() for found in by_burden)
        assert high > 5 * low
        low, high = (found.of(name).max() for found in by_dose)
        assert 1 < high / low < 1.05
