"""Better settings for a recipe: what may be varied, what it costs, and the front that is found."""

from dataclasses import replace

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.inference import pareto_front
from progenitor.manufacture import load_recipe, with_settings
from progenitor.study import (
    OptimiseSection,
    SettingRange,
    Study,
    optimise_process,
    optimise_recipe,
    process_settings,
    sample_lots,
    template_path,
)
from progenitor.study._process_cohort import ProcessCohort
from progenitor.study._process_objectives import judge
from progenitor.study._process_prices import MEDIUM_PRICES, priced

CATALOGUE = default_catalogue()
TSCM = load_recipe(CATALOGUE, "tscm_car_t")
SMALL = OptimiseSection(candidates=20, draws=4, patients_per_draw=10, patients_to_confirm=20)
NAMES = list(CATALOGUE.names("recipes"))


@pytest.mark.parametrize("name", NAMES)
def test_every_recipe_has_settings_to_vary_and_holds_them(name) -> None:
    recipe = load_recipe(CATALOGUE, name)
    space = process_settings(CATALOGUE, recipe)
    changed = space.applied({item.name: item.from_share(0.5) for item in space.ranges})
    assert changed.name == recipe.name
    for item in space.ranges:
        assert item.low < item.high
        if item.name != "harvest_day":
            for label, setting in space.places[item.name]:
                (step,) = [step for step in changed.steps if step.label == label]
                assert step.constants[setting] == item.from_share(0.5)


def test_the_harvest_day_counts_from_the_start_of_the_culture() -> None:
    space = process_settings(CATALOGUE, TSCM)
    batch = sample_lots(CATALOGUE, space.applied({"harvest_day": 7.0}), lots=30, seed=1)
    grown = batch.product.process_days[batch.product.released]
    np.testing.assert_allclose(grown, 7.0, rtol=1e-9, atol=0)  # a sum of durations


def test_bad_settings_are_told_at_once() -> None:
    wanted = {
        "expand.maximum_durtion": SettingRange(low="4 day", high="9 day"),
        "harvest_day": SettingRange(low="9 day", high="4 day"),
        "seed_cells": SettingRange(low="3 L", high="4e8 cell"),
    }
    with pytest.raises(InputError) as refused:
        process_settings(CATALOGUE, TSCM, wanted)
    text = str(refused.value)
    for words in ("did you mean 'expand.maximum_duration'", "from 9 to 4 day", "not in cell"):
        assert words in text


def test_the_price_of_medium_is_the_recipe_s_own_where_nothing_changed() -> None:
    two, seven = np.array([400.0, 300.0]), np.array([800.0, 900.0])
    prices = dict(zip(MEDIUM_PRICES, (two, seven), strict=True))
    for name in ("conventional_car_t", "tscm_car_t", "tscm_il21_car_t"):
        recipe = load_recipe(CATALOGUE, name)
        same = priced(recipe, recipe, prices, prices)
        for price in MEDIUM_PRICES:
            np.testing.assert_array_equal(same[price], prices[price])
    without = {
        step.label: {"pi3k_inhibitor": 0.0, "culture_volume": 2.0} for step in TSCM.steps[4:7:2]
    }
    cheaper = priced(TSCM, with_settings(TSCM, without), prices, prices)
    np.testing.assert_allclose(
        cheaper[MEDIUM_PRICES[1]], [1200, 1200], rtol=1e-12, atol=0
    )  # halves


def test_objectives_are_what_they_say() -> None:
    columns = {
        "released": np.array([1.0, 1.0, 0.0, 1.0]),
        "cells": np.array([1e8, 3e8, 0.0, 5e8]),
        "batch_cost": np.array([90.0, 110.0, 100.0, 100.0]),
        "dose_cost": np.array([10.0, 10.0, 10.0, 10.0]),
        "vein_to_vein": np.array([20.0, 30.0, np.nan, 40.0]),
        "car_fraction": np.full(4, 0.3),
        "viability": np.full(4, 0.9),
        "process_days": np.full(4, 8.0),
        "stem": np.array([0.2, 0.4, np.nan, 0.6]),
        "pfs_itt_12_months": np.array([1.0, 0.0, 0.0, 1.0]),
    }
    wanted = ("yield", "stemness", "cost", "vein_to_vein", "pfs_12_months")
    found = judge(columns, wanted, np.arange(4))
    want = {"yield": 2e8, "stemness": 0.4, "cost": 100 / 0.75 + 10, "vein_to_vein": 30.0}
    for name, value in (want | {"pfs_12_months": 0.5}).items():
        assert found.values[name] == pytest.approx(value, rel=1e-12, abs=0)  # by hand
    # the jackknife of a mean is its standard error
    assert found.errors["pfs_12_months"] == pytest.approx(
        np.std([1, 0, 0, 1], ddof=1) / 2, rel=1e-12, abs=0
    )
    assert np.isnan(judge(columns, wanted, np.arange(4), least_released=0.8).values["cost"])


def test_the_monte_carlo_error_covers_what_other_lots_give() -> None:
    def judged(first):
        return ProcessCohort.of_recipe(
            CATALOGUE, TSCM, seed=1, lots=200, first=first, wanted=("yield", "stemness", "cost")
        ).judge(TSCM)

    found = [judged(200 * block) for block in range(12)]
    for name in ("yield", "stemness", "cost"):
        spread = np.std([one.values[name] for one in found], ddof=1)
        said = np.sqrt(np.mean([one.errors[name] ** 2 for one in found]))
        assert 0.5 < said / spread < 2.0  # 11 degrees of freedom: outside in less than 1 of 100


@pytest.fixture(scope="module")
def found():
    return optimise_recipe(CATALOGUE, TSCM, section=SMALL, seed=3)


def test_the_front_is_not_dominated_and_plain(found) -> None:
    goals = found.goals
    values = np.array([[one.judged.values[goal.name] for goal in goals] for one in found.front])
    assert pareto_front(values, maximise=[goal.maximise for goal in goals]).all()
    plain = found.plain()
    assert plain["evaluated"] == 20
    first = plain["front"][0]
    assert first["settings"]["harvest_day"]["unit"] == "day"
    assert set(first["objectives"]) == {"yield", "stemness", "cost", "vein_to_vein"}
    for of in first["objectives"].values():
        assert of["error"] > 0
    assert set(plain["reference"]) == {"settings", "objectives", "also"}
    assert any("give a study" in note for note in plain["notes"])


def test_same_seed_same_front(found) -> None:
    again = optimise_recipe(CATALOGUE, TSCM, section=SMALL, seed=3)
    assert again.plain() == found.plain()
    other = optimise_recipe(CATALOGUE, TSCM, section=SMALL, seed=4)
    assert other.plain() != found.plain()


def test_a_product_without_stem_cells_is_not_judged_by_them() -> None:
    recipe = load_recipe(CATALOGUE, "car_gmp")
    found = optimise_recipe(CATALOGUE, recipe, section=SMALL, candidates=6, seed=1)
    assert "stemness" not in [goal.name for goal in found.goals]
    only = SMALL.model_copy(update={"objectives": ["stemness"]})
    with pytest.raises(InputError, match="none of the objectives"):
        optimise_recipe(CATALOGUE, recipe, section=only, seed=1)


def test_a_candidate_most_of_whose_lots_fail_is_out_of_question() -> None:
    strict = SMALL.model_copy(update={"least_released": 0.999, "candidates": 8})
    found = optimise_recipe(CATALOGUE, TSCM, section=strict, seed=3)
    assert all(one.judged.also["released_fraction"] >= 0.999 for one in found.front)
    assert any("left out" in note for note in found.notes)


def test_the_front_of_a_study_reaches_the_patients_on_any_number_of_jobs() -> None:
    study = Study.load(template_path("tscm_vs_cart_dlbcl"), catalogue=CATALOGUE)
    small = SMALL.model_copy(update={"candidates": 6, "draws": 2})
    study = replace(study, file=study.file.model_copy(update={"optimise": small}))
    found = [
        optimise_process(study, catalogue=CATALOGUE, product="tscm", jobs=jobs) for jobs in (1, 2)
    ]
    assert found[0].plain() == found[1].plain()
    first = found[0].reference.judged
    assert 0 < first.values["pfs_12_months"] < 1
    assert first.also["pfs_12_months_infused"] >= first.values["pfs_12_months"]
    with pytest.raises(InputError, match="did you mean 'tscm'"):
        optimise_process(study, catalogue=CATALOGUE, product="tscn")


def test_the_section_decides_no_number_of_a_run() -> None:
    study = Study.load(template_path("tscm_vs_cart_dlbcl"))
    changed = study.file.model_copy(update={"optimise": SMALL})
    assert changed.model_dump() == study.file.model_dump()


def test_mistakes_in_the_section_are_found_by_the_check() -> None:
    text = template_path("tscm_vs_cart_dlbcl").read_text("utf-8")
    section = (
        '\noptimise:\n  product: tscn\n  settings:\n    harvst_day: {low: "4 day", high: "9 day"}\n'
    )
    with pytest.raises(InputError) as refused:
        Study.parse(text + section, path="s.yaml", catalogue=CATALOGUE)
    assert "unknown product 'tscn'" in str(refused.value)
    right = section.replace("tscn", "tscm")
    with pytest.raises(
        InputError, match=r"s\.yaml:\d+: optimise\.settings\.harvst_day.*harvest_day"
    ):
        Study.parse(text + right, path="s.yaml", catalogue=CATALOGUE)
