"""Cost of a dose against the formula written out."""

from dataclasses import replace

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.manufacture import (
    BATCH_LINES,
    DOSE_LINES,
    Batch,
    charged_lines,
    dose_cost,
    doses_of,
    load_recipe,
    split_cost,
    with_settings,
)


@pytest.fixture(scope="module")
def batch(catalogue, donors, made) -> Batch:  # type: ignore[no-untyped-def]
    recipe = load_recipe(catalogue, "edited_allogeneic_car_t")
    return made(recipe, donors(recipe, np.arange(80)))


def test_is_the_formula_of_a_bank(batch: Batch) -> None:
    """Collection, journey to the plant and run are shared by the doses; the delivery is not."""
    spent = {entry.label: entry.spent for entry in batch.log}
    delivery = spent["ship_to_hospital"]["transport"]
    lines, released = batch.cost_lines, batch.product.released
    whole = sum(lines.values()) - delivery + lines["facility"] * (1 / 0.8 - 1)
    doses, success = batch.log[-1].state.doses, released.mean()
    expected = whole / (doses * success) + delivery
    total = sum(dose_cost(batch, utilisation=0.8).values())
    # the same sum in another order
    np.testing.assert_allclose(total[released], expected[released], rtol=1e-12, atol=0)
    assert np.isnan(total[~released]).all()


def test_is_the_formula_of_an_autologous_product(catalogue, donors, made) -> None:  # type: ignore[no-untyped-def]
    """One dose a lot: every attempt pays its collection, only a released dose its delivery."""
    recipe = load_recipe(catalogue, "conventional_car_t")
    batch = made(recipe, donors(recipe, np.arange(500)))
    released = batch.product.released
    assert 0 < released.sum() < released.size
    delivery = {entry.label: entry.spent for entry in batch.log}["ship_to_hospital"]["transport"]
    expected = (batch.product.cost - delivery) / released.mean() + delivery
    found = dose_cost(batch)
    total = sum(found.values())
    np.testing.assert_allclose(total[released], expected[released], rtol=1e-12, atol=0)
    collected = batch.cost_lines["apheresis"] / released.mean()
    np.testing.assert_allclose(found["apheresis"][released], collected[released], rtol=0, atol=0)


def test_by_hand() -> None:
    """Two lots of which one fails: (90 + 10) / (4 doses x 1/2) + 7."""
    bill = {
        "materials": np.array([90.0, 40.0]),
        "apheresis": np.array([10.0, 10.0]),
        "delivery": np.array([7.0, 0.0]),
    }
    found = charged_lines(bill, doses=np.array([4.0, 1.0]), released=np.array([True, False]))
    assert {name: float(amount[0]) for name, amount in found.items()} == {
        "materials": 45.0,
        "apheresis": 5.0,
        "delivery": 7.0,
    }


def test_the_split_loses_no_money(batch: Batch) -> None:
    total = sum(split_cost(batch).values())
    np.testing.assert_allclose(total, batch.product.cost, rtol=1e-12, atol=0)


def test_twice_the_doses_of_a_bank_halve_what_they_share(catalogue, donors, made) -> None:  # type: ignore[no-untyped-def]
    """Bags of half as many cells: run and collection of a dose nearly halve, delivery stays.

    Not quite: half a bag may be left over, and each bag costs.
    """
    recipe = load_recipe(catalogue, "car_gmp")
    numbers = donors(recipe, np.arange(60))
    (dose,) = (step.constants["dose"] for step in recipe.steps if step.label == "fill")
    halved = with_settings(recipe, {"fill": {"dose": dose / 2, "maximum_doses": 200}})
    one, two = made(recipe, numbers), made(halved, numbers)
    both = one.product.released & two.product.released & (doses_of(one) >= 4)
    ratio = doses_of(two)[both] / doses_of(one)[both]
    assert both.sum() > 20
    assert ((ratio >= 2) & (ratio <= 2.25)).all()
    costs = dose_cost(one), dose_cost(two)
    for line in ("apheresis", "facility", "quality control", "vector"):
        share = costs[1][line][both] / costs[0][line][both]
        success = two.product.released.mean() / one.product.released.mean()
        np.testing.assert_allclose(share * ratio * success, 1.0, rtol=1e-12, atol=0)
    shared = [
        sum(amount[both] for line, amount in cost.items() if line in BATCH_LINES) for cost in costs
    ]
    assert (np.abs(shared[1] / shared[0] - 0.5) < 0.08).all()
    assert (costs[1]["delivery"][both] == costs[0]["delivery"][both]).all()


def test_every_line_is_charged_once(batch: Batch) -> None:
    assert not set(BATCH_LINES) & set(DOSE_LINES)
    assert set(batch.cost_lines) <= set(BATCH_LINES)
    assert set(dose_cost(batch)) == {*batch.cost_lines, *DOSE_LINES}


def test_failures_make_doses_dearer(batch: Batch) -> None:
    lot = batch.product
    fewer = lot.released & (np.arange(len(lot.lot)) % 2 == 0)
    failed = np.where(fewer, 0, np.where(lot.failure > 0, lot.failure, 1))
    half = replace(batch, product=replace(lot, released=fewer, failure=failed))
    once, again = (dose_cost(made)["materials"][fewer] for made in (batch, half))
    assert (again > 1.5 * once).all()


@pytest.mark.parametrize("utilisation", [0.0, -1.0, 1.5])
def test_utilisation_is_a_share(batch: Batch, utilisation: float) -> None:
    with pytest.raises(InputError, match="utilisation is"):
        dose_cost(batch, utilisation=utilisation)
