"""The course of one observable in a chunk of patients, which reducers look at."""

from dataclasses import dataclass
from typing import Protocol, final

import numpy as np
from jaxtyping import Bool, Float

__all__ = ["AbstractReducer", "Course"]


@final
@dataclass(frozen=True, slots=True)
class Course:
    """Values of an observable at the output times of some patients.

    Parameters
    ----------
    times
        Output times, the same for all.
    values
        NaN after a patient has stopped, and throughout where it failed.
    """

    times: Float[np.ndarray, " time"]
    values: Float[np.ndarray, "patient time"]

    def within(self, start: float, end: float) -> "Course":
        """Return the part of the course from one time to another, both included."""
        kept = (self.times >= start) & (self.times <= end)
        return Course(self.times[kept], self.values[:, kept])

    @property
    def known(self) -> Bool[np.ndarray, " patient"]:
        """Whether a patient has any value at all."""
        known: Bool[np.ndarray, " patient"] = ~np.isnan(self.values).all(axis=1)
        return known


class AbstractReducer(Protocol):
    """Something that is kept of the course of one observable."""

    @property
    def observable(self) -> str:
        """Which observable."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the numbers kept of each patient."""
        ...

    def __call__(self, course: Course) -> Float[np.ndarray, "patient column"]:
        """Return them; NaN where they do not exist."""
        ...
