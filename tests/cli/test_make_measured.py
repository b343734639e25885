"""`progenitor make` of a product whose composition was measured."""

import json
from pathlib import Path

import pytest

from progenitor.cli import main
from progenitor.errors import StudyError
from progenitor.evidence import default_catalogue
from progenitor.product import MeasuredComposition
from progenitor.study import Study, make_lots, optimise_process, template_path

TEXT = template_path("tscm_vs_cart_dlbcl").read_text("utf-8")
CHASSIS = "    chassis: tscm_car_t\n"
FILE = 'quadrants: [90, 20, 6, 4]\nstem_memory: [30, 60]\nsource: "lot7.fcs"\n'


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "lot7.yaml").write_text(FILE, "utf-8")
    path = tmp_path / "study.yaml"
    path.write_text(TEXT.replace(CHASSIS, f"{CHASSIS}    composition: lot7.yaml\n"), "utf-8")
    return path


def made(capfd: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["make", *words, "--lots", "300", "--json"]) == 0
    answer: dict[str, object] = json.loads(capfd.readouterr().out)
    return answer


def test_composition_is_what_was_measured_and_the_rest_is_made(
    study: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plain = tmp_path / "plain.yaml"
    plain.write_text(TEXT, "utf-8")
    measured = made(capfd, str(study), "--product", "tscm")
    predicted = made(capfd, str(plain), "--product", "tscm")
    assert measured["composition"] == {"origin": "measured", "source": "lot7.fcs"}
    assert predicted["composition"] == {"origin": "predicted", "source": None}
    mean = MeasuredComposition((90.0, 20.0, 6.0, 4.0), (30.0, 60.0)).mean
    share = measured["percentiles"]["tscm_fraction"]  # type: ignore[index]
    # the median of a beta of 120 events lies within 0.02 of its mean
    assert share["p50"] == pytest.approx(mean[0] + mean[1], abs=0.02)
    assert 0.03 < share["p95"] - share["p5"] < 0.25
    for name in ("car_cells", "viability", "vcn_per_cell", "cost_per_dose", "vein_to_vein"):
        same = [one["percentiles"][name] for one in (measured, predicted)]  # type: ignore[index]
        assert same[0]["p50"] == pytest.approx(same[1]["p50"], rel=1e-12, abs=0)


def test_library_and_command_agree(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    loaded = Study.load(study)
    lots = make_lots(loaded, product="tscm", lots=300, seed=loaded.seed)
    said = made(capfd, str(study), "--product", "tscm")["percentiles"]
    assert said["tcm_fraction"]["p50"] == lots.percentiles["tcm_fraction"].p50  # type: ignore[index]


def test_text_and_page_say_that_it_was_measured(
    study: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    words = ["make", str(study), "--product", "tscm", "--lots", "40", "--report", str(page)]
    assert main(words) == 0
    assert "The composition was measured (lot7.fcs)" in capfd.readouterr().out
    assert "The composition of the lots was measured (lot7.fcs)" in page.read_text("utf-8")


def test_the_search_refuses_and_names_line_and_fix(
    study: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["make", str(study), "--product", "tscm", "--optimise"]) != 0
    said = capfd.readouterr().err
    line = study.read_text("utf-8").splitlines().index("    composition: lot7.yaml") + 1
    assert f":{line}: products.tscm.composition" in said
    assert "Fix: take 'composition:' out" in said
    assert "1 problem" in said
    with pytest.raises(StudyError, match="was measured"):
        optimise_process(Study.load(study), catalogue=default_catalogue(), product="tscm")


def test_only_a_t_cell_product_can_have_one(study: Path) -> None:
    text = study.read_text("utf-8").replace("recipe: tscm_car_t", "recipe: car_gmp")
    problems = Study.parse(text, path=study).check(default_catalogue())
    (found,) = (one for one in problems if one.field == "products.tscm.composition")
    assert "makes gmp" in found.message
    assert found.line


def test_the_lots_of_another_product_of_the_recipe_are_left_alone(study: Path) -> None:
    """Two products by one recipe, one of them measured: each arm holds its own."""
    from progenitor.study._chunk import Chunk
    from progenitor.study._plan import Plan
    from progenitor.study._simulate import simulate_chunk

    text = study.read_text("utf-8").replace("recipe: conventional_car_t", "recipe: tscm_car_t")
    plan = Plan(Study.parse(text, path=study).file, 5, (0,), default_catalogue().path)
    rows = simulate_chunk(plan, Chunk(0, 0, 8)).outcomes
    shares = [rows["lot_tscm"][rows["arm"] == arm] for arm in (0, 1)]
    assert (shares[0] != shares[1]).all()
