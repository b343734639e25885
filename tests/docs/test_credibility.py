"""The credibility page: predicted and fitted apart, misses marked, nothing typed by hand."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from progenitor.evidence import default_catalogue
from progenitor.inference import load_fit

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "docs" / "science" / "credibility.json"
SCENES = sorted((ROOT / "studies" / "credibility").glob("*.yaml"))


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import credibility_pages
    finally:
        sys.path.remove(str(ROOT / "docs"))
    return credibility_pages


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    found = json.loads(RESULTS.read_text("utf-8"))
    return [row for scene in found["scenes"] for row in scene["rows"]]


def test_every_row_and_every_miss_stands_on_the_page(pages: ModuleType, rows: list[dict]) -> None:
    page = pages.credibility_page(RESULTS)
    assert all(f"`{row['id']}`" in page for row in rows)
    misses = sum(not 0.8 <= row["ratio"] <= 1.25 for row in rows if row["ratio"] is not None)
    assert page.count("\u00a0▲**") == misses > 0


def test_a_verification_miss_has_a_reason(rows: list[dict]) -> None:
    silent = [
        row["id"]
        for row in rows
        if row["stands"] == "predicted" and not 0.5 <= row["ratio"] <= 2.0 and not row["note"]
    ]
    assert not silent, f"say in the scene's file why these are missed: {silent}"


@pytest.mark.parametrize("path", SCENES, ids=lambda path: path.stem)
def test_the_results_are_of_the_scenes_as_they_stand(path: Path) -> None:
    """The list of records, their published values and roles are those of the catalogue now."""
    file = load_fit(path, default_catalogue(), fitted=False)
    found = json.loads(RESULTS.read_text("utf-8"))
    (scene,) = (one for one in found["scenes"] if one["file"] == path.name)
    assert [row["id"] for row in scene["rows"]] == [one.parameter_id for one in file.beside]
    for row, target in zip(scene["rows"], file.beside, strict=True):
        assert row["published"] == pytest.approx(target.value, rel=1e-5)
        assert (row["stands"] == "predicted") == (target.role == "verification")


def test_stale_results_say_so(pages: ModuleType, tmp_path: Path) -> None:
    found = json.loads(RESULTS.read_text("utf-8"))
    found["catalogue"] = "another"
    found["scenes"][0]["model"] = "another"
    path = tmp_path / "credibility.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    page = pages.credibility_page(path)
    assert "**Changed since these results were made: catalogue" in page
    assert default_catalogue().content_hash in page
    assert f"model of `{found['scenes'][0]['body']}`" in page
