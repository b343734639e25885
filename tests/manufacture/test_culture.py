"""The culture model against closed forms, a tighter solver and its own bookkeeping."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from progenitor.engine import SolverOptions, Status, simulate
from progenitor.evidence import Catalogue
from progenitor.manufacture import STAGES, Recipe
from progenitor.manufacture._culture import (
    CULTURE_NUMBERS,
    CULTURE_SETTINGS,
    OBSERVED,
    START,
    culture_model,
)
from progenitor.manufacture._step import address

DAYS = np.array([0.0, 1.0, 3.0, 7.0, 12.0])


@pytest.fixture(scope="module")
def grown(catalogue: Catalogue) -> Callable[..., dict[str, np.ndarray]]:
    """Culture of 1e8 naive cells at the medians of the catalogue, with some numbers changed."""
    model = culture_model(catalogue)
    medians = {}
    for quantity in CULTURE_NUMBERS:
        used = catalogue.parameter(address(quantity)).used
        assert used is not None
        medians[quantity] = used.median
    medians |= {setting.name: 0.0 for setting in CULTURE_SETTINGS}
    medians |= {f"{name}_at_start": 0.0 for name in START}
    medians |= {"tn_at_start": 1e8, "culture_volume": 1.0, "glucose_feed": 20.0}

    def grow(rtol: float = 1e-5, **changes: float) -> dict[str, np.ndarray]:
        parameters = {name: np.array([value]) for name, value in {**medians, **changes}.items()}
        one = np.zeros(1, dtype=int)
        result = simulate(
            model,
            parameters,
            times=DAYS[np.newaxis],
            seed=1,
            draw=one,
            patient=one,
            options=SolverOptions(rtol=rtol),
        )
        assert result.status[0] == Status.OK
        return {name: result.observable(f"{name}_now")[0] for name in OBSERVED}

    return grow


def test_unstimulated_cells_only_die(grown: Callable[..., Any]) -> None:
    culture = grown(interleukin_2=1.0, culture_death_rate=0.05)
    expected = 1e8 * np.exp(-0.05 * DAYS)
    np.testing.assert_allclose(culture["tn"], expected, rtol=1e-4, atol=0)  # solver: rtol 1e-5
    np.testing.assert_array_equal(culture["born"], 0.0)


def test_signal_relaxes_to_the_stimulus(grown: Callable[..., Any]) -> None:
    culture = grown(stimulus=1.0, stimulation_decay_time=2.0)
    expected = 1 - np.exp(-DAYS / 2.0)
    np.testing.assert_allclose(culture["stimulation"][1:], expected[1:], rtol=1e-4, atol=0)


def test_fully_renewing_cells_grow_exponentially(grown: Callable[..., Any]) -> None:
    """No limits, full support and no fading: 1e4 cells grow at the maximum rate less death."""
    culture = grown(
        tn_at_start=1e4,
        activation_at_start=1.0,
        stimulation_at_start=1.0,
        stimulus=1.0,
        activation_decay_time=1e9,
        naive_self_renewal=60.0,
        early_division_ratio=1.0,
        il2_support_early=1.0,
        interleukin_2=1.0,
        glucose_half_saturation=1e-9,
        lactate_half_inhibition=1e9,
        maximum_cell_density=1e15,
        maximum_division_rate=0.8,
        culture_death_rate=0.1,
        stimulated_death_rate=0.0,
    )
    expected = 1e4 * np.exp(0.7 * DAYS)
    np.testing.assert_allclose(culture["tn"], expected, rtol=5e-4, atol=0)  # solver: rtol 1e-5


def test_medium_washes_to_the_feed(grown: Callable[..., Any]) -> None:
    culture = grown(tn_at_start=0.0, lactate_yield=1.0, perfusion_rate=0.5, glucose_feed=25.0)
    np.testing.assert_allclose(culture["glucose"], 25.0, rtol=1e-9, atol=0)
    np.testing.assert_array_equal(culture["lactate"], 0.0)


def test_lactate_follows_glucose_used(grown: Callable[..., Any]) -> None:
    culture = grown(interleukin_2=1.0, stimulus=1.0, lactate_yield=1.7)  # a closed vessel
    used = 20.0 - culture["glucose"]
    np.testing.assert_allclose(culture["lactate"][1:], 1.7 * used[1:], rtol=1e-5, atol=0)


@pytest.mark.parametrize("stimulus", [0.0, 0.3, 1.0])
def test_births_and_deaths_account_for_every_cell(
    stimulus: float, grown: Callable[..., Any]
) -> None:
    culture = grown(interleukin_2=1.0, stimulus=stimulus, perfusion_rate=0.5, other_at_start=5e6)
    alive = sum(culture[stage] for stage in (*STAGES, "other"))
    # sums of counters that the solver integrates together are exact up to round-off
    np.testing.assert_allclose(
        alive - alive[0], culture["born"] - culture["died"], rtol=0, atol=1e-7 * alive.max()
    )
    assert all((culture[name] >= 0).all() for name in OBSERVED)


def test_the_tolerance_used_is_tight_enough(grown: Callable[..., Any]) -> None:
    setting = {"interleukin_2": 1.0, "stimulus": 0.5, "perfusion_rate": 0.5}
    loose, tight = grown(rtol=1e-5, **setting), grown(rtol=1e-10, **setting)
    for stage in STAGES:
        np.testing.assert_allclose(loose[stage][1:], tight[stage][1:], rtol=1e-3, atol=1.0)


def test_crowding_stops_growth(grown: Callable[..., Any]) -> None:
    culture = grown(interleukin_2=1.0, stimulus=1.0, perfusion_rate=20.0, maximum_cell_density=2e8)
    assert (sum(culture[stage] for stage in STAGES) <= 2e8).all()


def test_one_model_for_both_recipes(recipe: Recipe, catalogue: Catalogue) -> None:
    assert recipe.culture.content_hash == culture_model(catalogue).content_hash
