"""Values at chosen times."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.engine._course import Course
from progenitor.errors import SimulationError

__all__ = ["Visits"]


@final
@dataclass(frozen=True, slots=True)
class Visits:
    """Values of an observable at some of the output times.

    Parameters
    ----------
    observable
        Which.
    times
        Each must be an output time.

    Raises
    ------
    SimulationError
        When called on a course without one of the times.

    Examples
    --------
    >>> course = Course(np.array([0.0, 7.0, 14.0]), np.array([[1.0, 2.0, 4.0]]))
    >>> Visits("cells", (7.0, 14.0))(course)
    array([[2., 4.]])
    """

    observable: str
    times: tuple[float, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """One for each time, such as ``day_7``."""
        return tuple(f"day_{time:g}" for time in self.times)

    def __call__(self, course: Course) -> Float[np.ndarray, "patient column"]:
        """Return the values."""
        missing = [time for time in self.times if time not in course.times]
        if missing:
            raise SimulationError(
                f"visits of '{self.observable}': {missing} are not among the output times; add them"
            )
        return course.values[:, np.searchsorted(course.times, self.times)]
