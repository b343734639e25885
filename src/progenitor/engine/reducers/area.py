"""The area under a course."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.engine._course import Course

__all__ = ["Area"]


@final
@dataclass(frozen=True, slots=True)
class Area:
    r"""AUC by the linear trapezoidal rule over the output times.

    .. math:: AUC = \sum_k \tfrac12 (y_k + y_{k+1})(t_{k+1} - t_k)

    For a patient who stops early it ends there.

    Parameters
    ----------
    observable
        Which.
    start, end
        Between which times, both included; they should be output times.

    Examples
    --------
    >>> course = Course(np.array([0.0, 1.0, 3.0]), np.array([[0.0, 2.0, 2.0]]))
    >>> Area("cells")(course)
    array([[5.]])
    """

    observable: str
    start: float = -np.inf
    end: float = np.inf

    @property
    def columns(self) -> tuple[str, ...]:
        """The area, in the observable's unit times days."""
        return ("area",)

    def __call__(self, course: Course) -> Float[np.ndarray, "patient column"]:
        """Return the area; NaN for a patient without values."""
        part = course.within(self.start, self.end)
        means = 0.5 * (part.values[:, 1:] + part.values[:, :-1])
        # One after the other: NumPy's sums may depend on how many rows there are.
        areas = np.nancumsum(means * np.diff(part.times), axis=1)
        area = areas[:, -1] if areas.shape[1] else np.zeros(len(areas))
        return np.where(part.known, area, np.nan)[:, None]
