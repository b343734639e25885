"""Lots: reproducible, independent of each other, and able to say what happened to them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from progenitor.engine import SolverOptions
from progenitor.errors import InputError, SimulationError
from progenitor.manufacture import Batch, Recipe, manufacture
from progenitor.product import ReleasedProduct

SEED = 20261121
PER_LOT = ("cells", "viability", "car_fraction", "vcn_per_cell", "cost", "vein_to_vein", "failure")


def same(first: ReleasedProduct, second: ReleasedProduct, rows: Any = slice(None)) -> bool:
    return all(
        np.array_equal(getattr(first, name)[rows], getattr(second, name), equal_nan=True)
        for name in PER_LOT
    )


@pytest.fixture(scope="module")
def batch(recipe: Recipe, donors: Callable[..., Any], made: Callable[..., Any]) -> Batch:
    return made(recipe, donors(recipe, np.arange(40)))


def test_same_seed_same_lots(batch: Batch, recipe: Recipe, donors: Any, made: Any) -> None:
    assert same(batch.product, made(recipe, donors(recipe, np.arange(40))).product)


def test_another_seed_changes_measurements_only(
    batch: Batch, recipe: Recipe, donors: Any, made: Any
) -> None:
    other = made(recipe, donors(recipe, np.arange(40)), seed=7)
    frozen, again = (
        {entry.label: entry.state for entry in run.log}["cryopreserve"] for run in (batch, other)
    )
    np.testing.assert_array_equal(frozen.cells, again.cells)
    assert (other.measured["viability"] != batch.measured["viability"]).all()


@pytest.mark.parametrize("rows", [[3], [39, 0, 17], list(range(39, -1, -1))])
def test_a_lot_does_not_depend_on_the_others(
    rows: list[int], batch: Batch, recipe: Recipe, donors: Any
) -> None:
    lot = np.array(rows)
    part = manufacture(recipe, donors(recipe, lot), seed=SEED, draw=np.zeros_like(lot), lot=lot)
    assert same(batch.product, part.product, lot)


def test_released_lots_are_complete(batch: Batch) -> None:
    product = batch.product
    assert product.released.sum() > 30
    for name in PER_LOT:
        assert np.isfinite(getattr(product, name)[product.released]).all(), name
    assert (product.vcn_per_car_cell >= product.vcn_per_cell).all()
    np.testing.assert_allclose(
        product.vein_to_vein[product.released],
        batch.log[-1].day_out[product.released],
        rtol=1e-12,
        atol=0,
    )


def test_cost_lines_add_up(batch: Batch) -> None:
    total = np.sum(list(batch.cost_lines.values()), axis=0)
    np.testing.assert_allclose(total, batch.product.cost, rtol=1e-12, atol=0)  # one sum, two orders


def test_culture_is_one_curve(batch: Batch) -> None:
    culture = batch.culture
    shown = np.isfinite(culture.days)
    both = shown[:, 1:] & shown[:, :-1]
    assert (np.diff(culture.days, axis=1)[both] >= 0).all()
    harvested = {entry.label: entry for entry in batch.log}["expand"].state
    last = np.nanmax(np.where(shown, culture.days, -np.inf), axis=1)
    np.testing.assert_allclose(last, harvested.process_days, rtol=1e-12, atol=0)
    assert ((culture.viability[shown] > 0) & (culture.viability[shown] <= 1)).all()


# quantity, its value, reason for failure, and what its line in the explanation says
FAILURES = [
    ("post_thaw_recovery", 0.6, "low viability", "viability", "< 70 %"),
    ("transduction_dispersion", 0.03, "low receptor expression", "receptor-positive", "< 20 %"),
    ("vector_hits_per_particle", 9.0, "too many vector copies", "vector copies", "> 10 per cell"),
    ("contamination_probability", 1.0, "contamination", "positive sterility tests 1", "> 0"),
    ("maximum_division_rate", 0.01, "poor growth", "expansion", "fold < "),
    ("other_cell_division_rate", 1.5, "low purity", "CD3+ cells", "< 70 %"),
    ("harvest_recovery", 0.001, "below minimum dose", "receptor-positive viable cells", "< "),
]  # fmt: skip


@pytest.mark.parametrize(("quantity", "value", "reason", "measured", "limit"), FAILURES)
def test_failures_say_why(
    quantity: str,
    value: float,
    reason: str,
    measured: str,
    limit: str,
    recipe: Recipe,
    median: Any,
    made: Any,
) -> None:
    numbers = median(recipe, 1)
    numbers[f"manufacture/{quantity}"] = np.array([value])
    batch = made(recipe, numbers)
    product = batch.product
    assert product.failure_reasons[product.failure[0]] == reason
    headline = batch.explain(0).splitlines()[0]
    assert headline.startswith(f"Lot 0 failed on day {batch.decided_day[0]:.0f} for {reason}: ")
    assert measured in headline
    assert limit in headline
    assert np.isnan(product.vein_to_vein[0])
    assert not product.released[0]


def test_a_failed_lot_costs_no_more(recipe: Recipe, median: Any, made: Any) -> None:
    numbers = median(recipe, 2)
    numbers["manufacture/maximum_division_rate"][1] = 0.01
    batch = made(recipe, numbers)
    assert (batch.cost_lines["quality control"] > 0).tolist() == [True, False]
    assert (batch.cost_lines["labour"] > 0).all()
    assert batch.log[-1].day_out[1] == batch.decided_day[1] < batch.decided_day[0]


def test_the_median_donor_gets_a_product(recipe: Recipe, median: Any, made: Any) -> None:
    batch = made(recipe, median(recipe, 1))
    text = batch.explain(0)
    assert batch.product.released[0]
    assert text.startswith("Lot 0 was released: ")
    assert len(text.splitlines()) == 1 + len(recipe.steps)


def test_explains_only_lots_that_exist(batch: Batch) -> None:
    with pytest.raises(SimulationError, match=r"0 lots have number 99; see \.lot"):
        batch.explain(99)
    twice = manufacture(
        batch.recipe,
        {name: np.ones(2) for name in batch.recipe.parameter_ids},
        seed=1,
        draw=np.array([0, 1]),
        lot=np.array([5, 5]),
    )
    with pytest.raises(SimulationError, match="2 lots have number 5; give draw="):
        twice.explain(5)
    assert twice.explain(5, draw=1).startswith("Lot 5 ")


def test_missing_numbers_are_all_named(recipe: Recipe, median: Any) -> None:
    numbers = median(recipe, 1)
    del numbers["manufacture/harvest_recovery"]
    numbers["manufacture/slot_wait"] = np.ones(3)
    one = np.zeros(1, dtype=int)
    with pytest.raises(InputError) as caught:
        manufacture(recipe, numbers, seed=1, draw=one, lot=one)
    assert [problem.field for problem in caught.value.problems] == [
        "manufacture/harvest_recovery",
        "manufacture/slot_wait",
    ]


def test_both_engines_make_the_same_lots(recipe: Recipe, donors: Any) -> None:
    """The engines share no solver; lots agree to a few times the tolerance asked of both."""
    lot = np.arange(12)
    fast, reference = (
        manufacture(
            recipe,
            donors(recipe, lot),
            seed=SEED,
            draw=np.zeros_like(lot),
            lot=lot,
            solver=SolverOptions(rtol=1e-5, engine=engine),
        ).product
        for engine in ("fast", "reference")
    )
    assert np.array_equal(fast.failure, reference.failure)
    assert fast.cells == pytest.approx(reference.cells, rel=1e-3, abs=0.0)
    assert fast.vein_to_vein == pytest.approx(reference.vein_to_vein, abs=0.0, nan_ok=True)


def test_an_unsolved_culture_is_never_a_product(recipe: Recipe, median: Any) -> None:
    two = np.arange(2)
    product = manufacture(
        recipe,
        median(recipe, 2),
        seed=SEED,
        draw=np.zeros_like(two),
        lot=two,
        solver=SolverOptions(rtol=1e-5, max_steps=3),
    ).product
    assert not product.released.any()
    assert {product.failure_reasons[code] for code in product.failure} == {"culture not solved"}
    assert np.isnan(product.cells).all()
    assert np.isnan(product.vein_to_vein).all()
