"""Recipes whose every word is known and that no plant could follow."""

import pytest

from progenitor.documents import load_document
from progenitor.errors import CatalogueError, InputError
from progenitor.evidence import Catalogue
from progenitor.manufacture import load_recipe, with_settings
from progenitor.manufacture._recipe_reader import read_recipe

APHERESIS = "  - step: apheresis\n    settings: {duration: 1 day, cost: 100 USD}\n"
HARVEST = "  - step: harvest\n    settings: {duration: 0 day, cost: 10 USD}\n"
DEPLETE = """\
  - step: deplete
    settings: {locus: trac, residual: 0.01, recovery: 0.8, duration: 0 day, cost: 1 USD}
"""
RELEASE = """\
  - step: release
    settings:
      minimum_viability: 0.7
      minimum_purity: 0.7
      minimum_car_fraction: 0.2
      maximum_vector_copies: 5 copy/cell
      minimum_car_cells: 1e7 cell
      duration: 1 day
      cost: 10 USD
"""
CERTIFY = """\
  - step: certify
    settings: {recovery: 0.9, duration: 1 day, cost: 1 USD, release_cost: 1 USD}
"""
BANK = """\
  - step: bank
    settings: {duration: 1 day, minimum_doses: 1, storage_cost: 1 USD/day}
"""
ISOLATE = """\
  - step: isolate
    settings: {kind: hcs, recovery: 1, purity: 1, seed_cells: 1 cell, duration: 0 day, cost: 1 USD}
"""
FREEZE = "  - step: cryopreserve\n    settings: {duration: 0.5 day, cost: 1 USD}\n"
THAW = "  - step: thaw\n    settings: {duration: 0 day}\n"
DIFFERENTIATE = """\
  - step: differentiate
    settings:
      path: [monocyte, macrophage]
      duration: 7 day
      mean_time: 5 day
      stages: 8
      fold: 1
      survival: 0.5
      cost: 1 USD
      medium_cost: 1 USD/day
      labour_cost: 1 USD/day
      facility_cost: 1 USD/day
"""
ENRICH = """\
  - step: enrich
    settings:
      recovery: 0.5
      purity: 0.9
      differentiated_carryover: 1
      seed_cells: 1e8 cell
      duration: 0 day
      cost: 1 USD
"""
MEASURE = """\
  - step: quality_control
    settings: {duration: 1 day, cells_counted: 500, cells_gated: 5000, cost: 1 USD}
"""


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (HARVEST, "'harvest' comes before any cells were collected"),
        (APHERESIS + APHERESIS.replace("apheresis", "apheresis\n    label: again"), "second time"),
        (APHERESIS + DEPLETE, "looks for 'trac', which nothing cut"),
        (APHERESIS + RELEASE, "judges what was not measured"),
        (APHERESIS + CERTIFY, "has nothing to judge by"),
        (APHERESIS + BANK, "keeps doses that were not filled"),
        (APHERESIS + ISOLATE, "unknown word 'hcs'. Fix: did you mean 'hsc'"),
        (APHERESIS.replace("100 USD", "-100 USD"), "'-100 USD' is below zero"),
        (APHERESIS.replace("1 day", "-1 day"), "'-1 day' is below zero"),
        (APHERESIS.replace("1 day", "1e30 day"), "'1e30 day' is above 36525 day"),
        (APHERESIS.replace("1 day", "1 USD"), "'1 USD' is not in day"),
        (APHERESIS + ENRICH.replace("0.5", "1.5"), "'1.5' is above 1"),
        (APHERESIS + ENRICH.replace("0.9", "0"), "'0' is zero"),
        (APHERESIS + MEASURE.replace("500,", "0,"), "'0' is zero"),
        (APHERESIS + DIFFERENTIATE.replace("stages: 8", "stages: 0"), "'0' is zero"),
        (APHERESIS + DIFFERENTIATE.replace(", macrophage]", "]"), "from one kind to one"),
        (APHERESIS + DIFFERENTIATE.replace("[monocyte, macrophage]", "[]"), "needs the words"),
        (APHERESIS + THAW, "thaws what was not frozen"),
        (APHERESIS + FREEZE + HARVEST, "'harvest' works on frozen cells"),
        (APHERESIS + MEASURE + RELEASE + HARVEST, "comes after the lot was released"),
        (APHERESIS.replace("{duration", "[{duration").replace("USD}", "USD}]"), "not a mapping"),
    ],
)
def test_is_refused_with_the_reason(steps: str, said: str, catalogue: Catalogue) -> None:
    document = load_document(f"recipe: a\ntitle: A\nsteps:\n{steps}", name="a.yaml")
    with pytest.raises(CatalogueError) as caught:
        read_recipe(catalogue, document)
    missing = [one for one in caught.value.problems if "needs the setting" in one.message]
    assert len(caught.value.problems) - len(missing) == 1
    assert said in str(caught.value)
    assert caught.value.problems[0].line


def test_a_short_process_is_possible(catalogue: Catalogue) -> None:
    text = f"recipe: a\ntitle: A\nsteps:\n{APHERESIS}{HARVEST}"
    _, steps = read_recipe(catalogue, load_document(text, name="a.yaml"))
    assert [step.label for step in steps] == ["apheresis", "harvest"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("steps: 3", "'steps' is not a list"),
        ("settings: [1]", "'settings' is not a mapping"),
        ("numbers: text", "'numbers' is not a mapping"),
    ],
)
def test_a_section_of_another_kind_is_told(change: str, said: str, catalogue: Catalogue) -> None:
    steps = "" if change.startswith("steps") else f"steps:\n{APHERESIS}"
    document = load_document(f"recipe: a\ntitle: A\n{change}\n{steps}", name="a.yaml")
    with pytest.raises(CatalogueError, match=said):
        read_recipe(catalogue, document)


def test_a_culture_ends_after_it_may_and_is_looked_at_in_reason(catalogue: Catalogue) -> None:
    for change, said in (
        ({"maximum_duration": "2 day"}, "lasts 7 days at least and 2 at most"),
        ({"look_interval": "1e-6 day"}, "is looked at more than 1000 times"),
    ):
        text = f"recipe: a\ntitle: A\nextends: conventional_car_t\nchange: {{expand: {change}}}\n"
        with pytest.raises(CatalogueError, match=said):
            read_recipe(catalogue, load_document(text, name="a.yaml"))


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0])
def test_no_setting_of_any_recipe_takes_a_number_that_is_none(
    bad: float, catalogue: Catalogue
) -> None:
    for name in catalogue.names("recipes"):
        recipe = load_recipe(catalogue, name)
        for step in recipe.steps:
            for setting in (*step.constants, *step.references):
                with pytest.raises(InputError) as caught:
                    with_settings(recipe, {step.label: {setting: bad}})
                assert len(caught.value.problems) == 1


def test_a_share_above_one_is_refused_in_a_search_too(catalogue: Catalogue) -> None:
    recipe = load_recipe(catalogue, "car_gmp")
    with pytest.raises(InputError, match=r"fill\.loss is 1\.5, which is above 1"):
        with_settings(recipe, {"fill": {"loss": 1.5}})
