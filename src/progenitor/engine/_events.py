"""Which events have fired, which are armed, and when a trigger becomes true within a step."""

import math
from collections.abc import Callable, Sequence
from typing import Final, final

from progenitor.engine._compile import PatientFunctions
from progenitor.engine._declarations import Event
from progenitor.engine._stepper import GivenUp
from progenitor.engine._trajectories import Status

__all__ = ["EventWatch", "first_time"]

_ROOT: Final = 1e-10


@final
class EventWatch:
    """The triggers of one patient.

    Parameters
    ----------
    events
        As declared.
    functions
        The patient's functions.
    most
        Firings after which the patient is given up.
    """

    def __init__(self, events: Sequence[Event], functions: PatientFunctions, most: int) -> None:
        self._events = events
        self._functions = functions
        self._left = most
        self._was = [True] * len(events)
        self._armed = [True] * len(events)
        self.fired_at = [math.nan] * len(events)

    @property
    def over(self) -> bool:
        """Whether no event can fire any more."""
        return not any(self._armed)

    def note(self, time: float, values: list[float]) -> None:
        """Remember which triggers are true, so that only a change fires them."""
        self._was = self._functions.triggers(time, values)

    def newly(self, time: float, values: list[float]) -> list[int]:
        """Return armed events whose trigger is true here and was not before."""
        now = self._functions.triggers(time, values)
        risen = map(_rises, now, self._was, self._armed)
        return [event for event, rises in enumerate(risen) if rises]

    def quiet(self, time: float, values: list[float]) -> bool:
        """Whether no armed trigger has become true here; remembers those that became false."""
        now = self._functions.triggers(time, values)
        if any(map(_rises, now, self._was, self._armed)):
            return False
        self._was = now
        return True

    def fire(self, event: int, time: float, values: list[float]) -> float:
        """Fire an event; return the delay of its action in days.

        Raises
        ------
        GivenUp
            When events fire without end, or the delay is undefined.
        """
        self._left -= 1
        if self._left < 0:
            raise GivenUp(Status.EVENT_STORM)
        self._armed[event] = not self._events[event].once
        if math.isnan(self.fired_at[event]):
            self.fired_at[event] = time
        delay = self._functions.delays(time, values)[event]
        if math.isnan(delay):
            raise GivenUp(Status.NONFINITE)
        return max(delay, 0.0)


def _rises(now: bool, was: bool, armed: bool) -> bool:  # noqa: FBT001 - mapped over lists
    return now and armed and not was


def first_time(happens: Callable[[float], bool], low: float, high: float) -> float:
    """Return the time at which a condition becomes true, by bisection.

    Parameters
    ----------
    happens
        False at ``low`` and true at ``high``.
    low, high
        Times around the change.

    Examples
    --------
    >>> round(first_time(lambda time: time > 2.5, 2.0, 3.0), 6)
    2.5
    """
    while high - low > _ROOT * max(1.0, abs(high)):
        middle = 0.5 * (low + high)
        if happens(middle):
            high = middle
        else:
            low = middle
    return high
