"""How long the solver worked, and for how many patients."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, final

__all__ = ["Effort", "run_record", "timed"]


@final
@dataclass(frozen=True, slots=True)
class Effort:
    """Work of the solver; efforts of several workers add up.

    Parameters
    ----------
    seconds
        Seconds in which it made lots and treated patients.
    patients
        How many it treated.

    Examples
    --------
    >>> Effort(1.5, 100) + Effort(0.5, 50)
    Effort(seconds=2.0, patients=150)
    """

    seconds: float = 0.0
    patients: int = 0

    def __add__(self, other: "Effort") -> "Effort":
        return Effort(self.seconds + other.seconds, self.patients + other.patients)


@contextmanager
def timed(seconds: list[float]) -> Iterator[None]:
    """Append the seconds that pass within a ``with`` block.

    Examples
    --------
    >>> seconds = []
    >>> with timed(seconds):
    ...     pass
    >>> len(seconds)
    1
    """
    start = time.perf_counter()
    try:
        yield
    finally:
        seconds.append(time.perf_counter() - start)


def run_record(started: float, efforts: Sequence[Effort], **more: Any) -> dict[str, Any]:
    """Return what is recorded of a finished run: how long it took, and what the solver did.

    Parameters
    ----------
    started
        Reading of the performance counter at the beginning.
    efforts
        Of every chunk.
    more
        What else is recorded.

    Examples
    --------
    >>> record = run_record(time.perf_counter(), [Effort(1.0, 10), Effort(2.0, 5)], digest="0")
    >>> record["solving_seconds"], record["simulations"], record["digest"]
    (3.0, 15, '0')
    """
    effort = sum(efforts, start=Effort())
    return {
        "seconds": time.perf_counter() - started,
        "solving_seconds": effort.seconds,
        "simulations": effort.patients,
        **more,
    }
