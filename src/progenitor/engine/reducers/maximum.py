"""The largest value and when it was reached."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.engine._course import Course

__all__ = ["Maximum"]


@final
@dataclass(frozen=True, slots=True)
class Maximum:
    r"""Cmax and Tmax: the largest value at an output time, and the first time with it.

    .. math:: C_{max} = \max_k y(t_k), \qquad T_{max} = \min \{t_k : y(t_k) = C_{max}\}

    Parameters
    ----------
    observable
        Which.
    start, end
        Between which times, both included.

    Examples
    --------
    >>> course = Course(np.array([0.0, 7.0, 14.0]), np.array([[1.0, 3.0, np.nan]]))
    >>> Maximum("cells")(course)
    array([[3., 7.]])
    """

    observable: str
    start: float = -np.inf
    end: float = np.inf

    @property
    def columns(self) -> tuple[str, ...]:
        """Largest value and its time."""
        return ("maximum", "time_of_maximum")

    def __call__(self, course: Course) -> Float[np.ndarray, "patient column"]:
        """Return them; NaN for a patient without values."""
        part = course.within(self.start, self.end)
        answer = np.full((len(course.values), 2), np.nan)
        rows = np.flatnonzero(part.known)
        place = np.nanargmax(part.values[rows], axis=1) if rows.size else rows
        answer[rows, 0] = part.values[rows, place]
        answer[rows, 1] = part.times[place]
        return answer
