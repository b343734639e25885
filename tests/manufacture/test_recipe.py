"""Recipes: what they need, and everything that is wrong with a broken one at once."""

import pytest

from progenitor.documents import load_document
from progenitor.errors import CatalogueError
from progenitor.evidence import Catalogue
from progenitor.manufacture import Recipe, load_recipe
from progenitor.manufacture._recipe_reader import read_recipe

BROKEN = """\
recipe: broken
titel: Broken
settings:
  perfusion: 1 1/day
steps:
  - step: apherisis
  - step: ship
    settings: {duration: 1 USD, cost: manufacture/cost_transprot}
  - step: queue
    settings: {duration: manufacture/cost_transport, wait: 1 day}
  - step: queue
    settings: {duration: 1 week}
  - step: thaw
"""


def test_every_number_is_in_the_catalogue(recipe: Recipe, catalogue: Catalogue) -> None:
    assert recipe.parameter_ids == tuple(sorted(set(recipe.parameter_ids)))
    for name in recipe.parameter_ids:
        assert catalogue.parameter(name).used is not None, name


def test_lot_carries_the_recipe_name(recipe: Recipe, catalogue: Catalogue) -> None:
    assert load_recipe(catalogue, recipe.name) == recipe


def test_failure_codes_have_words(recipe: Recipe) -> None:
    assert recipe.failure_reasons[0] == "none"
    assert len(set(recipe.failure_reasons)) == len(recipe.failure_reasons) > 5


def test_steps_come_in_the_order_of_manufacture(recipe: Recipe) -> None:
    names = [entry.step.name for entry in recipe.steps]
    order = [
        "apheresis", "ship", "queue", "enrich", "activate", "transduce", "expand", "harvest",
        "cryopreserve", "quality_control", "release", "ship", "queue", "thaw",
    ]  # fmt: skip
    assert names == order


def test_lists_every_problem_of_a_broken_recipe(catalogue: Catalogue) -> None:
    document = load_document(BROKEN, name="broken.yaml")
    with pytest.raises(CatalogueError) as caught:
        read_recipe(catalogue, document)
    lines = [str(problem) for problem in caught.value.problems]
    expected = [
        "broken.yaml:1: 'title' is missing",
        "broken.yaml:2: titel: unknown field 'titel'. Fix: did you mean 'title'?",
        "broken.yaml:6: steps.0: unknown step 'apherisis'. Fix: did you mean 'apheresis'?",
        "broken.yaml:8: steps.1.settings.duration:",
        "unknown parameter 'manufacture/cost_transprot'. Fix: did you mean",
        "broken.yaml:10: steps.2.settings.wait: step 'queue' has no setting 'wait'",
        "broken.yaml:10: steps.2.settings.duration: 'manufacture/cost_transport' is in USD",
        "broken.yaml:13: steps.4: step 'thaw' needs the setting 'duration' in day",
        "broken.yaml:5: steps: two steps are called 'queue'",
        "broken.yaml:4: settings.perfusion: no step has a setting 'perfusion'",
    ]
    for words in expected:
        assert any(words in line for line in lines), f"{words!r} not in {lines}"
    assert len(lines) == len(expected)


def test_unknown_recipe_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match="tscm_car_t"):
        load_recipe(catalogue, "tscm_cart")
