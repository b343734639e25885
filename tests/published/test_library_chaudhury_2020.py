"""Chaudhury 2020: half-lives of tisagenlecleucel, the curated file, predators and prey.

J Clin Pharmacol 2020;60(S1):S147, doi:10.1002/jcph.1691.
"""

from collections.abc import Callable

import numpy as np
import pytest

from progenitor.engine import SolverOptions
from progenitor.library import Population, simulate_population
from progenitor.library.models.chaudhury_2020 import observed

NAME = "chaudhury_2020"
FINE = SolverOptions(rtol=1e-10, atol_scale=1e-3)


def predators(**changes: float) -> Population:
    return simulate_population(
        NAME, patients=1, seed=1, typical=True, variant="predator_prey", changes=changes,
        options=FINE,
    )  # fmt: skip


def test_kinetics_are_those_of_tisagenlecleucel(
    reported: Callable[[str], dict[str, float]],
) -> None:
    """Half-lives of 4.33 against 4.3 days and 217 against 220; the peak on day 9.3."""
    one = simulate_population(NAME, patients=1, seed=1, typical=True)
    ours, published = observed(one, one), reported(NAME)
    ratios = {symbol: ours[symbol] / published[symbol] for symbol in published}
    assert all(ratio == pytest.approx(1.0, rel=0.02) for ratio in ratios.values()), ratios


def test_equations_are_those_of_the_curated_sbml(
    departure_from_biomodels: Callable[..., float],
) -> None:
    columns = {
        "car_t": "[CAR_T_cells]",
        "persistent": "[Persistent_CAR_T_cells]",
        "tumour": "[Tumor_cells]",
    }
    assert departure_from_biomodels(NAME, "BIOMD0000001025", columns) < 1e-5


def test_a_tumour_below_the_critical_size_does_not_regrow() -> None:
    """At the end killing is over and the tumour stands still at a tenth of the critical size."""
    one = simulate_population(NAME, patients=1, seed=1, typical=True)
    tumour = one.of("tumour")[0]
    assert tumour[-1] < 0.1
    grows = simulate_population(
        NAME, patients=1, seed=1, typical=True, changes={"curable_below": 0.0}
    )
    assert grows.of("tumour")[0, -1] > 1e3 * tumour[-1]


def test_predators_and_prey_keep_what_they_should() -> None:
    """rho U - k_E ln U + d E - g ln E is constant along a course of two years; rtol is 1e-10."""
    one = predators(end=730.0)
    car_t, tumour = one.of("car_t")[0], one.of("tumour")[0]
    kept = 0.0018 * tumour - 0.16 * np.log(tumour) + 1.5e-4 * car_t - 0.15 * np.log(car_t)
    np.testing.assert_allclose(kept, kept[0], rtol=1e-6, atol=0)


def test_small_orbits_take_the_time_of_the_linear_system() -> None:
    """Around E = g/d = 1,000 and U = k_E/rho = 88.9 a period takes 2 pi/sqrt(g k_E) = 40.56 d."""
    period = 2 * np.pi / np.sqrt(0.15 * 0.16)
    one = predators(
        expanding_at_start=1000.0,
        tumour_at_start=0.16 / 0.0018 * 1.001,
        end=period,
        look=period / 4,
    )
    tumour = one.of("tumour")[0] / (0.16 / 0.0018) - 1
    np.testing.assert_allclose(tumour[[0, 4]], 1e-3, rtol=1e-3, atol=0)  # linear to first order
    assert tumour[2] == pytest.approx(-1e-3, rel=2e-3)
