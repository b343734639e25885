"""`progenitor kinetics`: metrics as words, JSON, CSV and a report, and words for every mistake."""

import csv
import io
import json
from pathlib import Path

import pytest

from progenitor.cli import main

TABLE = """ID,TIME,DV
7,0,<1
7,3,8
7,7,128
7,14,64
7,21,32
7,28,16
7,90,0.5
=8,0,0
=8,7,0.2
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "levels.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_words_for_people(table: Path, capfd) -> None:
    assert main(["kinetics", str(table), "--lloq", "1", "--unit", "cell/uL"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    for piece in (
        "2 patients, 9 samples (cell/uL), 4 below the limit",
        "zero before the first quantifiable sample",
        "Contraction half-life  day",
        "1 patients: never quantifiable",
        "no value for 'Persistence half-life': 1 too few quantifiable samples",
        "Quantifiable on day 28",
    ):
        assert piece in " ".join(out.split()) or piece in out
    patient = next(line for line in out.splitlines() if line.startswith("7 "))
    assert patient.split()[1:4] == ["128", "7.00", "1,460"], "12 + 272 + 672 + 336 + 168"


def test_json_for_machines(table: Path, capfd) -> None:
    words = ["--lloq", "1", "--blq", "M5", "--auc", "0-7", "--day", "14", "--auc-end", "21"]
    assert main(["kinetics", str(table), *words, "--json", "--method", "log-down"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["rules"]["blq"] == "m5"
    assert found["rules"]["area"] == "log-down"
    first, second = found["patients"]
    assert first["metrics"]["auc_0_7"] == pytest.approx(3 * 4.25 + 4 * 68.0, rel=1e-12)
    assert first["metrics"]["contraction_half_life"] == pytest.approx(7.0, rel=1e-12)
    assert {"auc_0_21", "persistent_14"} <= set(first["metrics"])
    assert second["metrics"]["cmax"] is None
    assert second["reasons"]["cmax"] == "NEVER_QUANTIFIABLE"
    assert found["summary"]["cmax"]["not_estimable"] == {"NEVER_QUANTIFIABLE": 1}


def test_every_metric_as_csv_and_a_report_beside_it(table: Path, capfd, tmp_path: Path) -> None:
    target, page = tmp_path / "metrics.csv", tmp_path / "kinetics.html"
    words = ["--lloq", "1", "-o", str(target), "--report", str(page)]
    assert main(["kinetics", str(table), *words]) == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8"))))
    peaks = {row["ID"]: (row["VALUE"], row["REASON"]) for row in rows if row["METRIC"] == "cmax"}
    assert peaks == {"7": ("128", ""), "'=8": ("NA", "NEVER_QUANTIFIABLE")}
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert capfd.readouterr().out.splitlines()[-2:] == [f"written: {target}", f"written: {page}"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--blq", "m3"], "the likelihood of a censored sample"),
        (["--blq", "m9"], "there is no BLQ rule 'm9'"),
        (["--auc", "7"], "'7' is not A-B"),
        (["--auc", "7-3"], "an area runs from day 7 to day 3"),
        (["--auc-end", "0"], "the area ends on day 0"),
        (["--day", "-1"], "persistence is asked on day -1"),
        (["--method", "log"], "no trapezoidal rule 'log'. Fix: known: linear, log-down"),
        (["--start", "never"], "there is no start of areas 'never'"),
        (["--contraction", "strip"], "did you mean 'stripped'?"),
        (["--time-unit", "mg"], "give a unit of time"),
        (["--unit", "copies/uug"], "unknown unit 'uug'"),
        (["--lloq", "-1"], "limit of quantification is -1"),
        (["--lloq-column", "LIMIT"], "there is no column 'LIMIT'"),
        (["--dvid", "2"], "there is no column DVID"),
        (["--output", "/nowhere/at/all.csv"], "there is no folder"),
        (["--report", "/nowhere/at/all.html"], "there is no folder"),
    ],
)
def test_what_is_wrong_is_said_with_the_way_out(table: Path, capfd, words, said) -> None:
    assert main(["kinetics", str(table), *words]) == 2
    out, err = capfd.readouterr()
    assert said in err
    assert "Fix:" in err
    assert out == ""


def test_wrong_choices_are_told_together(table: Path, capfd) -> None:
    words = ["--blq", "m3", "--auc", "x", "--method", "log", "--auc-end", "-1"]
    assert main(["kinetics", str(table), *words]) == 2
    assert "4 problems" in capfd.readouterr().err


def test_a_bad_table_is_told_line_by_line(tmp_path: Path, capfd) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("ID,TIME,DV\n1,0,x\n1,0,5\n1,-,6\n", encoding="utf-8")
    assert main(["kinetics", str(path)]) == 2
    err = capfd.readouterr().err
    for piece in ("bad.csv:2: DV: 'x'", "bad.csv:3: TIME: a second sample", "bad.csv:4: TIME: '-'"):
        assert piece in err
    assert "3 problems" in err


def test_a_rule_that_needs_the_limit_says_so(tmp_path: Path, capfd) -> None:
    path = tmp_path / "marked.csv"
    path.write_text("ID,TIME,DV,BLQ\n1,0,.,1\n1,7,5,0\n", encoding="utf-8")
    assert main(["kinetics", str(path), "--blq", "m6"]) == 2
    assert "needs the limit of quantification" in capfd.readouterr().err
