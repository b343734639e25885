"""An experiment through the same doors as a study: init, check, run, report; not make."""

import json
from pathlib import Path

import pytest

from progenitor.cli import main

STUDY = Path(__file__).parents[2] / "studies" / "car_t_dose_in_dlbcl.yaml"
SMALL = ["--draws", "2", "--patients", "3", "--jobs", "1"]


def test_init_writes_an_experiment_and_its_schema(tmp_path, capfd):
    assert main(["init", str(tmp_path), "--template", "car_t_dose_in_dlbcl"]) == 0
    study = tmp_path / "car_t_dose_in_dlbcl.yaml"
    assert study.read_text("utf-8").splitlines()[0].endswith("$schema=experiment.schema.json")
    assert json.loads((tmp_path / "experiment.schema.json").read_text("utf-8"))["$schema"]
    assert main(["check", str(study)]) == 0
    out = capfd.readouterr().out
    assert "20 draws × 20 subjects × 4 arms, with structures and maps = 7600 simulations" in out


def test_check_for_machines(capfd):
    assert main(["check", str(STUDY), "--json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    assert answer == {
        "ok": True,
        "problems": [],
        "study": "car_t_dose_in_dlbcl",
        "patients": 400,
    }


def test_make_says_that_an_experiment_makes_nothing(capfd):
    assert main(["make", str(STUDY)]) == 2
    err = capfd.readouterr().err
    assert "cells are given as they are" in err
    assert "Fix: name a study with products" in err


def test_run_prints_what_is_weak_first_and_the_report_is_written_again(tmp_path, capfd):
    assert main(["run", str(STUDY), *SMALL, "--runs-dir", str(tmp_path)]) == 0
    out, err = capfd.readouterr()
    places = [
        out.index(words)
        for words in (
            "What is weak:",
            "are assumptions",
            "Lymphoma below 10⁶ cells at six months: ",
            "Dose of conventional CAR-T cells",
            "Antigen-negative share",
            "No cells are seen where none were given",
            "solving",
            "report.html",
        )
    ]
    assert places == sorted(places)
    assert "simulations" in err
    (run,) = tmp_path.glob("car_t_dose_in_dlbcl-*")
    first = (run / "report.html").read_text("utf-8")
    again = tmp_path / "again.html"
    assert main(["report", str(run), "-o", str(again)]) == 0
    assert again.read_text("utf-8") == first


def test_run_for_machines_prints_the_promised_keys_and_nothing_else(tmp_path, capfd):
    assert main(["run", str(STUDY), *SMALL, "--runs-dir", str(tmp_path), "--json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    assert set(answer) == {
        "arms",
        "comparisons",
        "digest",
        "expectations",
        "failed",
        "report",
        "run_dir",
        "seconds",
        "simulations",
        "solving_seconds",
        "subjects",
    }
    assert answer["subjects"] == 6
    assert set(answer["arms"]) == {"untreated", "low", "standard", "unconditioned"}
    assert set(answer["arms"]["low"]["expansion"]) == {"value", "low", "high", "unit", "n"}
    assert answer["comparisons"][0]["measure"] == "difference"
    assert [one["met"] for one in answer["expectations"]][2] is True


@pytest.mark.slow
def test_a_killed_command_resumes_to_the_same_digest(tmp_path):
    """The whole process is killed while shards are being written."""
    import os
    import signal
    import subprocess
    import sys
    import time

    def start(folder: Path, *words: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "progenitor", "run", str(STUDY), "--json"]
        return subprocess.Popen(
            [*command, "--runs-dir", str(folder), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def digest(run: subprocess.Popen) -> str:
        out, err = run.communicate(timeout=300)
        assert run.returncode == 0, err
        return str(json.loads(out)["digest"])

    whole = digest(start(tmp_path / "one", "--jobs", "1"))
    killed = start(tmp_path / "two", "--jobs", "2")
    while not list((tmp_path / "two").glob("*/parts/*/shards/*.outcomes.parquet")):
        assert killed.poll() is None, "the run was over before it could be killed"
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=10)
    assert digest(start(tmp_path / "two", "--jobs", "2", "--resume")) == whole
