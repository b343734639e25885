"""Killed workers, killed runs and Ctrl-C: the run goes on where it stopped, with the same bits."""

import os
import random  # noqa: TID251 - chooses when to kill, from a stated seed; no result depends on it
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("drive_run.py")


def start(folder: Path, *, jobs: int, seconds: float = 0.02, resume: bool = False):
    words = [str(folder), str(jobs), str(seconds), *(["resume"] if resume else [])]
    return subprocess.Popen(
        [sys.executable, str(DRIVER), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def digest(tmp_path_factory) -> str:
    run = start(tmp_path_factory.mktemp("whole"), jobs=1, seconds=0.0)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 0, err
    return out.split()[-1]


def members(group: int) -> list[int]:
    """Processes of a group that are still alive (zombies are not)."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] not in "ZX":
            alive.append(int(stat.parent.name))
    return alive


def workers(run: subprocess.Popen) -> list[int]:
    """Processes that hold the pipe to the parent, apart from the parent and its tracker."""
    found = []
    for pid in members(run.pid):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in words:
            found.append(pid)
    return found


def nothing_left(run: subprocess.Popen) -> bool:
    """Wait a moment for the last helpers to notice, then look whether any process is left."""
    deadline = time.monotonic() + 5.0
    while members(run.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return members(run.pid) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_run_is_resumed_to_the_same_digest(tmp_path, digest, jobs):
    run = start(tmp_path, jobs=jobs, seconds=0.15)
    index = None
    while not index or not list((index.parent / "shards").glob("*.series.parquet")):
        time.sleep(0.02)
        index = next(tmp_path.glob("*/index.sqlite"), None)
    run.kill()
    run.communicate(timeout=10)
    again = start(tmp_path, jobs=jobs, resume=True)
    out, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    assert out.split()[-1] == digest
    assert nothing_left(run)


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_at_the_terminal_ends_in_two_seconds_without_a_word(tmp_path, jobs):
    run = start(tmp_path, jobs=jobs, seconds=30.0)
    assert run.stdout.readline().startswith("started")
    time.sleep(1.0)
    begun = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)
    _, err = run.communicate(timeout=10)
    assert run.returncode == 130
    assert time.monotonic() - begun < 2.0
    assert "Traceback" not in err
    assert nothing_left(run)


def chaos(folder: Path, generator: random.Random) -> str:
    """Kill a worker, or everything, at random moments until the run has finished."""
    resume = False
    while True:
        run = start(folder, jobs=2, seconds=0.05, resume=resume)
        resume = True
        time.sleep(generator.uniform(0.3, 1.5))
        if generator.random() < 0.5:
            run.kill()
        else:
            for pid in workers(run)[:1]:
                os.kill(pid, signal.SIGKILL)
        out, err = run.communicate(timeout=60)
        if run.returncode == 0:
            return out.split()[-1]
        assert run.returncode == -signal.SIGKILL, err


@pytest.mark.parametrize("seed", range(4))
def test_chaos_ends_in_one_digest(tmp_path, digest, seed):
    assert chaos(tmp_path, random.Random(seed)) == digest


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 300))
def test_much_chaos_ends_in_one_digest(tmp_path, digest, seed):
    assert chaos(tmp_path, random.Random(seed)) == digest
