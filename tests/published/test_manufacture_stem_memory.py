"""Stem memory in culture: Alvarez-Fernandez 2016 and Petersen 2018, and what it means for lots.

Median donors, seed 1. The model has one T cell where the papers have CD4 and CD8, so its shares
must lie between the published CD8 and CD4 values widened by one standard error each. Both papers
were used to calibrate the culture; the yield gain and the enrichment of the product were not.
"""

from dataclasses import replace

import numpy as np
import pytest

from progenitor.engine import simulate
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.manufacture import STAGES, Batch, Recipe, load_recipe, manufacture
from progenitor.manufacture._culture import CULTURE_NUMBERS, CULTURE_SETTINGS, START
from progenitor.manufacture._step import address

ONE = np.zeros(1, dtype=int)


def medians(catalogue: Catalogue, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    records = {name: catalogue.parameter(name).used for name in names}
    return {name: np.array([used.median]) for name, used in records.items() if used}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return default_catalogue()


def naive_culture(catalogue: Catalogue, stimulated_days: float, days: float = 10.0) -> np.ndarray:
    """Shares by stage after ten days in IL-7/IL-15 of pure naive cells (5 % stem memory)."""
    model = load_recipe(catalogue, "tscm_car_t").culture
    numbers = medians(catalogue, tuple(address(name) for name in CULTURE_NUMBERS))
    parameters = {name.rpartition("/")[2]: value for name, value in numbers.items()}
    parameters |= {setting.name: np.zeros(1) for setting in CULTURE_SETTINGS}
    parameters |= {f"{name}_at_start": np.zeros(1) for name in START}
    given = {
        "tn_at_start": 0.95e6,
        "tscm_at_start": 0.05e6,
        "interleukin_7_15": 1.0,
        "culture_volume": 1e-3,
        "perfusion_rate": 0.5,
        "glucose_feed": 20.0,
        "stimulus": 1.0,
    }
    parameters |= {name: np.array([value]) for name, value in given.items()}
    for length, stimulus in ((stimulated_days, 1.0), (days - stimulated_days, 0.0)):
        if length == 0:
            continue
        parameters["stimulus"] = np.array([stimulus])
        result = simulate(
            model,
            parameters,
            times=np.array([[0.0, length]]),
            seed=1,
            draw=ONE,
            patient=ONE,
        )
        for name in START:
            parameters[f"{name}_at_start"] = result.observable(f"{name}_now")[:, -1]
    cells = np.array([parameters[f"{stage}_at_start"][0] for stage in STAGES])
    return cells / cells.sum()


def test_short_stimulation_keeps_stem_memory(catalogue: Catalogue) -> None:
    share = naive_culture(catalogue, stimulated_days=2.0)[STAGES.index("tscm")]
    assert 0.165 <= share <= 0.390  # 20.5 ± 4.0 % of CD8, 34.6 ± 4.4 % of CD4


def test_long_stimulation_loses_it(catalogue: Catalogue) -> None:
    share = naive_culture(catalogue, stimulated_days=10.0)[STAGES.index("tscm")]
    assert 0.052 <= share <= 0.199  # 7.7 ± 2.5 % of CD8, 15.6 ± 4.2 % of CD4


def with_inhibitor(recipe: Recipe, level: float) -> Recipe:
    return replace(
        recipe,
        steps=tuple(
            replace(step, constants={**step.constants, "pi3k_inhibitor": level})
            if "pi3k_inhibitor" in step.constants
            else step
            for step in recipe.steps
        ),
    )


def made(catalogue: Catalogue, recipe: Recipe) -> Batch:
    numbers = medians(catalogue, recipe.parameter_ids)
    for name in ("conventional_first_harvest", "conventional_last_harvest"):
        numbers[address(name)] = np.array([8.0])  # ten days, whatever the yield
    return manufacture(recipe, numbers, seed=1, draw=ONE, lot=ONE)


@pytest.fixture(scope="module")
def inhibited(catalogue: Catalogue) -> tuple[Batch, Batch]:
    """The conventional recipe without and with a PI3K inhibitor, ten days each."""
    recipe = load_recipe(catalogue, "conventional_car_t")
    return made(catalogue, recipe), made(catalogue, with_inhibitor(recipe, 1.0))


def test_inhibitor_doubles_early_cells(inhibited: tuple[Batch, Batch]) -> None:
    control, treated = (batch.product.composition[0, :2].sum() for batch in inhibited)
    assert 0.22 <= control <= 0.33  # 27.4 %; the paper gives no spread, a fifth is ours
    assert 0.44 <= treated <= 0.65  # 54.4 %


def test_inhibitor_raises_yield(inhibited: tuple[Batch, Batch], catalogue: Catalogue) -> None:
    gain = inhibited[1].product.total[0] / inhibited[0].product.total[0] - 1
    published = catalogue.parameter("manufacture/observed_yield_gain_with_pi3k_inhibitor")
    # 83.7 % with a VIP antagonist besides, which the model does not have: the right direction
    assert 0.1 <= gain <= published.reported[0].value / 100


def test_stem_memory_product_is_enriched(catalogue: Catalogue) -> None:
    conventional, stem = (
        manufacture(recipe, medians(catalogue, recipe.parameter_ids), seed=1, draw=ONE, lot=ONE)
        for recipe in (load_recipe(catalogue, f"{name}_car_t") for name in ("conventional", "tscm"))
    )
    shares = [batch.product.composition[0, 0] for batch in (conventional, stem)]
    assert 0.02 <= shares[0] <= 0.08
    assert 5 <= shares[1] / shares[0] <= 25  # press says about tenfold
    assert stem.product.total[0] < conventional.product.total[0]
    assert stem.product.process_days[0] < conventional.product.process_days[0]
    assert stem.product.vein_to_vein[0] < conventional.product.vein_to_vein[0]
