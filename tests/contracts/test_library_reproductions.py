"""Every published model is compared with its paper: a value for each number, or the reason why not.

What the ratios must be stands in the test of each model; here nothing is left out silently.
"""

import importlib
import math
from types import ModuleType

import pytest

from progenitor.evidence import default_catalogue
from progenitor.library import find_model, library_models, reproduction

NAMES = tuple(library_models())


def module_of(name: str) -> ModuleType:
    return importlib.import_module(f"progenitor.library.models.{name}")


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_the_paper_is_compared_or_says_why_not(name: str) -> None:
    rows = reproduction(name)
    table = default_catalogue().table(name)
    assert [row.symbol for row in rows] == list(table.observed)
    silent = [row.symbol for row in rows if not row.compared and not row.note]
    assert not silent, f"no value and no reason: {silent}"
    vague = [row.symbol for row in rows if math.isnan(row.published) and not row.low <= row.high]
    assert not vague, f"neither a number nor a range: {vague}"


@pytest.mark.parametrize("name", NAMES)
def test_a_model_reproduces_something(name: str) -> None:
    assert find_model(name).reproduces
    near = [row.symbol for row in reproduction(name) if row.near]
    assert near, "none of the paper's numbers is reproduced"


@pytest.mark.parametrize("name", NAMES)
def test_variants_and_reasons_belong_to_numbers_that_are_there(name: str) -> None:
    table, module = default_catalogue().table(name), module_of(name)
    places = getattr(module, "OBSERVED_VARIANTS", {})
    assert set(places) <= set(table.observed)
    assert set(places.values()) <= set(table.variants)
    for begin, why in getattr(module, "NOT_READ", {}).items():
        assert any(symbol.startswith(begin) for symbol in table.observed), begin
        assert why
