"""Chunks mapped over processes: a killed worker costs time, never a number."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from typing import TypeVar

from progenitor.errors import SimulationError
from progenitor.study._chunk import Chunk, patients_in
from progenitor.study._shard import Shard
from progenitor.study._store import RunStore

__all__ = ["ProgressReport", "run_chunks"]

ProgressReport = Callable[[int, int], None]
"""Called with (patients finished, patients in the run) whenever a chunk is finished."""

Plan = TypeVar("Plan")

_ATTEMPTS = 5
_ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)


def run_chunks(
    chunks: Sequence[Chunk],
    function: Callable[[Plan, Chunk], Shard],
    plan: Plan,
    *,
    store: RunStore,
    jobs: int = 1,
    progress: ProgressReport | None = None,
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

    def report(chunk: Chunk | None, shard: Shard | None) -> None:
        nonlocal done
        if chunk is not None and shard is not None:
            store.write(chunk.key, shard)
            done += chunk.patients
        if progress is not None:
            progress(done, total)

    report(None, None)
    if jobs <= 1 or len(waiting) <= 1:
        for chunk in waiting:
            with _memory_errors(chunk):
                shard = function(plan, chunk)
            report(chunk, shard)
        return 0
    return _run_in_processes(waiting, function, plan, min(jobs, len(waiting)), report)


def _run_in_processes(
    waiting: Sequence[Chunk],
    function: Callable[[Plan, Chunk], Shard],
    plan: Plan,
    jobs: int,
    report: Callable[[Chunk, Shard], None],
) -> int:
    """Start pools until every chunk is done; a new one whenever a worker died."""
    left = list(waiting)
    attempts = dict.fromkeys(left, 0)
    deaths = 0
    while left:
        in_hand: dict[Future[Shard], Chunk] = {}
        try:
            with _pool(jobs) as pool:
                _drain(pool, left, in_hand, function, plan, jobs, report)
        except BrokenProcessPool:
            deaths += 1
            for chunk in in_hand.values():
                attempts[chunk] += 1
            left = [*in_hand.values(), *left]
            if (worst := max(left, key=attempts.__getitem__)) and attempts[worst] >= _ATTEMPTS:
                raise SimulationError(
                    f"the process simulating chunk {worst.key} died {_ATTEMPTS} times, most "
                    "likely for want of memory. Fix: use fewer --jobs, or --jobs 1 to see the "
                    "error; finished chunks are kept, continue with --resume"
                ) from None
    return deaths


def _drain(
    pool: ProcessPoolExecutor,
    left: list[Chunk],
    in_hand: dict[Future[Shard], Chunk],
    function: Callable[[Plan, Chunk], Shard],
    plan: Plan,
    jobs: int,
    report: Callable[[Chunk, Shard], None],
) -> None:
    """Keep every worker busy, one chunk ahead, until nothing is left.

    ``left`` and ``in_hand`` are changed in place, so that after a failure the caller knows which
    chunks were lost.
    """
    while left or in_hand:
        while left and len(in_hand) <= jobs:
            chunk = left.pop(0)
            try:
                with _interrupts_held():
                    future = pool.submit(function, plan, chunk)
            except BaseException:
                left.insert(0, chunk)
                raise
            in_hand[future] = chunk
        for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
            with _memory_errors(in_hand[future]):
                shard = future.result()
            report(in_hand.pop(future), shard)


@contextlib.contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Open a pool of fresh processes; on any way out none of them is left behind."""
    before = set(multiprocessing.active_children())
    with _environment(_ONE_THREAD):
        pool = ProcessPoolExecutor(
            jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_begin_worker
        )
        try:
            yield pool
        except BaseException:
            _kill(set(multiprocessing.active_children()) - before)
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        pool.shutdown(wait=True)


def _kill(processes: set[BaseProcess]) -> None:
    for process in processes:
        process.kill()


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_die_with, args=(parent,), daemon=True).start()


def _die_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a process is started, so that the new one is born deaf to it."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables that new processes inherit, and put the old ones back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _memory_errors(chunk: Chunk) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise SimulationError(
            f"there is not enough memory for chunk {chunk.key} ({chunk.patients} patients). Fix: "
            "use fewer --jobs or fewer --patients; finished chunks are kept, continue with --resume"
        ) from error
