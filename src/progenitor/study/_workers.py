"""Work mapped over processes: a killed worker costs time, never a number; Ctrl-C stops at once."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar, final

from progenitor.errors import SimulationError

__all__ = ["Work", "do_all", "map_all"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_ATTEMPTS = 5
_ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)


@final
@dataclass(frozen=True, slots=True)
class Work(Generic[Item, Result]):
    """What is to be done with every item.

    Parameters
    ----------
    function
        Top-level function, or a ``functools.partial`` of one, that other processes can import.
    items
        What it is called with; each travels to a process.
    finished
        Called in this process with the position of an item and its result, in any order.
    name
        What error messages call an item.
    """

    function: Callable[[Item], Result]
    items: Sequence[Item]
    finished: Callable[[int, Result], None]
    name: Callable[[Item], str] = str


def map_all(
    function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int = 1
) -> list[Result]:
    """Call a function with every item and return the results in order.

    Parameters
    ----------
    function, items
        As in :class:`Work`.
    jobs
        Number of processes; with one, the work is done in this process.

    Raises
    ------
    SimulationError
        As :func:`do_all`.

    Examples
    --------
    >>> map_all(abs, [-1, 2, -3])
    [1, 2, 3]
    """
    results: dict[int, Result] = {}
    do_all(Work(function, items, results.__setitem__), jobs=jobs)
    return [results[position] for position in range(len(items))]


def do_all(work: Work[Item, Result], *, jobs: int = 1) -> int:
    """Do all the work, in this process or in ``jobs`` fresh ones with one BLAS thread each.

    A worker that dies (killed, out of memory) is replaced and its item done again. After Ctrl-C
    or any error no process is left behind.

    Returns
    -------
    int
        How many times workers died and were replaced.

    Raises
    ------
    SimulationError
        If an item needs more memory than there is, or keeps killing its worker.
    KeyboardInterrupt
        After Ctrl-C, at once.
    """
    if jobs <= 1 or len(work.items) <= 1:
        for position, item in enumerate(work.items):
            with _memory_errors(work.name(item)):
                result = work.function(item)
            work.finished(position, result)
        return 0
    left = list(range(len(work.items)))
    attempts = [0] * len(left)
    deaths = 0
    while left:
        in_hand: dict[Future[Result], int] = {}
        try:
            with _pool(min(jobs, len(left))) as pool:
                _drain(pool, work, left, in_hand, ahead=jobs)
        except BrokenProcessPool:
            deaths += 1
            left = [*in_hand.values(), *left]
            for position in in_hand.values():
                attempts[position] += 1
                if attempts[position] >= _ATTEMPTS:
                    raise _hopeless(work.name(work.items[position])) from None
    return deaths


def _drain(
    pool: ProcessPoolExecutor,
    work: Work[Any, Result],
    left: list[int],
    in_hand: dict[Future[Result], int],
    *,
    ahead: int,
) -> None:
    """Keep every worker busy, one item ahead, until nothing is left.

    ``left`` and ``in_hand`` are changed in place, so that after a failure the caller knows which
    items were lost.
    """
    while left or in_hand:
        while left and len(in_hand) <= ahead:
            with _interrupts_held():
                future = pool.submit(work.function, work.items[left[0]])
                in_hand[future] = left.pop(0)
        for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
            with _memory_errors(work.name(work.items[in_hand[future]])):
                result = future.result()
            work.finished(in_hand.pop(future), result)


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
            for process in set(multiprocessing.active_children()) - before:
                process.kill()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        pool.shutdown(wait=True)


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
def _memory_errors(name: str) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise SimulationError(
            f"there is not enough memory for {name}. Fix: use fewer --jobs or fewer --patients; "
            "finished chunks are kept, continue with --resume"
        ) from error


def _hopeless(name: str) -> SimulationError:
    return SimulationError(
        f"the process working on {name} died {_ATTEMPTS} times, most likely for want of memory. "
        "Fix: use fewer --jobs, or --jobs 1 to see the error; finished chunks are kept, continue "
        "with --resume"
    )
