"""Minucci 2024: 13 patients' CAR-T cells in blood, against the same equations in rxode2.

Minucci et al. Front Syst Biol 2024;4:1380018, doi:10.3389/fsysb.2024.1380018, draws the courses and
prints no number of them. nlmixr2lib reduces the paper's 25 equations to these eight, solves them
with rxode2 every half day and prints the highest level and its day to three decimals.
"""

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.library import simulate_population
from progenitor.library.models.minucci_2024 import OBSERVED_VARIANTS, observed

NAME = "minucci_2024"
TABLE = default_catalogue().table(NAME)
BY_RXODE2 = {
    "f0104": (474.578, 2.0), "f0106": (569.332, 2.0), "f0107": (311.218, 2.0),
    "f0109": (1384.205, 4.5), "f0110": (13.936, 1.5), "f0111": (67.426, 7.0),
    "f0118": (34.941, 4.0), "f0119": (434.454, 2.0), "f0121": (48.970, 4.5),
    "f0122": (47.223, 5.0), "f0123": (25.427, 6.0), "f0125": (27.696, 4.5),
    "f0126": (74.446, 5.5),
}  # fmt: skip


@pytest.mark.parametrize("patient", BY_RXODE2)
def test_the_peak_is_as_in_rxode2(patient: str) -> None:
    """The last printed digit of the smallest is 4e-5 of it."""
    level, day = BY_RXODE2[patient]
    found = simulate_population(NAME, patients=1, seed=1, variant=patient)
    course = found.of("car_t")[0]
    assert abs(course.max() / level - 1) < 5e-5
    assert found.times[0, course.argmax()] == day


def test_every_number_of_the_table_is_compared() -> None:
    for symbol, record in TABLE.observed.items():
        variant = OBSERVED_VARIANTS.get(symbol, "")
        one = simulate_population(NAME, patients=1, seed=1, variant=variant)
        assert abs(observed(one, one)[symbol] / record.reported[0].value - 1) < 5e-5


def test_constant_antigen_gives_the_closed_form() -> None:
    """B cells that neither grow nor die: infused cells decay, effectors are one burst convolved.

    All by hand from the printed numbers; 1e-5 is ten times the solver's tolerance.
    """
    still = {"killing_rate": 0.0, "tumour_doubling_time": 1e15}
    found = simulate_population(NAME, patients=1, seed=1, changes=still)
    day = found.times[0]
    nanomolar = 5_000 * 1.0e7 / 5 / 6.022e14
    bound = nanomolar / (1 + nanomolar)
    cells = np.zeros_like(day)
    for share, hours, lifespan in ((0.333, 18.0, 180.0), (0.667, 36.0, 240.0)):
        active, infused = bound * 24 / hours, 73e6 * share
        out, end, old = active + 1 / 9.606881, 1 / 3.101849, 1 / lifespan
        burst = infused * active * 2**21.41559
        saved = 2.514715e-3 * end
        cells += infused * np.exp(-out * day)
        cells += burst * (np.exp(-end * day) - np.exp(-out * day)) / (out - end)
        cells += (
            saved
            * burst
            / (out - end)
            * (
                (np.exp(-old * day) - np.exp(-end * day)) / (end - old)
                - (np.exp(-old * day) - np.exp(-out * day)) / (out - old)
            )
        )
    np.testing.assert_allclose(found.of("car_t")[0], cells / 5e6, rtol=1e-5, atol=0)
    np.testing.assert_allclose(found.of("tumour")[0], 1.0e7, rtol=1e-5, atol=0)


def test_lymphocytes_recover_from_a_tenth() -> None:
    """L0 (1 - 0.9 exp(-t/30)), read off the share of B cells; 1e-5 as above."""
    found = simulate_population(NAME, patients=1, seed=1)
    tumour, share = found.of("tumour")[0], found.of("b_cell_share")[0]
    others = tumour / share - tumour
    expected = 5e8 * 5 * (1 - 0.9 * np.exp(-found.times[0] / 30))
    np.testing.assert_allclose(others, expected, rtol=1e-5, atol=0)
