"""scikit-sundae: CVODE of SUNDIALS called from Python, its callbacks compiled by Numba.

The package calls back through Python whatever the function is, which costs more than the function;
one solver object serves all patients, the analytic Jacobian is given (without it, it takes a
seventh longer) and the dense linear solver is used (LAPACK's is slower at this size).
"""

from typing import Any, Final, final

import numpy as np

from benchmarks.cart22._peer_code import constants_of, peer_code
from benchmarks.cart22._peer_doses import dose_table
from benchmarks.cart22._problem import DAYS, SPECIES

__all__ = ["Sundae"]

ABSOLUTE: Final = 1e-8
MOST_STEPS: Final = 100_000


@final
class Sundae:
    """Solve patients with scikit-sundae's CVODE."""

    def __init__(self) -> None:
        self._code = peer_code()
        self._functions = _callbacks(self._code)

    def solve(self, patients: dict[str, np.ndarray], rtol: float) -> np.ndarray:
        """Return daily values, (patient, day, species)."""
        first, constants = constants_of(self._code, patients)
        stops, added = dose_table(patients)
        now = constants[0].copy()
        solver = _solver(self._functions, now, rtol)
        found = np.empty((len(first), len(DAYS), len(SPECIES)))
        for patient, y in enumerate(first):
            now[:] = constants[patient]
            for leg in range(len(stops) - 1):
                y = y + added[patient, leg]  # noqa: PLW2901 - the state goes on
                begin, end = int(stops[leg]), int(stops[leg + 1])
                path = solver.solve(_days(begin, end), y).y
                y = path[-1]  # noqa: PLW2901
                # Two output times would mean every step: one was put between them.
                found[patient, begin : end + 1] = path if end > begin + 1 else path[::2]
        return found


def _solver(functions: tuple[Any, Any], constants: np.ndarray, rtol: float) -> Any:
    from sksundae.cvode import CVODE

    derivative, jacobian = functions
    return CVODE(
        derivative,
        jacfn=jacobian,
        userdata=(constants,),
        rtol=rtol,
        atol=ABSOLUTE,
        max_num_steps=MOST_STEPS,
    )


def _days(begin: int, end: int) -> np.ndarray:
    if end > begin + 1:
        return np.arange(begin, end + 1.0)
    return np.array([begin, (begin + end) / 2.0, end])


def _callbacks(code: Any) -> tuple[Any, Any]:
    import numba

    write_derivative, write_jacobian = code.derivative, code.jacobian

    def derivative(t: Any, y: Any, dy: Any, given: Any) -> None:
        write_derivative(t, y, dy, given[0])

    def jacobian(t: Any, y: Any, _: Any, matrix: Any, given: Any) -> None:
        write_jacobian(t, y, matrix, given[0])

    return numba.njit(derivative), numba.njit(jacobian)
