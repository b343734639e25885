"""`progenitor fit`: a fit in words, as JSON and as a report, and words for every mistake."""

import json
from pathlib import Path

import pytest

from progenitor.cli import main

FIT = """
fit: small
title: Division of effectors
body: conventional_car_t/dlbcl/human_adult
product: {recipe: conventional_car_t, dose: "2e6 cell/kg"}
conditioning: ["-5 day", "-4 day", "-3 day"]
closely_until: "14 day"
response: ["28 day"]
seed: 4
sampling: {draws: 20, rounds: 2, patients: 8}
discrepancy: 0.25
others: hold
free: [t_cell/effector_division_rate]
targets:
  observed/axicel_blood_day_7: {read: level, of: car_t_in_blood, day: "7 day"}
beside:
  observed/juliet_objective_response: {read: objective_response, note: Another product.}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(FIT, encoding="utf-8")
    return path


def test_words_for_people_and_a_report(file: Path, tmp_path: Path, capfd) -> None:
    report = tmp_path / "fit.html"
    assert main(["fit", str(file), "--report", str(report)]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    words = " ".join(out.split())
    for piece in (
        "Division of effectors (conventional_car_t/dlbcl/human_adult)",
        "published numbers are met within 0.8 to 1.25",
        "effective draws of 40",
        "t_cell/effector_division_rate",
        "observed/juliet_objective_response predicted 0.530",
        "priors already centred by an earlier calibration",
        f"written: {report}",
    ):
        assert piece in words, (piece, words)
    page = report.read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<svg") >= 2
    assert "What was fitted proves nothing" in page
    assert "Another product." in page
    assert 'src="http' not in page
    assert '<link rel="stylesheet"' not in page


def test_json_for_machines_is_the_same_twice(file: Path, capfd) -> None:
    assert main(["fit", str(file), "--json"]) == 0
    first = capfd.readouterr().out
    assert main(["fit", str(file), "--json"]) == 0
    assert capfd.readouterr().out == first
    found = json.loads(first)
    assert found["draws"] == 40
    assert 1 <= found["effective_sample_size"] <= 40
    assert [row["stands"] for row in found["rows"]] == ["fitted", "predicted"]
    assert found["rows"][0]["ratio"] == pytest.approx(found["rows"][0]["ours"][1] / 27.5, rel=1e-9)
    assert main(["fit", str(file), "--json", "--seed", "5", "--draws", "30"]) == 0
    other = json.loads(capfd.readouterr().out)
    assert (other["seed"], other["draws"]) == (5, 60)


def test_predicting_fits_nothing(file: Path, capfd) -> None:
    assert main(["fit", str(file), "--predict"]) == 0
    out = capfd.readouterr().out
    assert "Published and ours" in out
    assert "posterior" not in out


def test_a_verification_record_as_target_is_refused_with_its_line(file: Path, capfd) -> None:
    file.write_text(FIT.replace("beside:\n", ""), encoding="utf-8")
    assert main(["fit", str(file)]) == 2
    err = capfd.readouterr().err
    lines = FIT.replace("beside:\n", "").splitlines()
    line = next(number for number, text in enumerate(lines) if "juliet" in text)
    assert f"{file}:{line + 1}: " in err
    assert "is kept for verification: it is predicted and never fitted" in err
    assert "1 problem\n" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--report", "nowhere/fit.html"], "there is no folder nowhere"),
        (["--predict", "--report", "fit.html"], "a report is made of a fit"),
    ],
)
def test_what_cannot_be_done_is_said_first(
    file: Path, options: list[str], said: str, capfd
) -> None:
    assert main(["fit", str(file), *options]) == 2
    assert said in capfd.readouterr().err


def test_a_missing_file_is_named(capfd) -> None:
    assert main(["fit", "nothing.yaml"]) == 2
    assert "nothing.yaml: the file does not exist" in capfd.readouterr().err
