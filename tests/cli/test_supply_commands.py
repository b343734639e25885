"""`progenitor facility` and `progenitor network`: answers, JSON, figures and refusals."""

import json
from pathlib import Path

import pytest

from progenitor.cli import main

SUPPLY = Path(__file__).parents[2] / "studies" / "supply"


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_published_network(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    drawn = tmp_path / "map.svg"
    found = answer(capsys, "network", str(SUPPLY / "five_patients.yaml"), "--figure", str(drawn))
    assert found["cost_per_therapy"] == 623821.38
    assert [one["name"] for one in found["plants"] if one["kept"]] == ["m1"]
    assert len(found["therapies"]) == found["patients"] == 5
    assert drawn.read_text().startswith("<svg")


def test_a_network_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["network", str(SUPPLY / "worldwide_bank.yaml")]) == 0
    said = capsys.readouterr().out
    assert "400 therapies" in " ".join(said.split())
    assert "transport" in said


def test_a_facility(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    drawn = tmp_path / "queue.svg"
    words = ["facility", str(SUPPLY / "facility.yaml"), "--patients", "80", "--replicates", "3"]
    found = answer(capsys, *words, "--figure", str(drawn))
    assert (found["patients"], found["replicates"]) == (80, 3)
    days = found["vein_to_vein"]
    assert 20 < days["p5"] < days["p50"] < days["p95"]
    assert 0 < found["resources"]["clean room"]["utilisation"] < 1
    assert drawn.stat().st_size > 1_000


def test_fewer_suites_make_patients_wait_longer(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("facility", "--recipe", "conventional_car_t", "--per-year", "150",
             "--patients", "100", "--replicates", "3")  # fmt: skip
    many, few = (answer(capsys, *words, "--suites", count) for count in ("30", "5"))
    assert few["wait"]["mean"] > many["wait"]["mean"] + 1


def test_a_facility_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facility", str(SUPPLY / "facility.yaml"), "--patients", "40",
                 "--replicates", "2"]) == 0  # fmt: skip
    assert "Vein to vein" in " ".join(capsys.readouterr().out.split())


def test_refusals_list_every_problem(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = (SUPPLY / "facility.yaml").read_text()
    text = text.replace("units: 16", "units: -1").replace("conventional_car_t", "car_tt")
    bad.write_text(text.replace("per_year: 220", "per_year: 0"))
    drawn = tmp_path / "none.svg"
    assert main(["facility", str(bad), "--figure", str(drawn)]) == 2
    said = capsys.readouterr().err
    assert "3 problems" in said
    assert not drawn.exists()
    assert main(["facility"]) == 2
    bad.write_text((SUPPLY / "five_patients.yaml").read_text().replace("9312", "-9312"))
    assert main(["network", str(bad)]) == 2
    assert "-9312" in capsys.readouterr().err
