"""`progenitor simulate`: courses as CSV against closed forms, and words for every mistake."""

import csv
import io
import math
from pathlib import Path

import numpy as np
import pytest

from progenitor.cli import main

pytest.importorskip("libsbml", reason="reading SBML needs the extra: progenitor[sbml]")

DECAY = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
  <model id="decay">
    <listOfCompartments>
      <compartment id="blood" spatialDimensions="3" size="5" constant="true"/>
    </listOfCompartments>
    <listOfSpecies>
      <species id="drug" compartment="blood" initialAmount="100" hasOnlySubstanceUnits="false"
               boundaryCondition="false" constant="false"/>
    </listOfSpecies>
    <listOfParameters>
      <parameter id="loss" value="0.1" constant="true"/>
      <parameter id="signal" constant="false"/>
    </listOfParameters>
    <listOfRules>
      <assignmentRule variable="signal">
        <math xmlns="http://www.w3.org/1998/Math/MathML">
          <apply><times/><cn>2</cn><ci>drug</ci></apply>
        </math>
      </assignmentRule>
    </listOfRules>
    <listOfReactions>
      <reaction id="leaving" reversible="false">
        <listOfReactants>
          <speciesReference species="drug" stoichiometry="1" constant="true"/>
        </listOfReactants>
        <kineticLaw>
          <math xmlns="http://www.w3.org/1998/Math/MathML">
            <apply><times/><ci>loss</ci><ci>drug</ci><ci>blood</ci></apply>
          </math>
        </kineticLaw>
      </reaction>
    </listOfReactions>
  </model>
</sbml>
"""
TIME = ["--end", "10", "--points", "11"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "decay.xml"
    path.write_text(DECAY, encoding="utf-8")
    return path


def columns(text: str) -> dict[str, np.ndarray]:
    head, *rows = csv.reader(io.StringIO(text))
    return dict(zip(head, np.array(rows, dtype=float).T, strict=True))


def close(found: np.ndarray, right: np.ndarray) -> bool:
    return bool(np.allclose(found, right, rtol=2e-6, atol=0.0))


def test_a_course_has_time_and_every_id(model, capfd) -> None:
    assert main(["simulate", str(model), *TIME]) == 0
    found = columns(capfd.readouterr().out)
    assert list(found)[:2] == ["time", "drug"]
    assert {"loss", "blood", "signal"} <= set(found)
    assert found["time"].tolist() == [float(day) for day in range(11)]
    expected = 20.0 * np.exp(-0.1 * found["time"])
    assert close(found["drug"], expected)
    assert close(found["signal"], 2.0 * expected)
    assert (found["blood"] == 5.0).all()


def test_amounts_are_those_of_the_whole_compartment(model, capfd) -> None:
    assert main(["simulate", str(model), *TIME, "--amounts"]) == 0
    found = columns(capfd.readouterr().out)
    assert close(found["drug"], 100.0 * np.exp(-0.1 * found["time"]))
    assert close(found["signal"], 40.0 * np.exp(-0.1 * found["time"]))


def test_the_first_output_may_come_later(model, capfd) -> None:
    assert main(["simulate", str(model), "--start", "5", "--end", "10", "--points", "3"]) == 0
    found = columns(capfd.readouterr().out)
    assert found["time"].tolist() == [5.0, 7.5, 10.0]
    assert close(found["drug"], 20.0 * np.exp(-0.1 * found["time"]))


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_parameters_and_starts_can_be_changed(model, capfd, engine) -> None:
    words = ["--param", "loss=0.2", "-p", "drug=50", "--engine", engine, "--rtol", "1e-8"]
    assert main(["simulate", str(model), *TIME, *words]) == 0
    found = columns(capfd.readouterr().out)
    assert close(found["drug"], 10.0 * np.exp(-0.2 * found["time"]))
    assert (found["loss"] == 0.2).all()


def test_a_file_is_written_whole_and_replaced(model, capfd, tmp_path) -> None:
    target = tmp_path / "course.csv"
    target.write_text("old", encoding="utf-8")
    assert main(["simulate", str(model), *TIME, "--output", str(target)]) == 0
    assert capfd.readouterr().out == ""
    assert len(columns(target.read_text("utf-8"))["time"]) == 11
    assert sorted(file.name for file in tmp_path.iterdir()) == ["course.csv", "decay.xml"]


def test_antimony_is_read_too(tmp_path, capfd) -> None:
    pytest.importorskip("antimony", reason="needs the extra: progenitor[antimony]")
    path = tmp_path / "decay.ant"
    path.write_text("drug -> ; k*drug; k = 0.1; drug = 100", encoding="utf-8")
    assert main(["simulate", str(path), *TIME]) == 0
    found = columns(capfd.readouterr().out)
    assert close(found["drug"], 100.0 * np.exp(-0.1 * found["time"]))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "missing: --end, --points"),
        (["--end", "10"], "missing: --points"),
        (["--end", "10", "--points", "1"], "there are 1 points"),
        (["--end", "0", "--points", "5"], "outputs run from 0 to 0"),
        (["--end", "nan", "--points", "5"], "outputs run from 0 to nan"),
        ([*TIME, "--param", "lost=1"], "did you mean 'loss'?"),
        ([*TIME, "--param", "loss"], "'loss' is not ID=VALUE"),
        ([*TIME, "--param", "loss=many"], "'loss=many' is not ID=VALUE"),
        ([*TIME, "--param", "loss=inf"], "parameter 'loss' is inf"),
        ([*TIME, "--engine", "quick"], "write fast or reference"),
        ([*TIME, "--rtol", "1"], "give a number from 1e-12 to 1e-2"),
        ([*TIME, "--output", "/nowhere/at/all.csv"], "there is no folder"),
    ],
)
def test_what_is_wrong_is_said_with_the_way_out(model, capfd, words, said) -> None:
    assert main(["simulate", str(model), *words]) == 2
    out, err = capfd.readouterr()
    assert said in err
    assert "Fix:" in err
    assert out == ""


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("nothing.xml", None, "no such file"),
        ("notes.txt", "x", "give .xml or .sbml for SBML, .ant for Antimony"),
        ("empty.xml", "", "empty.xml"),
        ("broken.xml", DECAY.replace("</model>", ""), "broken.xml"),
        ("table.xml", "time,drug\n0,1\n", "table.xml"),
    ],
)
def test_a_file_that_is_no_model_is_no_traceback(tmp_path, capfd, name, text, said) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["simulate", str(tmp_path / name), *TIME]) == 2
    err = capfd.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_a_model_that_blows_up_is_a_failure_not_a_table(tmp_path, capfd) -> None:
    """y' = y² from 1 is infinite at time 1."""
    text = DECAY.replace("<ci>loss</ci><ci>drug</ci><ci>blood</ci>", "<ci>drug</ci><ci>drug</ci>")
    text = text.replace("listOfReactants", "listOfProducts")
    (tmp_path / "grow.xml").write_text(text, encoding="utf-8")
    assert main(["simulate", str(tmp_path / "grow.xml"), *TIME, "-o", str(tmp_path / "c.csv")]) == 1
    assert not (tmp_path / "c.csv").exists()
    err = capfd.readouterr().err
    assert any(status in err for status in ("STEP_LIMIT", "NONFINITE"))


def test_a_table_of_doses_comes_back_with_the_course(model, capfd, tmp_path) -> None:
    data = tmp_path / "doses.csv"
    data.write_text(
        "ID,TIME,AMT,CMT,loss\n1,0,0,drug,0.1\n1,5,.,.,0.1\n2,0,.,.,0.2\n2,1,50,drug,0.2\n2,5,.,.,0.2\n",
        encoding="utf-8",
    )
    assert main(["simulate", str(model), "--data", str(data), "--amounts"]) == 0
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    found = [float(row["drug"]) for row in rows]
    second = (100.0 * math.exp(-0.2) + 50.0) * math.exp(-0.8)
    assert found[1] == pytest.approx(100.0 * math.exp(-0.5), rel=1e-5, abs=0.0)
    assert found[4] == pytest.approx(second, rel=1e-5, abs=0.0)
    assert {row["status"] for row in rows} == {"OK"}


def test_a_table_leaves_nothing_to_say_about_times(model, capfd, tmp_path) -> None:
    data = tmp_path / "doses.csv"
    data.write_text("ID,TIME\n1,0\n", encoding="utf-8")
    assert main(["simulate", str(model), "--data", str(data), *TIME]) == 2
    assert "leave out --end" in capfd.readouterr().err


def test_random_runs_have_a_mean_and_a_spread(model, capfd) -> None:
    """400 runs of 100 deaths at random: mean within 5 standard errors, spread within 20 %."""
    words = ["--stochastic", "--runs", "400", "--seed", "3", "--amounts"]
    assert main(["simulate", str(model), *TIME, *words]) == 0
    text = capfd.readouterr().out
    found = columns(text)
    alive = np.exp(-0.1 * found["time"])
    spread = np.sqrt(100.0 * alive * (1.0 - alive))
    assert (np.abs(found["drug-mean"] - 100.0 * alive) <= 5.0 * spread / 20.0).all()
    assert np.allclose(found["drug-sd"], spread, rtol=0.2, atol=1e-12)
    assert main(["simulate", str(model), *TIME, *words]) == 0
    assert capfd.readouterr().out == text, "same seed, same numbers"


def test_every_run_can_be_had(model, capfd) -> None:
    words = ["--stochastic", "--runs", "3", "--all-runs", "--amounts"]
    assert main(["simulate", str(model), *TIME, *words]) == 0
    found = columns(capfd.readouterr().out)
    assert list(found)[:2] == ["run", "time"]
    assert found["run"].tolist() == [float(run) for run in (0, 1, 2) for _ in range(11)]
    assert (found["drug"] == np.round(found["drug"])).all()
    assert len({tuple(found["drug"][found["run"] == run]) for run in range(3)}) == 3
