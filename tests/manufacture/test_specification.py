"""Specifications: what is read, what passes, and what a wrong file is told."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.documents import load_document
from progenitor.errors import CatalogueError, InputError
from progenitor.evidence import Catalogue
from progenitor.manufacture import (
    SpecificationLine,
    load_recipe,
    load_specification,
    with_specification,
)

PUBLISHED = ("ari_0001", "mb_cart20", "tisagenlecleucel_us")
LOTS = 40_000


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_sets_name_their_source(name: str, catalogue: Catalogue) -> None:
    rules = load_specification(catalogue, name)
    assert rules.source in catalogue.sources
    assert rules.locator
    assert all(line.method and line.time_point for line in rules.lines)
    assert all(line.denominator for line in rules.judged)
    assert rules.notes  # what had to be assumed is said


def test_every_specification_loads(catalogue: Catalogue) -> None:
    names = catalogue.names("specifications")
    assert set(PUBLISHED) < set(names)
    for name in names:
        assert load_specification(catalogue, name).judged


def test_limits_are_those_printed(catalogue: Catalogue) -> None:
    """Castella 2018 Table 2; Frontiers in Immunology 15:1328368 Table 1; Blood 134 S1:594."""
    limits = {
        name: {line.quantity: line.limit for line in load_specification(catalogue, name).judged}
        for name in PUBLISHED
    }
    assert limits["ari_0001"] == {
        "contamination": 0.0,
        "viability": 0.7,
        "purity": 0.7,
        "car_fraction": 0.2,
        "vcn_per_cell": 10.0,
        "car_cells": 3.5e7,
    }
    assert limits["mb_cart20"] == {
        "contamination": 0.0,
        "viability": 0.8,
        "purity": 0.8,
        "car_fraction": 0.1,
        "vcn_per_car_cell": 5.0,
    }
    assert limits["tisagenlecleucel_us"] == {
        "contamination": 0.0,
        "viability": 0.8,
        "car_cells": 6e7,
    }


LINES = [
    (SpecificationLine("viability", "V", limit=0.7, cells=500), [0.64, 0.68, 0.7, 0.73]),
    (SpecificationLine("residual_tcr", "T", limit=0.01, cells=5e4, at_least=False), [0.009, 0.011]),
    (SpecificationLine("car_cells", "D", limit=3e7, variation=0.15), [2e7, 3e7, 4e7]),
    (SpecificationLine("vcn_per_cell", "C", limit=5, variation=0.2, at_least=False), [4.0, 6.0]),
    (SpecificationLine("contamination", "S", limit=0, detection=0.9, at_least=False), [0.0, 1.0]),
]


@pytest.mark.parametrize(("line", "values"), LINES, ids=lambda value: str(value)[:30])
def test_power_is_what_simulated_lots_meet(line: SpecificationLine, values: list[float]) -> None:
    """Closed form against 40,000 readings, seed 8; |z| < 4 fails one time in 16,000."""
    random = np.random.Generator(np.random.PCG64(8))
    for value in values:
        truth = np.full(LOTS, value)
        seen = line.seen(truth, random.standard_normal(LOTS), random.random(LOTS))
        passed, expected = line.passes(seen).mean(), line.pass_chance(truth[:1])[0]
        error = max(np.sqrt(expected * (1 - expected) / LOTS), 1e-12)
        assert abs(passed - expected) <= 4 * error


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.integers(10, 100_000))
def test_a_better_lot_is_never_stopped_more_often(first: float, second: float, cells: int) -> None:
    line = SpecificationLine("viability", "V", limit=0.7, cells=cells)
    chance = line.pass_chance(np.array(sorted((first, second))))
    on_one_side = (min(first, second) > 0.7) or (max(first, second) < 0.7)
    if on_one_side or max(first, second) < 0.99:
        assert chance[0] <= chance[1] + 1e-9


def test_exact_methods_have_no_doubt() -> None:
    line = SpecificationLine("car_cells", "D", limit=1e8)
    assert line.pass_chance(np.array([0.99e8, 1e8, 1.01e8])).tolist() == [0.0, 1.0, 1.0]


def test_more_cells_make_a_sharper_test() -> None:
    lot = np.array([0.68])
    few, many = (
        SpecificationLine("viability", "V", limit=0.7, cells=cells) for cells in (100, 10_000)
    )
    assert many.pass_chance(lot)[0] < few.pass_chance(lot)[0] < 0.5


def test_turnaround_is_that_of_the_slowest_line_before_release(catalogue: Catalogue) -> None:
    assert load_specification(catalogue, "ari_0001").turnaround == 7.0
    assert load_specification(catalogue, "mb_cart20").turnaround == 1.0  # sterility comes later


def test_a_post_release_line_stops_nothing(catalogue: Catalogue, donors, made) -> None:  # type: ignore[no-untyped-def]
    rules = load_specification(catalogue, "mb_cart20")
    recipe = with_specification(load_recipe(catalogue, "conventional_car_t"), rules)
    batch = made(recipe, donors(recipe, np.arange(300)))
    entry = next(entry for entry in batch.log if entry.label == "certify")
    copies = next(check for check in entry.checks if check.quantity == "vector copies")
    assert (batch.product.released & ~copies.passed).any()


def test_unknown_line_is_named(catalogue: Catalogue) -> None:
    rules = load_specification(catalogue, "tisagenlecleucel_us")
    with pytest.raises(InputError, match=r"no line for 'purity'.*viability"):
        rules.power("purity", np.array([0.5]))


BROKEN = """\
title: Broken
source: castela_2018
locator: Table 2
lines:
  - {quantity: viability, at_least: 0.7, at_most: 0.9, gate: someday}
  - {quantity: purity, atleast: 0.7}
  - {quantity: car_fraction, at_least: -0.2, consequence: shrug}
"""


def test_lists_every_problem(catalogue: Catalogue) -> None:
    document = load_document(BROKEN, name="broken.yaml")
    entries = {**catalogue.entries, "specifications": {"broken": document}}
    with pytest.raises(CatalogueError) as caught:
        load_specification(replace(catalogue, entries=entries), "broken")
    lines = [str(problem) for problem in caught.value.problems]
    for words in (
        "broken.yaml:2: source: unknown source 'castela_2018'",
        "unknown gate 'someday'",
        "'viability' has 2 limits",
        "unknown field 'atleast'",
        "'purity' has 0 limits",
        "at_least is -0.2",
        "unknown consequence 'shrug'",
    ):
        assert any(words in line for line in lines), (words, lines)
