"""Machine code kept on disk is made anew when anything it was made from has changed.

The function kept stands above the one it calls, which calls one of another file.
"""

import subprocess
import sys
from pathlib import Path

CALLEE = """
from progenitor.engine._compiled import compiled_part

FACTOR = {factor}

@compiled_part
def scaled(value: float) -> float:
    return {factor} * value
"""

CALLER = """
from callee import FACTOR, scaled
from progenitor.engine._compiled import compiled, compiled_function

@compiled
def answer(value: float) -> float:
    return between(value) + FACTOR

@compiled_function
def between(value: float) -> float:
    return scaled(value)

if __name__ == "__main__":
    print(answer(10.0), sum(answer.stats.cache_hits.values()))
"""


def run(folder: Path, factor: float) -> list[float]:
    (folder / "callee.py").write_text(CALLEE.format(factor=factor), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-B", "-m", "caller"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(word) for word in done.stdout.split()]


def test_kept_code_follows_what_it_calls(tmp_path: Path) -> None:
    (tmp_path / "caller.py").write_text(CALLER, encoding="utf-8")
    assert run(tmp_path, 2.0) == [22.0, 0.0]
    assert run(tmp_path, 2.0) == [22.0, 1.0]
    assert run(tmp_path, 3.0) == [33.0, 0.0]
