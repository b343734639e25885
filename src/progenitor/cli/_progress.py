"""Progress with rate and time left: a bar on a terminal, plain lines anywhere else."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import final

import typer

__all__ = ["PlainProgress", "progress_bar"]

Report = Callable[[int, int], None]
_SECONDS_BETWEEN_LINES = 5.0


@final
@dataclass(slots=True)
class PlainProgress:
    """Says how far things are in lines of text, at most one every five seconds.

    Parameters
    ----------
    what
        What is counted, in the plural.
    clock
        Seconds of a clock that only goes forward.

    Examples
    --------
    >>> ticks = iter([0.0, 10.0])
    >>> progress = PlainProgress("patients", clock=lambda: next(ticks))
    >>> progress.line(0, 100), progress.line(50, 100)
    ('0/100 patients', '50/100 patients, 5.0/s, 0:10 left')
    """

    what: str
    clock: Callable[[], float] = time.monotonic
    _start: tuple[float, int] | None = None
    _said: float | None = None

    def line(self, done: int, total: int) -> str:
        """Return the current line, or nothing when it is too early for another."""
        now = self.clock()
        if self._start is None or done == self._start[1]:
            self._start = (now, done)  # what precedes the first is not what it takes for one
        if self._said is not None and now - self._said < _SECONDS_BETWEEN_LINES and done < total:
            return ""
        self._said = now
        text = f"{done}/{total} {self.what}"
        elapsed, finished = now - self._start[0], done - self._start[1]
        if finished <= 0 or elapsed <= 0.0:
            return text
        rate = finished / elapsed
        minutes, seconds = divmod(round((total - done) / rate), 60)
        return f"{text}, {rate:.1f}/s, {minutes}:{seconds:02d} left"

    def __call__(self, done: int, total: int) -> None:
        """Print the current line."""
        if text := self.line(done, total):
            typer.echo(text, err=True)


@contextlib.contextmanager
def progress_bar(what: str) -> Iterator[Report]:
    """Open a progress display on stderr; call what it gives with (done, total).

    Parameters
    ----------
    what
        What is counted, in the plural.
    """
    if not sys.stderr.isatty():
        yield PlainProgress(what)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, rate="")
        start: list[tuple[float, int]] = []

        def report(done: int, total: int) -> None:
            if not start or done == start[0][1]:
                start[:] = [(time.monotonic(), done)]
            elapsed = time.monotonic() - start[0][0]
            rate = f"{(done - start[0][1]) / elapsed:.1f}/s" if elapsed > 0.0 else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield report
