"""What a study file says of the solver, as the engine wants it."""

from dataclasses import replace
from typing import Final

from progenitor.engine import SolverOptions
from progenitor.study._sections import Solver

__all__ = ["solver_options"]

_TOLERANCES: Final = {"double": 1e-6, "single": 1e-5}
_SHARED_CHUNK: Final = 64
"""Patients that a thread takes at a time when several share the work."""


def solver_options(asked: Solver, *, threads: int = 1) -> SolverOptions:
    """Return how patients are solved.

    Parameters
    ----------
    asked
        The section of the file.
    threads
        How many the solver uses in this process; no number depends on it.

    Examples
    --------
    >>> solver_options(Solver(precision="single")).rtol
    1e-05
    """
    options = SolverOptions(
        rtol=_TOLERANCES[asked.precision], engine=asked.engine, precision=asked.precision
    )
    return options if threads == 1 else replace(options, threads=threads, chunk=_SHARED_CHUNK)
