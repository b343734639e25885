"""The real study on the real command line: killed, interrupted, resumed, on one process or two."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

STUDY = Path(__file__).parents[2] / "studies" / "tscm_vs_cart_dlbcl.yaml"
SEVERAL = ["--draws", "12", "--patients", "250"]  # a chunk for each draw: seconds of work


def start(folder: Path, *words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "progenitor", "run", str(STUDY), "--runs-dir", str(folder), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def answer(run: subprocess.Popen) -> dict:
    out, err = run.communicate(timeout=300)
    assert run.returncode == 0, err
    return json.loads(out)


def wait_for(folder: Path, pattern: str, run: subprocess.Popen) -> None:
    while not list(folder.glob(pattern)):
        assert run.poll() is None, "the run was over before it could be killed"
        time.sleep(0.02)


@pytest.mark.slow
def test_jobs_and_kills_change_nothing(tmp_path):
    whole = answer(start(tmp_path / "one", *SEVERAL, "--jobs", "1", "--json"))
    killed = start(tmp_path / "two", *SEVERAL, "--jobs", "2")
    wait_for(tmp_path / "two", "*/shards/*.series.parquet", killed)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=10)
    resumed = answer(start(tmp_path / "two", *SEVERAL, "--jobs", "2", "--resume", "--json"))
    for changing in ("seconds", "solving_seconds", "simulations", "report", "run_dir"):
        whole.pop(changing)
        resumed.pop(changing)
    assert resumed == whole


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["*/run.json", "*/shards/*.parquet"])
def test_ctrl_c_ends_in_two_seconds_with_words(tmp_path, pattern):
    run = start(tmp_path, "--draws", "24", "--patients", "250", "--jobs", "2")
    wait_for(tmp_path, pattern, run)
    time.sleep(0.2)
    begun = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)
    _, err = run.communicate(timeout=30)
    assert time.monotonic() - begun < 2.0
    assert run.returncode == 130
    assert "Traceback" not in err
    assert "--resume" in err
