"""The lot is what the patient gets: only the recipe changes, and the clinical readout follows.

30 parameter draws of 16 patients, seed 5, the same patients, tumours and draws in every arm; the
chassis is that of the stem memory product throughout, so nothing but the lots can make a
difference. Arms are paired, so their differences are not blurred by who is ill.
"""

import shutil
from collections.abc import Callable

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.study import Chunk, Study, template_path
from progenitor.study._plan import Plan
from progenitor.study._simulate import simulate_chunk

DRAWS, PATIENTS = 30, 16
SCARCE = {"scarce_early": 1.0, "scarce_later": 7.5}
VARIANT = """\
recipe: {name}
title: {name}
extends: tscm_car_t
change:
  enrich: {{seed_cells: 3e7 cell}}
  expand:
    minimum_duration: {days} day
    maximum_duration: {days} day
    minimum_fold: 0
    target_cells: 1e13 cell
"""
Column = Callable[[str, str], np.ndarray]


@pytest.fixture(scope="module")
def column(tmp_path_factory: pytest.TempPathFactory) -> Column:
    """Outcome of every patient in the arm made by a recipe."""
    folder = tmp_path_factory.mktemp("catalogue") / "catalogue"
    shutil.copytree(default_catalogue().path, folder)
    for name, days in SCARCE.items():
        text = VARIANT.format(name=name, days=days)
        (folder / "recipes" / f"{name}.yaml").write_text(text)
    file = Study.load(template_path("tscm_vs_cart_dlbcl")).file
    recipes = ("conventional_car_t", "tscm_car_t", *SCARCE)
    products = {n: file.products["tscm"].model_copy(update={"recipe": n}) for n in recipes}
    arms = {n: file.arms["tscm"].model_copy(update={"product": n, "title": n}) for n in recipes}
    changed = file.model_copy(update={"products": products, "arms": arms, "trials": {}})
    plan = Plan(changed, 5, tuple(range(DRAWS)), folder)
    chunk = Chunk(draw=0, draws=DRAWS, first_patient=0, patients=PATIENTS)
    outcomes = simulate_chunk(plan, chunk).outcomes

    def of(recipe: str, name: str) -> np.ndarray:
        return np.asarray(outcomes[name][outcomes["arm"] == recipes.index(recipe)], dtype=float)

    return of


def test_only_the_recipe_changes_the_readout(column: Column) -> None:
    """More stem memory in the lot, at no greater dose, is longer freedom from progression."""
    stem = [np.nanmedian(column(name, "lot_tscm")) for name in ("conventional_car_t", "tscm_car_t")]
    dose = [np.nanmedian(column(name, "dose")) for name in ("conventional_car_t", "tscm_car_t")]
    both = (column("conventional_car_t", "infused") > 0) & (column("tscm_car_t", "infused") > 0)
    free = [
        np.nanmean(column(name, "pfs_12_months")[both])
        for name in ("conventional_car_t", "tscm_car_t")
    ]
    assert stem[1] > 5 * stem[0]
    assert dose[1] <= dose[0]
    assert free[1] > free[0]


def test_a_faster_recipe_loses_fewer_while_waiting(column: Column) -> None:
    slow, fast = (column(name, "lost_waiting") for name in ("conventional_car_t", "tscm_car_t"))
    assert fast.mean() < slow.mean()
    waits = [np.nanmedian(column(n, "vein_to_vein")) for n in ("conventional_car_t", "tscm_car_t")]
    assert waits[1] < waits[0]


def test_yield_and_stemness_are_traded_in_progression(column: Column) -> None:
    """Scarce cells harvested early hold more stem memory and too few cells to keep a patient free.

    With ample cells the product with more stem memory wins (above); with scarce ones it loses.
    """
    early, later = SCARCE
    assert np.nanmedian(column(early, "lot_tscm")) > np.nanmedian(column(later, "lot_tscm")) + 0.1
    assert np.nanmedian(column(early, "lot_cells")) < 0.5 * np.nanmedian(column(later, "lot_cells"))
    enrolled = [np.nansum(column(name, "pfs_12_months")) / (DRAWS * PATIENTS) for name in SCARCE]
    assert enrolled[0] < enrolled[1]
    infused = [np.nanmean(column(name, "pfs_12_months")) for name in SCARCE]
    assert infused[0] < infused[1]
