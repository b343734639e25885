"""Progenitor on the clone test: the hybrid of solver and leaps, and exact simulation."""

import time
from collections.abc import Callable
from typing import Final

import numpy as np

from benchmarks.stochastic._clone import DAYS, NUMBERS, SIZES, clone_model
from progenitor.engine import Trajectories, simulate, simulate_exact

__all__ = ["SOLVERS", "run_ours"]

SOLVERS: Final[dict[str, Callable[..., Trajectories]]] = {
    "progenitor hybrid": simulate,
    "progenitor exact": simulate_exact,
}
SEED: Final = 1


def run_ours(solver: str, *, constant: bool, runs: int) -> tuple[float, np.ndarray]:
    """Return seconds of one core, and how many of each size's runs end without a cell.

    Parameters
    ----------
    solver
        One of :data:`SOLVERS`.
    constant
        Whether the CAR-T population is constant.
    runs
        Of each size.
    """
    model = clone_model(constant=constant)

    def solve(count: int) -> Trajectories:
        rows = np.arange(count * len(SIZES))
        values = {name: np.full(rows.size, value) for name, value in NUMBERS.items()}
        return SOLVERS[solver](
            model,
            values | {"start": np.array(SIZES, dtype=float)[rows % len(SIZES)]},
            times=np.tile([0.0, DAYS], (rows.size, 1)),
            seed=SEED,
            draw=0 * rows,
            patient=rows,
        )

    solve(1)
    begin = time.process_time()
    found = solve(runs)
    seconds = time.process_time() - begin
    if (found.status != 0).any():
        raise RuntimeError(f"{solver}: {int((found.status != 0).sum())} runs failed")
    gone = found.observable("cells")[:, 1].reshape(runs, len(SIZES)) == 0
    return seconds, gone.sum(axis=0)
