"""Broken study files: exit 2, every problem with file, line, field and fix, never a traceback.

``tests/bad_studies/NAME.yaml`` is broken on purpose; ``NAME.expected`` lists, by hand, the line
and the field of every problem in it (no field where the file as a whole is wrong).
"""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from progenitor.cli import main
from progenitor.evidence import default_catalogue

FOLDER = Path(__file__).parents[1] / "bad_studies"
STUDIES = sorted(FOLDER.glob("*.yaml"))


@pytest.fixture(autouse=True, scope="module")
def catalogue_in_memory() -> None:
    """Types are checked while the catalogue is read, which no user waits for."""
    default_catalogue()


def expected(study: Path) -> list[tuple[int, str]]:
    lines = study.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition(" ") for line in lines if not line.startswith("#")]
    return sorted((int(line), field.strip()) for line, _, field in pairs)


def found(study: Path, text: str) -> list[tuple[int, str]]:
    """Read line and field back from the messages; every message must hold a fix."""
    pairs = []
    for message in text.splitlines()[:-1]:
        match = re.fullmatch(re.escape(str(study)) + r":(\d+): (.+)", message)
        assert match, f"no file and line in {message!r}"
        said, fix = match[2].split(". Fix: ")
        assert len(fix) > 5, message
        field = re.match(r"([\w.\[\]!/ ]+?): ", said)
        whole = field is None or said.startswith("syntax error")
        pairs.append((int(match[1]), "" if whole else field[1]))
    return sorted(pairs)


def test_there_are_twenty_and_each_says_what_is_wrong():
    assert len(STUDIES) >= 20
    assert all(expected(study) for study in STUDIES)


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.stem)
def test_every_problem_is_named_and_nothing_else(study, capfd):
    begun = time.process_time()
    assert main(["check", str(study)]) == 2
    seconds = time.process_time() - begun
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert found(study, err) == expected(study), err
    assert seconds < 5.0


@pytest.mark.parametrize("name", ["everything_at_once", "yaml_bomb", "not_utf8"])
@pytest.mark.parametrize("command", ["check", "run", "make"])
def test_a_real_process_says_the_same(name, command):
    study = FOLDER / f"{name}.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "progenitor", command, str(study)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert found(study, done.stderr) == expected(study)


def test_check_for_machines_lists_the_same(capfd):
    import json

    study = FOLDER / "everything_at_once.yaml"
    assert main(["check", str(study), "--json"]) == 2
    answer = json.loads(capfd.readouterr().out)
    assert answer["ok"] is False
    pairs = sorted((problem["line"], problem["field"]) for problem in answer["problems"])
    assert pairs == expected(study)
    assert all(problem["file"] == str(study) and problem["fix"] for problem in answer["problems"])
