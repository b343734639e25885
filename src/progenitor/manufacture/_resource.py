"""What a facility has: units that lots wait for, and the hours in which they work."""

import math
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import Problem

__all__ = ["WEEKDAYS", "Resource", "Shift"]

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""Days of the week; day 0 of a simulation is a Monday."""

_HOURS: Final = 24.0
_ALWAYS: Final = (0.0, 1.0)


@final
@dataclass(frozen=True, slots=True)
class Shift:
    """Hours in which work may begin.

    Parameters
    ----------
    days
        Days of the week, of ``WEEKDAYS``.
    begins, ends
        Hour of the day, 0 to 24.

    Examples
    --------
    >>> Shift(("Mon", "Tue"), begins=8, ends=18).opening[0]
    array([0.33333333, 0.75      ])
    """

    days: tuple[str, ...] = WEEKDAYS[:5]
    begins: float = 8.0
    ends: float = 18.0

    @property
    def opening(self) -> Float[np.ndarray, "day edge"]:
        """Start and end of work on each day of the week as shares of the day; equal where closed.

        Shape (day 7, edge 2).
        """
        rows = [
            (self.begins / _HOURS, self.ends / _HOURS) if day in self.days else (0.0, 0.0)
            for day in WEEKDAYS
        ]
        return np.array(rows)

    def problems(self, where: str) -> list[Problem]:
        """Return what is wrong with the hours."""
        found = [
            Problem(f"unknown day '{day}'", f"give days of {', '.join(WEEKDAYS)}", field=where)
            for day in self.days
            if day not in WEEKDAYS
        ]
        if not self.days:
            found.append(Problem("nobody works on any day", "name a day", field=where))
        if not 0 <= self.begins < self.ends <= _HOURS:
            message = f"work begins at {self.begins:g} h and ends at {self.ends:g} h"
            fix = "give hours of the day from 0 to 24, the beginning before the end"
            found.append(Problem(message, fix, field=where))
        return found


@final
@dataclass(frozen=True, slots=True)
class Resource:
    """Units of one kind, each held by one lot at a time.

    Parameters
    ----------
    name
        As steps name it, such as ``clean room``, ``operator`` or ``QC laboratory``.
    units
        How many there are.
    kept
        Whether a lot keeps its unit from the first to the last step that needs one, as it does a
        suite or a culture device; staff go on to the next lot.
    shift
        Hours in which steps that need it may begin; None for always.

    Examples
    --------
    >>> Resource("operator", 4, kept=False, shift=Shift()).units
    4
    """

    name: str
    units: int
    kept: bool = True
    shift: Shift | None = None

    @property
    def opening(self) -> Float[np.ndarray, "day edge"]:
        """Start and end of work on each day of the week, (day 7, edge 2)."""
        if self.shift is None:
            return np.tile(_ALWAYS, (len(WEEKDAYS), 1))
        return self.shift.opening

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with it."""
        found = [] if self.shift is None else self.shift.problems(f"{self.name}.shift")
        if not (math.isfinite(self.units) and self.units == int(self.units) and self.units >= 1):
            message, fix = f"units is {self.units:g}", "give a whole number from 1"
            found.append(Problem(message, fix, field=f"{self.name}.units"))
        return found
