"""Cost of a dose against the formula written out."""

from dataclasses import replace

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.manufacture import BATCH_LINES, DOSE_LINES, Batch, dose_cost, load_recipe


@pytest.fixture(scope="module")
def batch(catalogue, donors, made) -> Batch:  # type: ignore[no-untyped-def]
    recipe = load_recipe(catalogue, "edited_allogeneic_car_t")
    return made(recipe, donors(recipe, np.arange(80)))


def test_is_the_formula(batch: Batch) -> None:
    lines, released = batch.cost_lines, batch.product.released
    shared = sum(lines[name] for name in BATCH_LINES if name in lines and name != "facility")
    doses, success = batch.log[-1].state.doses, released.mean()
    expected = (shared + lines["facility"] / 0.8) / (doses * success)
    expected = expected + lines["apheresis"] + lines["transport"]
    total = sum(dose_cost(batch, utilisation=0.8).values())
    # the same sum in another order
    np.testing.assert_allclose(total[released], expected[released], rtol=1e-12, atol=0)
    assert np.isnan(total[~released]).all()


def test_every_line_is_charged_once(batch: Batch) -> None:
    assert not set(BATCH_LINES) & set(DOSE_LINES)
    assert set(batch.cost_lines) <= {*BATCH_LINES, *DOSE_LINES}
    assert set(dose_cost(batch)) == set(batch.cost_lines)


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
