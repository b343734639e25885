"""When a level is first reached."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.engine._course import Course

__all__ = ["Crossing"]


@final
@dataclass(frozen=True, slots=True)
class Crossing:
    r"""First-passage time: when an observable first reaches a level, from below or from above.

    Between two output times the course is taken as straight,

    .. math:: t = t_{k-1} + (t_k - t_{k-1}) \frac{\ell - y_{k-1}}{y_k - y_{k-1}},

    so that output times should be close; an event finds the moment itself.

    Parameters
    ----------
    observable
        Which.
    level
        In the observable's unit.
    rising
        Whether it is reached from below, otherwise from above.
    start
        Time before which nothing counts; a course that is beyond the level there has reached it.

    Examples
    --------
    >>> course = Course(np.array([0.0, 1.0, 2.0]), np.array([[0.0, 2.0, 6.0], [0.0, 0.0, 1.0]]))
    >>> Crossing("cells", 4.0)(course)
    array([[1.5],
           [nan]])
    """

    observable: str
    level: float
    rising: bool = True
    start: float = -np.inf

    @property
    def columns(self) -> tuple[str, ...]:
        """The time."""
        return ("time_of_crossing",)

    def __call__(self, course: Course) -> Float[np.ndarray, "patient column"]:
        """Return the time; NaN where the level is not reached."""
        part = course.within(self.start, np.inf)
        beyond = part.values >= self.level if self.rising else part.values <= self.level
        answer = np.full((len(course.values), 1), np.nan)
        rows = np.flatnonzero(beyond.any(axis=1))
        last = beyond[rows].argmax(axis=1)
        first = np.maximum(last - 1, 0)
        low, high = part.values[rows, first], part.values[rows, last]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(last > 0, (self.level - low) / (high - low), 0.0)
        begin = part.times[first]
        answer[rows, 0] = begin + np.nan_to_num(share) * (part.times[last] - begin)
        return answer
