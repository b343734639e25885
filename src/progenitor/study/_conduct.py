"""Chunks of a run simulated on the processors there are, the solver compiled only once."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from progenitor.engine import warm_up
from progenitor.study._chunk import Chunk, patients_in
from progenitor.study._division import divide
from progenitor.study._effort import Effort
from progenitor.study._executor import ProgressReport, run_chunks
from progenitor.study._shard import Shard
from progenitor.study._store import RunStore

__all__ = ["conduct"]

Plan = TypeVar("Plan")


def conduct(
    chunks: Sequence[Chunk],
    function: Callable[[Plan, Chunk], Shard],
    plan: Callable[[int], Plan],
    *,
    engine: str,
    arms: int,
    store: RunStore,
    jobs: int,
    worked: Callable[[Effort], None],
    progress: ProgressReport | None = None,
) -> None:
    """Simulate every chunk that the store does not hold yet.

    Parameters
    ----------
    chunks, function, store, worked, progress
        As of :func:`run_chunks`.
    plan
        Makes the plan for a number of threads of the solver in each process.
    engine
        Which engine solves; several processes find the fast one compiled.
    arms
        How often a chunk simulates each patient.
    jobs
        Processors to use.
    """
    simulations = patients_in(chunks) * arms
    processes, threads = divide(engine, simulations=simulations, jobs=jobs)
    if processes > 1 and engine == "fast":
        warm_up()
    run_chunks(
        chunks,
        function,
        plan(threads),
        store=store,
        jobs=processes,
        progress=progress,
        worked=worked,
    )
