"""Recipes whose every word is known and that no plant could follow."""

import pytest

from progenitor.documents import load_document
from progenitor.errors import CatalogueError
from progenitor.evidence import Catalogue
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
    ],
)
def test_is_refused_with_the_reason(steps: str, said: str, catalogue: Catalogue) -> None:
    document = load_document(f"recipe: a\ntitle: A\nsteps:\n{steps}", name="a.yaml")
    with pytest.raises(CatalogueError) as caught:
        read_recipe(catalogue, document)
    assert len(caught.value.problems) == 1
    assert said in str(caught.value)
    assert caught.value.problems[0].line


def test_a_short_process_is_possible(catalogue: Catalogue) -> None:
    text = f"recipe: a\ntitle: A\nsteps:\n{APHERESIS}{HARVEST}"
    _, steps = read_recipe(catalogue, load_document(text, name="a.yaml"))
    assert [step.label for step in steps] == ["apheresis", "harvest"]
