"""The Prodigy process of Zhu 2018 (Cytotherapy 20:394): 13 days, 30-fold, 37 % transduced.

One lot at the medians of the catalogue, seed 1; the conventional recipe with the Prodigy's vessel.
The paper gives averages of seven runs without spread, so the tolerance is ours: a quarter.
"""

from dataclasses import replace

import numpy as np
import pytest

from progenitor.evidence import Catalogue, default_catalogue
from progenitor.manufacture import Batch, Recipe, RecipeStep, load_recipe, manufacture

CHANGES: dict[str, dict[str, float]] = {
    "enrich": {"seed_cells": 1e8},
    "activate": {"culture_volume": 0.25, "perfusion_rate": 1.0},
    "expand": {
        "culture_volume": 0.25,
        "perfusion_rate": 1.0,
        "minimum_duration": 11.0,
        "maximum_duration": 11.0,
    },
}


def prodigy(catalogue: Catalogue) -> Recipe:
    recipe = load_recipe(catalogue, "conventional_car_t")
    return replace(recipe, steps=tuple(changed(step) for step in recipe.steps))


def changed(step: RecipeStep) -> RecipeStep:
    mine = CHANGES.get(step.label, {})
    references = {name: value for name, value in step.references.items() if name not in mine}
    return replace(step, constants={**step.constants, **mine}, references=references)


@pytest.fixture(scope="module")
def batch() -> Batch:
    catalogue = default_catalogue()
    recipe = prodigy(catalogue)
    records = {name: catalogue.parameter(name).used for name in recipe.parameter_ids}
    numbers = {name: np.array([used.median]) for name, used in records.items() if used}
    one = np.zeros(1, dtype=int)
    return manufacture(recipe, numbers, seed=1, draw=one, lot=one)


def test_thirteen_days(batch: Batch) -> None:
    assert batch.product.process_days[0] == 13.0


def test_thirty_fold(batch: Batch) -> None:
    grown = next(entry.state for entry in batch.log if entry.label == "expand")
    assert 22.5 <= grown.fold[0] <= 37.5


def test_thirty_seven_per_cent_transduced(batch: Batch) -> None:
    assert 0.28 <= batch.product.car_fraction[0] <= 0.46


def test_recovery_and_purity_of_selection(batch: Batch) -> None:
    before, after = (
        next(entry for entry in batch.log if entry.label == label)
        for label in ("apheresis", "enrich")
    )
    recovered = after.state.viable + after.lost["kept in reserve"]
    t_cells = recovered * after.state.purity / before.state.t_cells
    assert 0.49 <= t_cells[0] <= 0.61  # 55 ± 6 %
    assert 0.89 <= after.state.purity[0] <= 1.0  # 98 ± 4 % CD4/CD8+, 89 ± 10 % CD3+
    final = next(entry.state for entry in batch.log if entry.label == "harvest")
    assert 0.82 <= final.purity[0] <= 1.0  # products were 82–100 % CD3+


def test_product_is_effector_and_central_memory(batch: Batch) -> None:
    tscm, tcm, teff, tex = batch.product.composition[0]
    assert teff + tex > tcm > tscm
