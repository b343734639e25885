"""How the work of a run is divided: among processes, or among the threads of the solver."""

from dataclasses import replace
from typing import Final

from progenitor.study._plan import Plan

__all__ = ["divide"]

_WORTH_PROCESSES: Final = 40_000
"""Simulated patients from which processes pay. Starting one takes some five seconds of a processor
(imports, bodies, compiled code), as long as simulating ten thousand patients; below this number the
solver's threads in this process are faster."""


def divide(plan: Plan, *, simulations: int, jobs: int) -> tuple[int, Plan]:
    """Return how many processes to use, and the plan with the threads of the solver in each.

    The reference engine holds Python's lock while it works, so it is divided among processes.

    Parameters
    ----------
    plan
        What is simulated.
    simulations
        How many patients, every arm counted.
    jobs
        Processors to use.
    """
    if jobs > 1 and (plan.file.solver.engine == "reference" or simulations >= _WORTH_PROCESSES):
        return jobs, replace(plan, threads=1)
    return 1, replace(plan, threads=max(1, jobs))
