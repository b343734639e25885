"""Other processes: started in a clean environment, asked in JSON, stopped in the end."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, final

from benchmarks.cart22._entries import Entry

__all__ = ["Child", "run_module", "start_module"]

ROOT: Final = Path(__file__).parents[2]
_ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def start_module(
    module: str, *arguments: str, settings: dict[str, str] | None = None, quiet: bool = False
) -> subprocess.Popen[str]:
    """Start ``python -m module`` from the root of the repository."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=os.environ | _ONE_THREAD | (settings or {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if quiet else None,
        text=True,
        bufsize=1,
    )


def run_module(
    module: str, *arguments: str, settings: dict[str, str] | None = None
) -> dict[str, Any]:
    """Run a module to its end and return the JSON object it prints."""
    with start_module(module, *arguments, settings=settings) as process:
        printed, _ = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"python -m {module} ended with {process.returncode}; see above")
    answer: dict[str, Any] = json.loads(printed)
    return answer


@final
class Child:
    """The process of one entry."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        quiet = entry.solver == "libroadrunner"  # CVODE repeats one warning a thousand times
        module = "benchmarks.cart22._worker"
        self._process = start_module(module, json.dumps(asdict(entry)), quiet=quiet)

    def ask(self, **what: Any) -> dict[str, Any]:
        """Say a word and wait for the answer."""
        if self._process.stdin is None:
            raise RuntimeError("the process was started without a way to speak to it")
        self._process.stdin.write(json.dumps(what) + "\n")
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """Wait for an answer."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            name = f"{self.entry.solver} {self.entry.precision} {self.entry.outputs}"
            raise RuntimeError(f"{name}: the process ended with {self._process.wait()}; see above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
