"""Every registered step keeps the contract of a step."""

import numpy as np
import pytest

from progenitor.evidence import Catalogue
from progenitor.manufacture import Batch, Recipe, Step, registered_steps
from progenitor.units import dimension


@pytest.mark.parametrize("name", sorted(registered_steps()))
def test_declares_what_it_needs(name: str, catalogue: Catalogue) -> None:
    step: Step = registered_steps()[name]
    assert step.name == name
    assert step.title
    assert step.run.__doc__
    for parameter in step.parameters:
        assert catalogue.parameter(parameter).used is not None
    for setting in step.settings:
        dimension(setting.unit)
    assert len({setting.name for setting in step.settings}) == len(step.settings)


@pytest.fixture(scope="module")
def batch(recipe: Recipe, donors, made) -> Batch:  # type: ignore[no-untyped-def]
    return made(recipe, donors(recipe, np.arange(60)))


def test_spends_only_on_declared_lines(batch: Batch, recipe: Recipe) -> None:
    for entry, logged in zip(recipe.steps, batch.log, strict=True):
        assert set(logged.spent) <= set(entry.step.cost_lines), entry.label
        assert all((amount >= 0).all() for amount in logged.spent.values())


def test_time_never_runs_backwards(batch: Batch) -> None:
    for entry in batch.log:
        assert (entry.day_out >= entry.day_in).all(), entry.label


def test_only_culture_and_apheresis_make_cells(batch: Batch) -> None:
    for entry in batch.log:
        assert (entry.gained > 0).any() == (entry.label in {"apheresis", "activate", "expand"})


def test_cells_balance_over_the_whole_process(batch: Batch) -> None:
    gained = sum(entry.gained for entry in batch.log)
    lost = sum(amount for entry in batch.log for amount in entry.lost.values())
    left = batch.log[-1].state.viable
    # each step is exact to 1e-6 of the cells it handled
    np.testing.assert_allclose(gained - lost, left, rtol=0, atol=1e-5 * gained.max())
