"""The cost of a dose is one number wherever it is said: lots, report, optimiser, study."""

from pathlib import Path

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.manufacture import dose_cost, doses_of, load_recipe, split_cost
from progenitor.study import (
    Study,
    cost_steps,
    run_campaign,
    sample_lots,
    summarise_lots,
    template_path,
)
from progenitor.study._chunk import Chunk
from progenitor.study._estimates import Table, endpoint_estimates
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._process_objectives import judge, judged_columns
from progenitor.study._shard import Shard
from progenitor.study._simulate import simulate_chunk

CATALOGUE = default_catalogue()
RECIPES = ("car_gmp", "conventional_car_t", "edited_allogeneic_car_t")


@pytest.mark.parametrize("name", RECIPES)
def test_lots_report_and_optimiser_agree(name: str) -> None:
    batch = sample_lots(CATALOGUE, load_recipe(CATALOGUE, name), lots=120, seed=4)
    each = sum(dose_cost(batch).values())
    kept = each[batch.product.released]
    summary = summarise_lots(batch, product=name)
    ends = summary.percentiles["cost_per_dose"]
    assert [ends.p5, ends.p50, ends.p95] == pytest.approx(
        list(np.percentile(kept, [5, 50, 95])), rel=1e-12, abs=0
    )
    mean = pytest.approx(kept.mean(), rel=1e-12, abs=0)  # sums in another order
    assert sum(cost_steps(batch).values()) == mean
    assert sum(summary.dose_lines.values()) == mean
    judged = judge(judged_columns(batch), ("cost",), np.arange(120) % 10)
    assert judged.values["cost"] == mean


@pytest.fixture(scope="module")
def allogeneic() -> tuple[Plan, Shard]:
    """A banked product beside an autologous one; 3e6 cells/kg are two or three bags of 1e8."""
    text = template_path("tscm_vs_cart_dlbcl").read_text("utf-8")
    text = text.replace("recipe: tscm_car_t", "recipe: edited_allogeneic_car_t")
    study = Study.parse(text, path=Path("study.yaml"))
    plan = Plan(study.file, 5, (0, 1), CATALOGUE.path)
    return plan, simulate_chunk(plan, Chunk(0, 0, 12, 2)).ordered()


def test_the_study_says_the_same(allogeneic: tuple[Plan, Shard]) -> None:
    plan, shard = allogeneic
    banked = next(arm for arm in setup_arms(plan) if arm.name == "tscm")
    table = Table.of(shard, arm=banked.index)
    rows = table.outcomes
    lots = rows["lot_cost"]
    np.testing.assert_allclose(sum(table.bill.values()), lots, rtol=1e-12, atol=0)
    released = rows["lot_released"]
    shared = lots - rows["cost_delivery"]
    expected = shared / (rows["lot_doses"] * released.mean()) + rows["cost_delivery"]
    found = table.flat("cost_per_dose")
    np.testing.assert_allclose(found[released], expected[released], rtol=1e-12, atol=0)
    assert np.isnan(found[~released]).all()
    estimate = endpoint_estimates(table)["cost_per_dose"]
    assert estimate.unit == "USD"
    assert estimate.value < np.median(lots) / 5


def test_who_needs_more_than_a_bag_pays_several(allogeneic: tuple[Plan, Shard]) -> None:
    plan, shard = allogeneic
    banked = next(arm for arm in setup_arms(plan) if arm.name == "tscm")
    rows = Table.of(shard, arm=banked.index).outcomes
    given = rows["infused"]
    bags = np.ceil(rows["dose"][given] / 1e8)
    assert (bags > 1).any()
    whole = rows["lot_doses"][given] * bags
    np.testing.assert_allclose(whole, np.round(whole), rtol=1e-12, atol=0)


def test_an_autologous_lot_is_one_dose(allogeneic: tuple[Plan, Shard]) -> None:
    plan, shard = allogeneic
    own = next(arm for arm in setup_arms(plan) if arm.name != "tscm")
    assert (Table.of(shard, arm=own.index).outcomes["lot_doses"] == 1).all()


def test_a_campaign_of_banks_counts_doses() -> None:
    who = np.arange(60)
    recipe = load_recipe(CATALOGUE, "car_gmp")
    made = run_campaign(CATALOGUE, recipe, seed=2, draw=who, patient=who, attempts=1)
    (batch,) = made.batches
    lines, given = split_cost(batch), made.outcome != 3
    np.testing.assert_allclose(made.doses, np.where(given, doses_of(batch), 0), rtol=0, atol=0)
    shared = sum(one.sum() for name, one in lines.items() if name != "delivery")
    journey = lines["delivery"][batch.product.released].mean()
    expected = shared / made.doses.sum() + journey
    assert made.cost_per_dose == pytest.approx(expected, rel=1e-12, abs=0)
