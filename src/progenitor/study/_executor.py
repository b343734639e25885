"""The chunks of a run, simulated wherever there is a processor, and stored as they come back."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from progenitor.study._chunk import Chunk, patients_in
from progenitor.study._effort import Effort
from progenitor.study._shard import Shard
from progenitor.study._store import RunStore
from progenitor.study._workers import Work, do_all

__all__ = ["ProgressReport", "run_chunks"]

ProgressReport = Callable[[int, int], None]
"""Called with (patients finished, patients in the run) whenever a chunk is finished."""

Plan = TypeVar("Plan")


def run_chunks(
    chunks: Sequence[Chunk],
    function: Callable[[Plan, Chunk], Shard],
    plan: Plan,
    *,
    store: RunStore,
    jobs: int = 1,
    progress: ProgressReport | None = None,
    worked: Callable[[Effort], None] | None = None,
) -> int:
    """Simulate every chunk the store does not hold yet, and store what comes back.

    With one job the work is done in this process; with more, in as many fresh processes with one
    linear-algebra thread each. The numbers are the same: random streams are keyed by what is
    drawn, not by who draws it. A worker that dies (killed, out of memory) is replaced and its
    chunk simulated again. Ctrl-C stops the workers at once and leaves the store resumable.

    Parameters
    ----------
    chunks
        All chunks of the run; finished ones are skipped.
    function
        Top-level function ``(plan, chunk) -> Shard`` that other processes can import.
    plan
        What ``function`` needs besides the chunk; it travels to every process.
    store
        Run store open for writing.
    jobs
        Number of processes.
    progress
        Called with the patients finished so far and in all.
    worked
        Called with what the solver did for each chunk.

    Returns
    -------
    int
        How many times workers died and were replaced.

    Raises
    ------
    SimulationError
        If a chunk needs more memory than there is, or keeps killing its worker.
    KeyboardInterrupt
        After Ctrl-C, within two seconds.
    """
    finished = store.finished()
    waiting = [chunk for chunk in chunks if chunk.key not in finished]
    total = patients_in(chunks)
    done = total - patients_in(waiting)

    def keep(position: int, shard: Shard) -> None:
        nonlocal done
        store.write(waiting[position].key, shard)
        done += patients_in([waiting[position]])
        if worked is not None:
            worked(shard.effort)
        if progress is not None:
            progress(done, total)

    if progress is not None:
        progress(done, total)
    work = Work(partial(function, plan), waiting, keep, name=lambda chunk: f"chunk {chunk.key}")
    return do_all(work, jobs=jobs)
