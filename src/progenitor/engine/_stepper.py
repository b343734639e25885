"""One stretch of integration between two discontinuities, step by accepted step."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float

from progenitor.engine._trajectories import Status

__all__ = ["GivenUp", "Stepper"]

_MOST_STANDING: Final = 100
"""Steps in a row too short to change the time, after which no solution lies ahead."""


@final
class GivenUp(Exception):  # noqa: N818 - not an error: it ends one patient with a status
    """A patient cannot be simulated further."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.name)
        self.status = status


@final
class Stepper:
    """Adams/BDF integration with automatic choice between them (LSODA) up to a fixed time.

    Parameters
    ----------
    derivative
        Function of time and an array of values.
    start, values
        Where to begin.
    stop
        Time that is never stepped over.
    rtol, tolerances
        Relative tolerance, and absolute tolerance of each value.

    References
    ----------
    Petzold. Automatic selection of methods for solving stiff and nonstiff systems of ordinary
    differential equations. SIAM J Sci Stat Comput 1983, doi:10.1137/0904010.

    Examples
    --------
    >>> stepper = Stepper(lambda t, y: [-y[0]], 0.0, [1.0], 1.0, 1e-8, [1e-10])
    >>> while stepper.time < 1.0:
    ...     stepper.step()
    >>> abs(stepper.values[0] - math.exp(-1)) < 1e-7
    True
    """

    def __init__(
        self,
        derivative: Callable[[float, Any], Sequence[float]],
        start: float,
        values: Sequence[float],
        stop: float,
        rtol: float,
        tolerances: Sequence[float],
    ) -> None:
        from scipy.integrate import LSODA

        self._solver = LSODA(
            derivative, start, np.array(values), stop, rtol=rtol, atol=np.array(tolerances)
        )
        self._dense: Callable[[Any], Any] | None = None
        self._standing = 0
        self.time = start
        self.before = start
        self.values = list(values)

    def step(self) -> None:
        """Take one accepted step.

        Raises
        ------
        GivenUp
            When a value is not finite or the solver finds no step.
        """
        self._dense = None
        self.before = self.time
        self._solver.step()
        if self._solver.status == "failed":
            finite = all(map(math.isfinite, self._solver.fun(self.time, self._solver.y)))
            raise GivenUp(Status.STEP_LIMIT if finite else Status.NONFINITE)
        self.time = float(self._solver.t)
        self._standing = self._standing + 1 if self.time == self.before else 0
        if self._standing > _MOST_STANDING:
            raise GivenUp(Status.STEP_LIMIT)
        self.values = self._solver.y.tolist()
        if not all(map(math.isfinite, self.values)):
            raise GivenUp(Status.NONFINITE)

    def at(self, time: float) -> list[float]:
        """Values at a time within the last step."""
        if time == self.time:
            return self.values
        values: list[float] = self._interpolant()(time).tolist()
        return values

    def at_times(self, times: Sequence[float]) -> Float[np.ndarray, "time value"]:
        """Values at times within the last step."""
        values: Float[np.ndarray, "value time"] = self._interpolant()(np.array(times))
        return values.T

    def _interpolant(self) -> Callable[[Any], Any]:
        if self._dense is None:
            self._dense = self._solver.dense_output()
        return self._dense
