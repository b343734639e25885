"""Judging many cases on several processes, none of which can take the others with it."""

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from progenitor.testing._suite_verdict import SuiteVerdict

__all__ = ["judge_all"]

Judge = Callable[[Path], SuiteVerdict]

_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")


def judge_all(judge: Judge, folders: Sequence[Path], *, jobs: int = 1) -> list[SuiteVerdict]:
    """Judge the cases in these folders; the verdicts come in their order.

    A case whose process dies is judged again alone, and fails when it dies again.

    Parameters
    ----------
    judge
        Top-level function, or a ``functools.partial`` of one, that never raises.
    folders
        One per case.
    jobs
        Number of processes; with one, the work is done in this process.
    """
    verdicts: dict[Path, SuiteVerdict] = {}
    with _progress(len(folders)) as advance:

        def note(folder: Path, verdict: SuiteVerdict) -> None:
            verdicts[folder] = verdict
            advance()

        if jobs <= 1:
            for folder in folders:
                note(folder, judge(folder))
        while left := [folder for folder in folders if folder not in verdicts]:
            _on_processes(judge, left, jobs, note)
            suspect = next((folder for folder in left if folder not in verdicts), None)
            if suspect is None:
                break
            _on_processes(judge, [suspect], 1, note)
            if suspect not in verdicts:
                note(suspect, SuiteVerdict(suspect.name, "fail", "the process died"))
    return [verdicts[folder] for folder in folders]


def _on_processes(
    judge: Judge, folders: Sequence[Path], jobs: int, note: Callable[[Path, SuiteVerdict], None]
) -> None:
    """Judge until all is done or a process dies, which ends the work of all."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(folders)), context, _quiet) as pool:
        waiting: dict[Future[SuiteVerdict], Path] = {
            pool.submit(judge, folder): folder for folder in folders
        }
        try:
            for done in as_completed(waiting):
                note(waiting[done], done.result())
        except BrokenProcessPool:
            return
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _quiet() -> None:
    """One thread in each process, and Ctrl-C left to the one that started them."""
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing anywhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("cases", total=total)
        yield lambda: bar.advance(task)
