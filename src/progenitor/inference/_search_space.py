"""What an experiment may vary, and what is wanted of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from progenitor.errors import Problem

__all__ = ["SearchGoal", "SearchRange", "range_problems"]


@final
@dataclass(frozen=True, slots=True)
class SearchRange:
    """A setting that may be varied, and between which values.

    Parameters
    ----------
    name, unit
        What it is called in plans and results, and the unit of its values.
    low, high
        Smallest and largest value tried.
    logarithmic
        Whether factors count rather than differences.
    title
        In words.

    Examples
    --------
    >>> SearchRange("harvest_day", 5.0, 9.0, "day").from_share(0.25)
    6.0
    """

    name: str
    low: float
    high: float
    unit: str = "1"
    logarithmic: bool = False
    title: str = ""

    def from_share(self, share: float) -> float:
        """Return the value at a share of the way from ``low`` to ``high``."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** share)
        return float(self.low + share * (self.high - self.low))


@final
@dataclass(frozen=True, slots=True)
class SearchGoal:
    """A result that should be as large, or as small, as can be.

    Parameters
    ----------
    name, unit
        What it is called in results, and the unit of its values.
    maximise
        Whether more is better.
    title
        In words.
    """

    name: str
    unit: str = "1"
    maximise: bool = True
    title: str = ""


def range_problems(ranges: Sequence[SearchRange], goals: Sequence[SearchGoal]) -> list[Problem]:
    """List everything for which a search could not be made.

    Parameters
    ----------
    ranges, goals
        Of the search.
    """
    found = []
    if not ranges:
        found.append(Problem("no setting to vary", "give at least one range", field="ranges"))
    if not goals:
        found.append(Problem("nothing is wanted", "give at least one goal", field="goals"))
    names = [*(item.name for item in ranges), *(goal.name for goal in goals)]
    found += [
        Problem(f"'{name}' is given twice", "give every setting and goal a name of its own")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    for item in ranges:
        where = f"from {item.low:g} to {item.high:g} {item.unit}"
        if not (math.isfinite(item.low) and math.isfinite(item.high) and item.low < item.high):
            fix = "give a low below a high, both finite"
            found.append(Problem(f"the range is {where}", fix, field=item.name))
        elif item.logarithmic and item.low <= 0:
            fix = "give a low above zero, or a range that is not logarithmic"
            found.append(Problem(f"the logarithmic range is {where}", fix, field=item.name))
    return found
