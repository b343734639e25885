"""Cold start: from launching a process to 1,000 patients solved, all outputs, f64, 1e-6.

Run as a module it is that process; it prints a line the moment the last patient is solved.
"""

import tempfile
import time
from typing import Final

import numpy as np

__all__ = ["cold_start", "cold_start_without_cache", "first_use"]

PATIENTS: Final = 1_000
TOLERANCE: Final = 1e-6


def cold_start(repeats: int) -> float:
    """Seconds with machine code kept from earlier runs, the median."""
    return float(np.median([_seconds({}) for _ in range(repeats)]))


def cold_start_without_cache() -> float:
    """Seconds when the model was never seen before."""
    with tempfile.TemporaryDirectory() as empty:
        return _seconds({"PROGENITOR_CACHE": empty})


def first_use() -> float:
    """Seconds on a machine that never ran progenitor: the solver itself is compiled too."""
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as other:
        return _seconds({"PROGENITOR_CACHE": empty, "NUMBA_CACHE_DIR": other})


def _seconds(settings: dict[str, str]) -> float:
    from benchmarks.cart22._children import start_module

    start = time.perf_counter()
    with start_module("benchmarks.cart22._cold", settings=settings) as process:
        line = process.stdout.readline() if process.stdout else ""
        seconds = time.perf_counter() - start
        process.communicate()
    if line.strip() != f"solved {PATIENTS}":
        raise RuntimeError(f"the cold process said '{line.strip()}' and ended; see above")
    return seconds


def main() -> None:
    """Solve and say so."""
    from benchmarks.cart22._ours import Ours
    from benchmarks.cart22._patients import sample

    values = Ours("all", "double", threads=2).solve(sample(0, PATIENTS), TOLERANCE)
    print(f"solved {int(np.isfinite(values).all(axis=(1, 2)).sum())}", flush=True)


if __name__ == "__main__":
    main()
