"""Compiled functions: made once by one process, made again when damaged, and made at all costs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MODULE = """
import sys
from progenitor.engine import _code_cache
if "nowhere" in sys.argv:
    _code_cache.writable = lambda folder: False
from progenitor.engine._compiled import compiled

@compiled
def answer(value: float) -> float:
    total = value
    for i in range(10):
        total += i * value
    return total

if __name__ == "__main__":
    print(answer(1.0), sum(answer.stats.cache_misses.values()))
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    (tmp_path / "module").mkdir()
    (tmp_path / "module" / "counted.py").write_text(MODULE, encoding="utf-8")
    return tmp_path / "module"


def start(module: Path, kept: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-B", "-m", "counted", *words],
        cwd=module,
        env={**os.environ, "NUMBA_CACHE_DIR": str(kept)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answers(*running: subprocess.Popen[str]) -> list[str]:
    found = []
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        found.append(out.strip())
    return sorted(found)


def test_processes_that_need_a_function_at_once_compile_it_once(module, tmp_path):
    running = [start(module, tmp_path / "kept") for _ in range(4)]
    assert answers(*running) == ["46.0 0", "46.0 0", "46.0 0", "46.0 1"]


@pytest.mark.parametrize("what", ["*.nbc", "*.nbi"])
@pytest.mark.parametrize("left", [0, 100])
def test_damaged_code_is_made_again(module, tmp_path, what, left):
    kept = tmp_path / "kept"
    assert answers(start(module, kept)) == ["46.0 1"]
    (file,) = kept.glob(what)
    file.write_bytes(file.read_bytes()[:left])
    assert answers(start(module, kept)) == ["46.0 1"]
    assert answers(start(module, kept)) == ["46.0 0"]


def test_where_nothing_can_be_written_everything_is_compiled(module, tmp_path):
    (tmp_path / "file").touch()
    for _ in range(2):
        assert answers(start(module, tmp_path / "file", "nowhere")) == ["46.0 1"]


def test_a_folder_that_cannot_be_written_is_passed_over(module, tmp_path):
    """A file stands where the folder should be: the code is kept beside the source instead."""
    (tmp_path / "file").touch()
    assert answers(start(module, tmp_path / "file")) == ["46.0 1"]
    assert answers(start(module, tmp_path / "file")) == ["46.0 0"]
    assert list((module / "__pycache__").glob("counted.answer-*.nbc"))


def test_a_process_killed_while_it_compiles_keeps_nobody_waiting(module, tmp_path):
    """The lock of a dead process is free."""
    script = (
        "import fcntl, os, sys, time\n"
        "handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)\n"
        "fcntl.flock(handle, fcntl.LOCK_EX)\n"
        "print('locked', flush=True)\n"
        "time.sleep(600)\n"
    )
    kept = tmp_path / "kept"
    kept.mkdir()
    words = [sys.executable, "-c", script, str(kept / "counted.answer.lock")]
    holder = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "locked\n"
    waiting = start(module, kept)
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(timeout=4.0)
    holder.kill()
    holder.communicate()
    assert answers(waiting) == ["46.0 1"]
