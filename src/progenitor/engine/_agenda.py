"""What is known to happen later in a patient: doses, changes, delayed actions, switches."""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, final

from progenitor.engine._compile import Function

__all__ = [
    "Agenda",
    "Bolus",
    "DelayedAction",
    "InfusionChange",
    "ParameterChange",
    "Restart",
    "Switch",
    "switch_times",
]

_CLOSE: Final = 1e-12
_PROBES: Final = (0.0, 1.0, 3.0)
_AFFINE: Final = 1e-9


@final
@dataclass(frozen=True, slots=True)
class Bolus:
    """An amount added to a species at once."""

    species: int
    amount: float


@final
@dataclass(frozen=True, slots=True)
class InfusionChange:
    """A change of the rate at which a species is infused; all changes of a species add up."""

    species: int
    rate: float


@final
@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter that takes a new value."""

    parameter: int
    value: float


@final
@dataclass(frozen=True, slots=True)
class Restart:
    """Species set to their initial values, infusions ended."""


@final
@dataclass(frozen=True, slots=True)
class DelayedAction:
    """The action of an event that fired.

    Parameters
    ----------
    event
        Which.
    epoch
        How often the event's actions had been withdrawn when it fired.
    amounts
        New amounts that were known then; None to evaluate them when it acts.
    """

    event: int
    epoch: int = 0
    amounts: tuple[float, ...] | None = None


@final
@dataclass(frozen=True, slots=True)
class Switch:
    """A moment at which an expression switches with time; the solver starts afresh."""


Item = Bolus | InfusionChange | ParameterChange | Restart | DelayedAction | Switch


@final
@dataclass(slots=True)
class Agenda:
    """Items by time; items at the same time keep the order in which they were noted.

    Examples
    --------
    >>> agenda = Agenda()
    >>> agenda.note(7.0, Bolus(0, 1.0))
    >>> agenda.note(1.0, Switch())
    >>> agenda.next_time, list(agenda.due(1.0)), agenda.next_time
    (1.0, [Switch()], 7.0)
    """

    _heap: list[tuple[float, int, Item]] = field(default_factory=list)
    _noted: int = 0

    def note(self, time: float, item: Item) -> None:
        """Add an item."""
        heapq.heappush(self._heap, (time, self._noted, item))
        self._noted += 1

    @property
    def next_time(self) -> float:
        """Time of the next item, infinity when there is none."""
        return self._heap[0][0] if self._heap else math.inf

    def due(self, time: float) -> Iterator[Item]:
        """Take out the items that are due, one by one."""
        latest = time + _CLOSE * max(1.0, abs(time))
        while self._heap and self._heap[0][0] <= latest:
            yield heapq.heappop(self._heap)[2]


def switch_times(differences: Function) -> list[float]:
    """Return the times at which comparisons of time with constants switch.

    Each difference is affine in time in every ordinary use, so that two values give its root; a
    difference that is not affine is left to the solver's step control.

    Examples
    --------
    >>> switch_times(lambda t, x: [t - 365.25, 10.0 - 2.0 * t, 1.0])
    [365.25, 5.0]
    """
    zero, one, three = (differences(time, []) for time in _PROBES)
    times = []
    for index, (start, next_, later) in enumerate(zip(zero, one, three, strict=True)):
        slope = next_ - start
        expected = start + _PROBES[2] * slope
        size = max(abs(start), abs(later), abs(slope))
        if slope == 0 or not abs(expected - later) <= _AFFINE * size:
            continue
        root = -start / slope
        for _ in range(3):
            root -= differences(root, [])[index] / slope
        if math.isfinite(root):
            times.append(root)
    return times
