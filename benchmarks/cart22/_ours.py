"""progenitor itself, through its public interface, checks of its inputs included."""

from typing import final

import numpy as np

from benchmarks.cart22._entries import Precision
from benchmarks.cart22._problem import DAYS, Outputs, doses, model
from progenitor.engine import SolverOptions, simulate

__all__ = ["Ours"]


@final
class Ours:
    """Solve patients with the fast engine."""

    def __init__(self, outputs: Outputs, precision: Precision, threads: int) -> None:
        self._model = model(outputs)
        self._precision = precision
        self._threads = threads

    def solve(self, patients: dict[str, np.ndarray], rtol: float) -> np.ndarray:
        """Return daily values, (patient, day, output)."""
        rows = np.arange(len(patients["dose"]))
        result = simulate(
            self._model,
            patients,
            times=np.broadcast_to(DAYS, (len(rows), len(DAYS))),
            doses=doses(patients),
            seed=1,
            draw=np.zeros_like(rows),
            patient=rows,
            options=SolverOptions(
                engine="fast", precision=self._precision, rtol=rtol, threads=self._threads
            ),
        )
        return result.values
