"""How the work of a run is divided: among processes, or among the threads of the solver."""

from typing import Final

__all__ = ["divide"]

_WORTH_PROCESSES: Final = 40_000
"""Simulated patients from which processes pay. Starting one takes some five seconds of a processor
(imports, bodies, compiled code), as long as simulating ten thousand patients; below this number the
solver's threads in this process are faster."""


def divide(engine: str, *, simulations: int, jobs: int) -> tuple[int, int]:
    """Return how many processes to use, and how many threads of the solver in each.

    The reference engine holds Python's lock while it works, so it is divided among processes.

    Parameters
    ----------
    engine
        ``"fast"`` or ``"reference"``.
    simulations
        How many patients, every arm counted.
    jobs
        Processors to use.

    Examples
    --------
    >>> divide("fast", simulations=1_000, jobs=4), divide("fast", simulations=10**6, jobs=4)
    ((1, 4), (4, 1))
    """
    if jobs > 1 and (engine == "reference" or simulations >= _WORTH_PROCESSES):
        return jobs, 1
    return 1, max(1, jobs)
