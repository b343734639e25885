"""numbalsoda: LSODA in C++ called from compiled loops, its right-hand side a Numba ``cfunc``.

Nothing of Python runs between the first patient and the last. LSODA approximates the Jacobian
itself, numbalsoda offers no way to give it one. A dose restarts the solver, as it must.

Installing it builds Fortran: without wheels for the machine, have ``gfortran`` and ``cmake``.
"""

from typing import Any, Final, final

import numpy as np

from benchmarks.cart22._peer_code import constants_of, peer_code
from benchmarks.cart22._peer_doses import dose_table
from benchmarks.cart22._problem import OBSERVABLES, SPECIES, Outputs

__all__ = ["Numbalsoda"]

ABSOLUTE: Final = 1e-8
"""Absolute tolerance with the fastest front of (error, speed) of 1e-4, 1e-6, 1e-7, 1e-8, 1e-10."""
MOST_STEPS: Final = 100_000


@final
class Numbalsoda:
    """Solve patients with numbalsoda's LSODA."""

    def __init__(self, outputs: Outputs) -> None:
        self._code = peer_code()
        self._outputs = outputs
        self._function = _right_hand_side(self._code)
        self._loop = _loop()

    def solve(self, patients: dict[str, np.ndarray], rtol: float) -> np.ndarray:
        """Return daily values, (patient, day, output)."""
        first, constants = constants_of(self._code, patients)
        width = len(SPECIES) if self._outputs == "all" else len(OBSERVABLES)
        stops, added = dose_table(patients)
        found = np.empty((len(first), int(stops[-1]) + 1, width))
        self._loop(self._function.address, first, constants, stops, added, rtol, ABSOLUTE, found)
        return found


def _right_hand_side(code: Any) -> Any:
    import numba
    from numbalsoda import lsoda_sig

    derivative, species, constants = code.derivative, len(SPECIES), code.constants

    def function(t: Any, y: Any, dy: Any, k: Any) -> None:
        derivative(
            t, numba.carray(y, species), numba.carray(dy, species), numba.carray(k, constants)
        )

    return numba.cfunc(lsoda_sig)(function)


def _loop() -> Any:
    import numba
    from numbalsoda import lsoda

    def loop(
        address: Any, first: Any, constants: Any, stops: Any, added: Any, rtol: Any, atol: Any,
        found: Any,
    ) -> None:  # fmt: skip
        for patient in range(len(first)):
            y = first[patient].copy()
            for leg in range(len(stops) - 1):
                y += added[patient, leg]
                days = np.arange(stops[leg], stops[leg + 1] + 1.0)
                path, success = lsoda(address, y, days, constants[patient], rtol, atol, MOST_STEPS)
                if not success:
                    path[:] = np.nan
                begin = int(stops[leg])
                _write(found[patient, begin : begin + len(days)], path)
                y = path[-1]

    _write = numba.njit(_report)
    return numba.njit(loop)


def _report(found: Any, path: Any) -> None:
    """Keep all species, or the four observables, from one leg."""
    if found.shape[1] == path.shape[1]:
        found[:] = path
        return
    found[:, 0] = path[:, 0] + path[:, 1] + path[:, 2] + path[:, 3]
    found[:, 1] = path[:, 8] + path[:, 9]
    found[:, 2] = path[:, 14]
    found[:, 3] = path[:, 13]
