"""Commands end with the promised exit codes, print what they promise, and never a traceback."""

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import progenitor.report
import progenitor.study
from progenitor import __version__
from progenitor.cli import main
from progenitor.errors import RunStoreError
from progenitor.study import LotSummary, Percentiles, load_pipeline

STUDY = Path(__file__).parents[2] / "studies" / "tscm_vs_cart_dlbcl.yaml"
COMMANDS = [
    [],
    ["init"],
    ["check"],
    ["make"],
    ["recall"],
    ["run"],
    ["report"],
    ["doctor"],
    ["evidence"],
    ["evidence", "list"],
    ["evidence", "show"],
    ["evidence", "audit"],
    ["evidence", "cite"],
    ["simulate"],
    ["kinetics"],
    ["vpc"],
    ["fit"],
    ["flow", "gate"],
    ["flow", "simulate"],
    ["assay", "qpcr"],
    ["assay", "ddpcr"],
    ["assay", "killing"],
    ["models"],
    ["models", "list"],
    ["models", "show"],
    ["models", "cite"],
    ["models", "simulate"],
    ["models", "export"],
]


@pytest.fixture
def finished(monkeypatch, tmp_path):
    """A run that finishes at once; returns the options it was called with."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    from fake_result import result

    called: dict[str, object] = {}

    def run_study(study, **options):
        called.update(options, study=study)
        options["progress"](0, 100)
        options["progress"](100, 100)
        return result(tmp_path, failed=3)

    def write_report(_, path):
        path.write_text("<html>", encoding="utf-8")
        return path

    monkeypatch.setattr(progenitor.study, "run_study", run_study, raising=False)
    monkeypatch.setattr(progenitor.report, "write_report", write_report, raising=False)
    return called


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words) or "top")
def test_help_teaches_by_example_in_eighty_columns(command, capfd):
    assert main([*command, "--help"]) == 0
    out = capfd.readouterr().out
    assert "Usage: progenitor" in out
    if command not in ([], ["evidence"], ["models"]):
        assert "For example:" in out
        assert f"progenitor {' '.join(command)}" in out.split("For example:")[1]


def test_help_takes_less_than_a_third_of_a_second_and_imports_nothing_heavy():
    code = (
        "import sys; from progenitor.cli import main; main(['--help']); "
        "print(sorted({'numpy', 'pydantic', 'duckdb', 'yaml', 'rich', 'scipy'} & set(sys.modules)))"
    )
    seconds = []
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert done.stdout.splitlines()[-1] == "[]"
    assert min(seconds) < 0.3


def test_module_and_command_are_the_same():
    done = subprocess.run(
        [sys.executable, "-m", "progenitor", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"progenitor {__version__}\n"


@pytest.mark.parametrize(
    "words", [["nonsense"], ["run"], ["run", str(STUDY), "--jobs", "-1"], ["check", "--nonsense"]]
)
def test_words_that_make_no_sense_end_with_two(words, capfd):
    assert main(words) == 2
    assert "Traceback" not in capfd.readouterr().err


def test_init_writes_a_study_that_checks_and_never_overwrites(tmp_path, capfd):
    assert main(["init", str(tmp_path / "new")]) == 0
    study = tmp_path / "new" / "tscm_vs_cart_dlbcl.yaml"
    assert str(study) in capfd.readouterr().out
    assert study.read_text("utf-8").splitlines()[0].endswith("$schema=study.schema.json")
    assert (tmp_path / "new" / "study.schema.json").exists()
    assert main(["check", str(study)]) == 0
    study.write_text("mine", encoding="utf-8")
    assert main(["init", str(tmp_path / "new")]) == 2
    assert study.read_text("utf-8") == "mine"
    err = capfd.readouterr().err
    assert "exists already" in err


def test_init_with_an_unknown_template_names_the_known_ones(tmp_path, capfd):
    assert main(["init", str(tmp_path), "--template", "tscm_vs_cart"]) == 2
    assert "did you mean 'tscm_vs_cart_dlbcl'?" in capfd.readouterr().err


def test_check_says_how_much_will_be_simulated(capfd):
    assert main(["check", str(STUDY)]) == 0
    assert "100 draws × 50 patients × 2 arms = 10000 simulations" in capfd.readouterr().out
    assert main(["check", str(STUDY), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["ok"] is True


def test_run_prints_weaknesses_first_then_answer_table_and_report(finished, capfd, tmp_path):
    assert main(["run", str(STUDY), "--jobs", "2", "--resume", "--runs-dir", str(tmp_path)]) == 0
    out, err = capfd.readouterr()
    places = [
        out.index(words)
        for words in (
            "3 of 100 patients failed to simulate: 97 ok, 3 deadline",
            "Simulated Cmax is 3.1 times",
            "Tscm CAR-T persists longer.",
            "Conventional CAR-T",
            "Lots released",
            "Persistence at 12 months",
            "report.html",
        )
    ]
    assert places == sorted(places)
    assert "42 % (34–50)" in out
    assert "27.0 cell/uL (21.6–32.4)" in out
    written = [line for line in out.splitlines() if not line.startswith(("results", "report"))]
    assert max(map(len, written)) <= 100  # paths are as long as they are
    assert "100/100 patients" in err
    assert finished["jobs"] == 2
    assert finished["resume"] is True
    assert finished["runs_dir"] == tmp_path


def test_run_passes_what_the_options_changed(finished):
    words = ["run", str(STUDY), "--seed", "9", "--draws", "3", "--patients", "4"]
    assert main(words) == 0
    study = finished["study"]
    assert (study.seed, study.draws, study.population.patients_per_draw) == (9, 3, 4)
    assert finished["seed"] == 9
    assert finished["jobs"] == len(os.sched_getaffinity(0))


def test_run_for_machines_prints_the_promised_keys_and_nothing_else(finished, capfd, tmp_path):
    assert main(["run", str(STUDY), "--json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    promised = {"digest", "patients", "failed", "arms", "report", "run_dir", "seconds"}
    assert set(answer) == {*promised, "solving_seconds", "simulations"}
    assert (answer["solving_seconds"], answer["simulations"]) == (2.0, 300)
    assert answer["report"] == str(tmp_path / "report.html")
    assert set(answer["arms"]) == {"conventional", "tscm"}
    assert answer["arms"]["tscm"]["cmax"] == {
        "value": 27.0,
        "low": pytest.approx(21.6, rel=1e-12, abs=0.0),
        "high": pytest.approx(32.4, rel=1e-12, abs=0.0),
        "unit": "cell/uL",
        "n": 50,
    }


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "--resume"),
        (RunStoreError("the disk is full. Fix: make room"), 1, "progenitor: the disk is full"),
    ],
)
def test_failures_are_words_and_a_code(monkeypatch, capfd, error, code, said):
    def run_study(*_, **__):
        raise error

    monkeypatch.setattr(progenitor.study, "run_study", run_study, raising=False)
    monkeypatch.setattr(progenitor.report, "write_report", print, raising=False)
    assert main(["run", str(STUDY)]) == code
    out, err = capfd.readouterr()
    assert said in err
    assert "Traceback" not in err
    assert out == ""


def test_make_prints_lots_for_people_and_machines(monkeypatch, capfd):
    def sample_lots(catalogue, recipe, *, lots, seed):
        assert seed == load_pipeline(STUDY).seed
        return lots

    def summarise_lots(lots, *, product):
        quality = {"total_cells": Percentiles(1e7, 5e7, 2e8, "cell")}
        return LotSummary(product, lots, 0.9, quality, {"viability": 0.1}, ("lot 3 failed",))

    monkeypatch.setattr(progenitor.study, "sample_lots", sample_lots)
    monkeypatch.setattr(progenitor.study, "summarise_lots", summarise_lots)
    assert main(["make", str(STUDY), "--product", "tscm", "--lots", "10", "--json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    assert {"product", "lots", "released_fraction", "percentiles", "failures", "seconds"} <= set(
        answer
    )
    assert answer["percentiles"]["total_cells"] == {
        "p5": 1e7,
        "p50": 5e7,
        "p95": 2e8,
        "unit": "cell",
        "label": "",
    }
    assert main(["make", str(STUDY)]) == 0
    out = capfd.readouterr().out
    assert "conventional: 90 % of 200 lots released" in out
    assert "lost, viability: 10 %" in out
    assert "total cells    1e+07 cell  5e+07 cell  2e+08 cell" in out
    assert main(["make", str(STUDY), "--product", "tcsm"]) == 2
    assert "did you mean 'tscm'?" in capfd.readouterr().err


def test_report_of_no_run_says_what_to_give(monkeypatch, capfd, tmp_path):
    monkeypatch.setattr(progenitor.report, "write_report", print, raising=False)
    monkeypatch.setattr(
        progenitor.study,
        "load_result",
        lambda folder: progenitor.study.RunStore.open(folder),
        raising=False,
    )
    assert main(["report", str(tmp_path)]) == 1
    assert "not a run folder" in capfd.readouterr().err


def test_evidence_lists_shows_audits_and_cites(capfd):
    assert main(["evidence", "list", "observed", "--json"]) == 0
    rows = json.loads(capfd.readouterr().out)
    assert rows
    assert all(row["id"].startswith("observed/") for row in rows)
    assert main(["evidence", "list", "--state", "assumed", "--json"]) == 0
    assert {row["state"] for row in json.loads(capfd.readouterr().out)} <= {"assumed"}
    assert main(["evidence", "show", rows[0]["id"]]) == 0
    assert rows[0]["title"] in capfd.readouterr().out
    assert main(["evidence", "audit", "--most", "3"]) == 0
    assert "why it is weak" in capfd.readouterr().out
    assert main(["evidence", "cite", rows[0]["id"], "--json"]) == 0
    assert len(json.loads(capfd.readouterr().out)) == 1


def test_evidence_of_a_misspelt_number_suggests_the_nearest(capfd):
    assert main(["evidence", "show", "observed/tisacel_peek"]) == 2
    assert "did you mean 'observed/tisacel_peak'?" in capfd.readouterr().err


def test_doctor_is_well_and_fails_when_something_is_not(monkeypatch, capfd):
    assert main(["doctor"]) == 0
    assert "All is well." in capfd.readouterr().out

    def broken():
        raise RuntimeError("the solver says 2 + 2 = 5")

    monkeypatch.setitem(sys.modules["progenitor.cli.doctor"]._TESTS, "solver", broken)
    assert main(["doctor", "--json"]) == 1
    answer = json.loads(capfd.readouterr().out)
    assert answer["ok"] is False
    assert {finding["test"]: finding["ok"] for finding in answer["tests"]}["solver"] is False


@pytest.mark.parametrize(
    "changes",
    [
        {"LC_ALL": "C", "LANG": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"HOME": "/nonexistent", "COLUMNS": "20"},
        {"HOME": ""},
    ],
    ids=["C", "POSIX", "ascii", "narrow", "no home"],
)
def test_any_surroundings_will_do(changes):
    environment = {"PATH": os.environ["PATH"], **changes}
    if "PYTHONPATH" in os.environ:
        environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
    for words in (["check", str(STUDY)], ["run", "--help"], ["evidence", "audit"]):
        done = subprocess.run(
            [sys.executable, "-m", "progenitor", *words],
            capture_output=True,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_traceback():
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m progenitor evidence list --json | head -1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


class Terminal:
    """A stream that says a person is looking at it."""

    def __init__(self, stream):
        self.stream = stream

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def isatty(self):
        return True


def test_a_terminal_gets_a_drawn_table_and_a_bar(finished, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal(sys.stdout))
    monkeypatch.setattr(sys, "stderr", Terminal(sys.stderr))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["run", str(STUDY)]) == 0
    out, err = capsys.readouterr()
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)
    table = plain.split("Tscm or conventional: value")[1].split("results")[0]
    assert "─" in table
    assert "Persistence at 12 months" in table
    assert "27.0 cell/uL (21.6–32.4)" in table
    assert "100/100 patients" not in err
    written = [line for line in table.splitlines() if not line.startswith(("results", "report"))]
    assert max(map(len, written)) <= 80


def test_one_thread_means_the_same_here_and_in_workers():
    from progenitor.cli import _app
    from progenitor.study import _workers

    assert dict.fromkeys(_app.ONE_THREAD, "1") == _workers._ONE_THREAD
