"""Killed inside a write: the old run or the new one, never a torn one (≥ 500 crash points)."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("crash_points.py")


def points(folder: Path, *, stride: int) -> int:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), str(stride)],
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_crashes_while_writing_leave_nothing_torn(tmp_path):
    assert points(tmp_path, stride=23) >= 10


@pytest.mark.slow
def test_a_crash_at_every_line_leaves_nothing_torn(tmp_path):
    assert points(tmp_path, stride=1) >= 500
