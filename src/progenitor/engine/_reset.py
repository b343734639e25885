"""A patient's system begun anew."""

from dataclasses import dataclass, replace
from typing import final

import numpy as np
from jaxtyping import Float, Int

__all__ = ["Reset"]


@final
@dataclass(frozen=True, slots=True)
class Reset:
    """Every species set to its initial value and every infusion ended.

    Initial values are those of the parameters that hold at that moment. Time goes on, doses that
    follow are given, parameters stay changed, an event that may fire once and has fired does not
    fire again, and delayed actions still come.

    Parameters
    ----------
    time
        Day of the reset; NaN in a patient without one.

    Examples
    --------
    >>> Reset(np.array([14.0, np.nan])).of(np.array([0])).time.tolist()
    [14.0]
    """

    time: Float[np.ndarray, " patient"]

    def of(self, rows: Int[np.ndarray, " row"]) -> "Reset":
        """Return the reset of some of the patients."""
        return replace(self, time=self.time[rows])
