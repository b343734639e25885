"""100,000 patients × 735 days, four observables, through the streaming interface, on two threads.

Of each patient is kept what a trial would report: expansion, exposure and persistence of CAR-T
cells, the tumour at visits and its first return, the peak of interleukin 6, B cells at visits. Run
as a module it is the process whose memory is measured; patients are sampled before the clock starts
and their parameters count as memory.
"""

import json
import sys
import time
from typing import Any, Final

import numpy as np

from benchmarks.cart22._entries import Precision

__all__ = ["PATIENTS", "streamed"]

PATIENTS: Final = 100_000
THREADS: Final = 2
VISITS: Final = (0.0, 33.0, 60.0, 95.0, 185.0, 370.0, 735.0)
"""Days on which a trial looks."""
DETECTED: Final = 1e-3
"""Millions of CAR-T cells that an assay still sees."""
RELAPSED: Final = 1e3
"""Millions of tumour cells that are a relapse."""


def streamed(precision: Precision, tolerance: float) -> dict[str, Any]:
    """Solve in a process of its own; seconds of solving and MB of the whole process at its peak."""
    from benchmarks.cart22._children import run_module

    return run_module("benchmarks.cart22._streamed", precision, repr(tolerance), str(PATIENTS))


def main() -> None:
    """Solve and print what it took."""
    from benchmarks.cart22._machine import peak_rss_mb
    from benchmarks.cart22._patients import sample
    from benchmarks.cart22._problem import DAYS, doses, model
    from progenitor.engine import SolverOptions, simulate_streamed

    precision, tolerance, count = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    patients, rows = sample(0, count), np.arange(count)
    start = time.perf_counter()
    found = simulate_streamed(
        model("observables"),
        patients,
        times=DAYS,
        reducers=_reducers(),
        doses=doses(patients),
        seed=1,
        draw=np.zeros_like(rows),
        patient=rows,
        options=SolverOptions(precision=precision, rtol=tolerance, threads=THREADS),
    )
    answer = {
        "seconds": round(time.perf_counter() - start, 2),
        "peak_rss_mb": round(peak_rss_mb(), 1),
        "patients": count,
        "precision": precision,
        "tolerance": tolerance,
        "threads": THREADS,
        "failed": sum(found.failures.values()),
    }
    print(json.dumps(answer))


def _reducers() -> list[Any]:
    from progenitor.engine.reducers import Area, Crossing, LastAbove, Maximum, Visits

    return [
        Maximum("Cb"),
        Area("Cb"),
        LastAbove("Cb", DETECTED),
        Visits("Tt", VISITS),
        Crossing("Tt", RELAPSED, start=VISITS[1]),
        Maximum("IL6"),
        Visits("B", VISITS),
    ]


if __name__ == "__main__":
    main()
