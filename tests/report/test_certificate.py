"""The certificate of analysis: every line, the verdict, and nothing from elsewhere."""

import re
from pathlib import Path

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.manufacture import (
    Batch,
    Genealogy,
    load_recipe,
    load_specification,
    lot_events,
    manufacture,
    with_specification,
)
from progenitor.report import render_certificate, write_certificate


@pytest.fixture(scope="module")
def batch() -> Batch:
    """Lot 0 of the median donor, lot 1 of one whose cells do not survive freezing."""
    catalogue, lot = default_catalogue(), np.arange(2)
    rules = load_specification(catalogue, "ari_0001")
    recipe = with_specification(load_recipe(catalogue, "conventional_car_t"), rules)
    records = {name: catalogue.parameter(name).used for name in recipe.parameter_ids}
    numbers = {name: np.full(2, used.median) for name, used in records.items() if used}
    numbers["manufacture/post_thaw_recovery"][1] = 0.4
    return manufacture(recipe, numbers, seed=1, draw=np.zeros_like(lot), lot=lot)


def cells(page: str) -> list[str]:
    found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page, re.DOTALL)
    return [" ".join(text.split()) for text in found]


def test_lists_every_line_of_the_specification(batch: Batch) -> None:
    page = render_certificate(batch, 0)
    rules = batch.recipe.specification
    assert rules is not None
    assert all(line.title in cells(page) for line in rules.lines)
    assert cells(page).count("not simulated") == len(rules.lines) - len(rules.judged)
    assert "Released on day" in page
    assert "fails" not in cells(page)
    assert "castella_2018" in page


def test_says_what_failed(batch: Batch) -> None:
    page = render_certificate(batch, 1)
    assert "Not released: low viability" in page
    assert cells(page).count("fails") >= 1
    assert re.search(r"≥ 70(\.0)?.%", page)


def test_names_its_genealogy(batch: Batch) -> None:
    log = Genealogy().added(*lot_events(batch, recipients={0: ("<Ada & Co>",)}))
    page = render_certificate(batch, 0, history=log.history("conventional_car_t-0"))
    assert "COL-0" in cells(page)
    assert "&lt;Ada &amp; Co&gt;" in page
    assert "<Ada" not in page


def test_loads_nothing_from_elsewhere(batch: Batch, tmp_path: Path) -> None:
    path = write_certificate(batch, 0, tmp_path / "deep" / "certificate.html")
    page = path.read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert not re.search(r"(src|href)=[\"']https?:", page)
    assert "certifies nothing about real cells" in page


def test_an_unknown_lot_is_refused(batch: Batch) -> None:
    with pytest.raises(InputError, match="0 lots have number 7"):
        render_certificate(batch, 7)
