"""Patients solved in chunks, several at a time, while the clock goes on."""

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final

from jaxtyping import Float64
from numpy import ndarray

from progenitor.engine._protocol import SolverOptions

__all__ = ["solve_in_chunks", "told"]

_TICK: Final = 0.05


def solve_in_chunks(
    work: Callable[[int, int], None],
    patients: int,
    options: SolverOptions,
    clock: Float64[ndarray, " 2"],
    done: Callable[[int], None],
) -> None:
    """Call some work for every chunk of patients.

    Parameters
    ----------
    work
        Takes the first row of a chunk and the first after it; runs in several threads at once.
    patients
        How many rows there are.
    options
        Patients of a chunk, and how many chunks at a time.
    clock
        Written while the work goes on: seconds now; and 1 in the second place to give up.
    done
        Called with the number of finished patients, now and then, by the thread that asked.
    """

    def chunk(first: int) -> int:
        last = min(first + options.chunk, patients)
        work(first, last)
        return last - first

    running: set[Future[int]] = set()
    left = iter(range(0, patients, options.chunk))
    finished = 0
    threads = max(1, min(options.threads, -(-patients // options.chunk)))
    with ThreadPoolExecutor(threads) as pool:
        try:
            while True:
                while len(running) < 2 * threads and (first := next(left, None)) is not None:
                    running.add(pool.submit(chunk, first))
                if not running:
                    return
                ended, running = wait(running, timeout=_TICK, return_when=FIRST_COMPLETED)
                clock[0] = time.perf_counter()
                for future in ended:
                    finished += future.result()
                    done(finished)
        finally:
            clock[1] = float(bool(running))


def told(progress: Callable[[int], None] | None, before: int = 0) -> Callable[[int], None]:
    """Make a callback of numbers that tells progress, or nobody; ``before`` are counted too."""
    return lambda count: None if progress is None else progress(before + count)
