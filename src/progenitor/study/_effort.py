"""How long the solver worked, and for how many patients."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import final

__all__ = ["Effort", "timed"]


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
