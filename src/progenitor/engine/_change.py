"""A model parameter that takes another value from some day on."""

from dataclasses import dataclass, replace
from typing import final

import numpy as np
from jaxtyping import Float, Int

__all__ = ["Change"]


@final
@dataclass(frozen=True, slots=True)
class Change:
    """A new value of a parameter, which holds until the next change of it.

    Several changes of one parameter make an input that is constant between them, such as a weight
    measured at visits or a filter that is opened and closed. Expressions of parameters, initial
    values excepted, follow at once; an event whose trigger becomes true by it fires.

    Parameters
    ----------
    parameter
        Which one; until the first change it has the value given to ``simulate``.
    time
        Day from which the value holds; NaN in a patient without the change.
    value
        In the unit of the parameter.

    Examples
    --------
    >>> change = Change("loss_rate", np.array([7.0, np.nan]), np.array([0.5, 0.0]))
    >>> change.of(np.array([0])).value.tolist()
    [0.5]
    """

    parameter: str
    time: Float[np.ndarray, " patient"]
    value: Float[np.ndarray, " patient"]

    def of(self, rows: Int[np.ndarray, " row"]) -> "Change":
        """Return the change in some of the patients."""
        return replace(self, time=self.time[rows], value=self.value[rows])
