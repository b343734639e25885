"""`progenitor make` of recipes, and `progenitor recall`."""

import json
from pathlib import Path

import pytest

from progenitor.cli import main

STUDY = Path(__file__).parents[2] / "studies" / "tscm_vs_cart_dlbcl.yaml"
KEYS = {"product", "lots", "released_fraction", "percentiles", "failures", "seconds"}


def made(capfd: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["make", *words, "--json"]) == 0
    answer: dict[str, object] = json.loads(capfd.readouterr().out)
    return answer


@pytest.mark.parametrize("recipe", ["car_gmp", "conventional_car_t", "hsc_t"])
def test_a_recipe_needs_no_study(recipe: str, capfd: pytest.CaptureFixture[str]) -> None:
    answer = made(capfd, "--recipe", recipe, "--lots", "60")
    assert set(answer) >= KEYS
    assert (answer["product"], answer["lots"]) == (recipe, 60)
    lost = sum(answer["failures"].values())  # type: ignore[attr-defined]
    assert answer["released_fraction"] + lost == pytest.approx(1, rel=1e-12)  # type: ignore[operator]
    for of in answer["percentiles"].values():  # type: ignore[attr-defined]
        assert set(of) >= {"p5", "p50", "p95", "unit"}
        assert of["p5"] <= of["p50"] <= of["p95"]


def test_study_and_recipe_make_the_same_lots(capfd: pytest.CaptureFixture[str]) -> None:
    seeds = ("--seed", "11", "--lots", "40")
    from_study = made(capfd, str(STUDY), "--product", "tscm", *seeds)
    from_recipe = made(capfd, "--recipe", "tscm_car_t", *seeds)
    assert from_study["percentiles"] == from_recipe["percentiles"]
    assert from_study["failures"] == from_recipe["failures"]


def test_another_specification_stops_other_lots(capfd: pytest.CaptureFixture[str]) -> None:
    words = ("--recipe", "conventional_car_t", "--lots", "300")
    mild, strict = (
        made(capfd, *words, "--specification", name) for name in ("ari_0001", "tisagenlecleucel_us")
    )
    assert strict["released_fraction"] < mild["released_fraction"]  # type: ignore[operator]
    tests = {test["quantity"]: test for test in strict["release_tests"]}  # type: ignore[attr-defined]
    viability = tests["viability"]
    assert viability["stops_at"] < viability["limit"] == 0.8 < viability["passes_at"]


def test_text_says_what_each_test_stopped(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["make", "--recipe", "edited_allogeneic_car_t", "--lots", "60"]) == 0
    out = capfd.readouterr().out
    assert "cells with their own receptor" in out
    assert "95 % pass at" in out
    assert "Doses in a lot" in out


def test_off_target_table_reaches_the_lot(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "sites.tsv"
    table.write_text("chrom\tstart\tmismatchCount\tcfdOfftargetScore\nchr1\t10\t3\t0.25\n")
    words = ("--recipe", "edited_allogeneic_car_t", "--lots", "40")
    answer = made(capfd, *words, "--off-targets", str(table))
    assert answer["percentiles"]["off_target_load"]["p50"] == 0.25  # type: ignore[index]
    assert "off_target_load" not in made(capfd, *words)["percentiles"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "neither of a study and a recipe given"),
        ([str(STUDY), "--recipe", "hsc_t"], "both of a study and a recipe given"),
        (["--recipe", "car_gpm"], "did you mean 'car_gmp'"),
        (["--recipe", "car_gmp", "--product", "tscm"], "leave --product out"),
        (["--recipe", "car_gmp", "--specification", "ari_1"], "did you mean 'ari_0001'"),
        (["--recipe", "car_gmp", "--off-targets", "nothing.tsv"], "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_told(
    words: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["make", *words]) == 2
    out, err = capfd.readouterr()
    assert said in err
    assert out == ""


def test_further_attempts_serve_more(capfd: pytest.CaptureFixture[str]) -> None:
    words = ("--recipe", "conventional_car_t", "--lots", "400", "--attempts", "2")
    answer = made(capfd, *words)
    campaign = answer["campaign"]
    outcomes = campaign["outcomes"]  # type: ignore[index]
    assert sum(outcomes.values()) == pytest.approx(1, rel=1e-12)
    assert outcomes["released at first"] == pytest.approx(answer["released_fraction"], rel=1e-12)
    assert 0 < campaign["further_attempts_released"] <= campaign["further_attempts"]  # type: ignore[index]
    assert main(["make", *words]) == 0
    assert "further attempts released" in " ".join(capfd.readouterr().out.split())


@pytest.fixture
def dossier(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "lots"
    words = ["make", "--recipe", "car_gmp", "--lots", "6", "--dossier", str(folder)]
    assert main(words) == 0
    capfd.readouterr()
    return folder


def test_dossier_is_complete(dossier: Path) -> None:
    names = {file.name for file in dossier.iterdir()}
    assert names >= {"genealogy.jsonl", "provenance.json", "ro-crate-metadata.json"}
    assert sum(name.startswith("certificate_") for name in names) == 6


def test_recall_names_everybody(dossier: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = str(dossier / "genealogy.jsonl")
    assert main(["recall", log, "VECTOR-1", "--json"]) == 0
    everybody = json.loads(capfd.readouterr().out)
    assert len(everybody["recipients"]) >= 3
    number = everybody["recipients"][0].split()[-1]
    assert main(["recall", log, f"COL-{number}"]) == 0
    assert f"received by patient {number}." in capfd.readouterr().out
    assert main(["recall", log, "COL-99"]) == 2
    assert "unknown batch 'COL-99'" in capfd.readouterr().err


def test_recall_refuses_a_changed_log(dossier: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = dossier / "genealogy.jsonl"
    log.write_text(log.read_text().replace("patient 0", "patient 7"))
    assert main(["recall", str(log), "VECTOR-1"]) == 2
    assert "was changed" in capfd.readouterr().err


def test_the_same_lots_are_entered_once_and_others_of_their_names_refused(
    dossier: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = (dossier / "genealogy.jsonl").read_bytes()
    words = ["make", "--recipe", "car_gmp", "--lots", "6", "--dossier", str(dossier)]
    assert main(words) == 0
    assert (dossier / "genealogy.jsonl").read_bytes() == log
    capfd.readouterr()
    assert main([*words, "--seed", "9"]) == 2
    assert "holds another lot 'car_gmp-0'" in capfd.readouterr().err
    assert (dossier / "genealogy.jsonl").read_bytes() == log


@pytest.mark.parametrize(
    ("option", "name", "said"),
    [
        ("--report", ".", "is a folder"),
        ("--report", "file/page.html", "file is a file, not a folder"),
        ("--dossier", "file", "is a file, not a folder"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_any_work(
    option: str, name: str, said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    words = ["make", "--recipe", "car_macrophage", "--lots", "100000", option, str(tmp_path / name)]
    assert main(words) == 2
    err = capfd.readouterr().err
    assert said in err
    assert "1 problem" in err
    assert (tmp_path / "file").read_text("utf-8") == "mine"
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_weak_evidence_comes_before_the_numbers(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["make", "--recipe", "car_macrophage", "--lots", "40"]) == 0
    out = " ".join(capfd.readouterr().out.split())
    assert out.index("are assumptions. Weakest:") < out.index("released lots")
    assert "0 viable T cells" not in out
    answer = made(capfd, "--recipe", "car_macrophage", "--lots", "40")
    share = answer["doubt"]["released_fraction_by_draw"]  # type: ignore[index]
    assert 0 <= share["p5"] < share["p50"] <= share["p95"] <= 1
    lines = answer["dose_cost_lines"]
    assert lines["delivery"] > 0  # type: ignore[index]
