"""Pages of lots and of better settings: whole, escaped, loading nothing from elsewhere."""

from pathlib import Path

import pytest

from progenitor.evidence import default_catalogue
from progenitor.manufacture import load_recipe
from progenitor.report import (
    render_manufacturing_report,
    render_optimisation_report,
    write_manufacturing_report,
    write_optimisation_report,
)
from progenitor.study import Optimisation, OptimiseSection, optimise_recipe, sample_lots

CATALOGUE = default_catalogue()


@pytest.fixture(scope="module")
def found() -> Optimisation:
    small = OptimiseSection(candidates=14, draws=3, patients_per_draw=6, patients_to_confirm=6)
    return optimise_recipe(CATALOGUE, load_recipe(CATALOGUE, "car_gmp"), section=small, seed=1)


def test_the_page_of_a_search_shows_front_and_recipe(found: Optimisation, tmp_path: Path) -> None:
    source = tmp_path / "a<b>.yaml"
    source.write_text("x", "utf-8")
    page = render_optimisation_report(found, source=source)
    assert page.count("<svg") == 2
    assert "As shipped" in page
    assert "a&lt;b&gt;.yaml" in page
    assert "http" not in page.replace("http://www.w3.org/", "")
    for note in found.notes:
        assert note[:30] in page
    path = write_optimisation_report(found, tmp_path / "new" / "front.html", source=source)
    assert path.read_text("utf-8") == page


def test_lots_of_two_products_stand_on_one_page(tmp_path: Path) -> None:
    recipe = load_recipe(CATALOGUE, "rapid_car_t")
    batches = {name: sample_lots(CATALOGUE, recipe, lots=12, seed=1) for name in ("a", "b")}
    page = write_manufacturing_report(batches, tmp_path / "m.html", seed=1).read_text("utf-8")
    assert f"{recipe.title} (a)" in page
    assert f"{recipe.title} (b)" in page


@pytest.mark.parametrize("name", ["tscm_car_t", "car_gmp", "hsc_t"])
def test_the_page_of_lots_stands_for_every_recipe(name: str) -> None:
    batch = sample_lots(CATALOGUE, load_recipe(CATALOGUE, name), lots=12, seed=1)
    page = render_manufacturing_report({"made": batch}, seed=1)
    assert page.count("<svg") == 5  # two of them are costs
    assert "http" not in page.replace("http://www.w3.org/", "")
    assert ">nan<" not in page.lower()
