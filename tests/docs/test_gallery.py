"""The gallery: each model has a page with figure, numbers beside the paper's, and ledger."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from progenitor.evidence import default_catalogue
from progenitor.library import library_models, reproduction

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def gallery() -> ModuleType:
    sys.path.insert(0, str(DOCS))
    try:
        import gallery_pages
    finally:
        sys.path.remove(str(DOCS))
    return gallery_pages


@pytest.mark.parametrize("name", library_models())
def test_a_model_has_its_page(name: str, gallery: ModuleType, tmp_path: Path) -> None:
    model, rows = library_models()[name], reproduction(name, patients=20)
    page = gallery.model_page(model, rows, default_catalogue(), tmp_path)
    assert page.startswith(f"# {default_catalogue().table(name).title}\n")
    assert (tmp_path / f"{name}.svg").stat().st_size > 1_000
    for row in rows:
        assert row.title in page, "a number of the paper is not on the page"
    misses = sum(row.compared and not row.near for row in rows)
    assert page.count("\u00a0▲**") == misses, "a miss is not marked"
    for record in default_catalogue().table(name).parameters.values():
        assert f"`{record.leaf}`" in page
    for part in ("## Published and ours", "## Equations", "## Numbers", "## Run and cite it"):
        assert part in page
    assert f"progenitor models simulate library:{name}" in page
    assert f"@article{{{default_catalogue().table(name).source}," in page


def test_the_index_counts_what_is_compared_and_what_agrees(gallery: ModuleType) -> None:
    rows = {name: reproduction(name, patients=20) for name in library_models()}
    page = gallery.index_page(rows, default_catalogue())
    for name in library_models():
        assert f"({name}.md)" in page
    told = sum(row.compared for found in rows.values() for row in found)
    assert f"report {told} are compared" in page


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (24_000.0, "24\u202f000 cell"),
        (0.0032, "0.0032 cell"),
        (2.05e9, "2.05 × 10⁹ cell"),
        (1.5e-9, "1.5 × 10⁻⁹ cell"),
        (-0.925, "-0.925 cell"),
        (0.0, "0 cell"),
        (float("nan"), "–"),
    ],
)
def test_numbers_are_written_to_be_read(value: float, expected: str, gallery: ModuleType) -> None:
    assert gallery.number(value, "cell") == expected
