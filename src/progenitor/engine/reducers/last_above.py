"""When a level was last held."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.engine._course import Course

__all__ = ["LastAbove"]


@final
@dataclass(frozen=True, slots=True)
class LastAbove:
    r"""Tlast: the last output time at which an observable is at or above a level.

    .. math:: T_{last} = \max \{t_k : y(t_k) \ge \ell\}

    Parameters
    ----------
    observable
        Which.
    level
        Such as a limit of quantification, in the observable's unit.

    Examples
    --------
    >>> course = Course(np.array([0.0, 1.0, 2.0]), np.array([[5.0, 2.0, 0.1], [0.0, 0.0, 0.0]]))
    >>> LastAbove("cells", 1.0)(course)
    array([[ 1.],
           [nan]])
    """

    observable: str
    level: float

    @property
    def columns(self) -> tuple[str, ...]:
        """The time."""
        return ("last_time_above",)

    def __call__(self, course: Course) -> Float[np.ndarray, "patient column"]:
        """Return the time; NaN where the level is never held."""
        held = course.values >= self.level
        last = held.shape[1] - 1 - held[:, ::-1].argmax(axis=1)
        return np.where(held.any(axis=1), course.times[last], np.nan)[:, None]
