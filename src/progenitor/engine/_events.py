"""Which events have fired, which are armed, and when a trigger becomes true within a step."""

import math
from collections.abc import Callable, Sequence
from typing import Final, final

from progenitor.engine._agenda import DelayedAction
from progenitor.engine._compile import PatientFunctions
from progenitor.engine._declarations import Event
from progenitor.engine._stepper import GivenUp
from progenitor.engine._trajectories import Status

__all__ = ["EventWatch", "first_time"]

_MOST_CHANGES: Final = 100
"""Changes of comparisons looked at between two times; more are the business of the step size."""
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
        self._fragile = [index for index, event in enumerate(events) if not event.persistent]
        self._withdrawn = [0] * len(events)
        """How often a trigger was seen false, which withdraws the actions that wait until then."""
        self._compared: tuple[float, list[bool]] = (math.nan, [])
        """Where comparisons were last made within a stretch, and how they turned out."""
        self.fired_at = [math.nan] * len(events)

    def bind(self, functions: PatientFunctions) -> None:
        """Go on with the functions of changed parameters; what was true before is remembered."""
        self._functions = functions

    @property
    def over(self) -> bool:
        """Whether no event can fire any more, and none that waits can be withdrawn."""
        return not any(self._armed) and not self._fragile

    def start(self, time: float, values: list[float]) -> None:
        """Remember which triggers are true at the start, except those that then fire there."""
        now = self._functions.triggers(time, values)
        self._was = [
            true and not event.fires_at_start for true, event in zip(now, self._events, strict=True)
        ]

    def look(self, time: float, values: list[float]) -> list[int]:
        """Return events that fire here, in declared order, and withdraw what must not act."""
        now = self._functions.triggers(time, values)
        risen = map(_rises, now, self._was, self._armed)
        self._remember(now)
        self._compared = math.nan, []
        return [event for event, rises in enumerate(risen) if rises]

    def stands(self, action: DelayedAction) -> bool:
        """Whether an action that waits has not been withdrawn since its event fired."""
        return action.epoch == self._withdrawn[action.event]

    def foremost(self, waiting: Sequence[DelayedAction], time: float, values: list[float]) -> int:
        """Return which of several actions due now is the first: the highest priority, then order.

        A priority that is not a number counts as none.
        """
        if len(waiting) == 1:
            return 0
        every = self._functions.priorities(time, values)
        mine = [every[action.event] for action in waiting]
        return max(range(len(mine)), key=lambda i: -math.inf if math.isnan(mine[i]) else mine[i])

    def _remember(self, now: list[bool]) -> None:
        self._was = now
        for event in self._fragile:
            self._withdrawn[event] += not now[event]

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
        self._remember(now)
        return True

    def first_rise(
        self, at: Callable[[float], list[float]], low: float, high: float
    ) -> float | None:
        """Return when an event first fires between two times, None when none does.

        Triggers are looked at whenever a comparison in one of them changes, so that a trigger which
        is true for a moment only, as between two thresholds, is not missed.
        """
        if self.over:
            return None
        compare = self._functions.comparisons
        at_low, seen = self._compared
        seen = seen if at_low == low else compare(low, at(low))
        last = compare(high, at(high))
        for _ in range(_MOST_CHANGES):
            if seen == last:
                break
            before = seen
            low = first_time(lambda time: compare(time, at(time)) != before, low, high)  # noqa: B023
            if not self.quiet(low, at(low)):
                return low
            seen = compare(low, at(low))
        self._compared = high, last
        return None if self.quiet(high, at(high)) else high

    def fire(self, event: int, time: float, values: list[float]) -> tuple[float, DelayedAction]:
        """Fire an event; return the delay of its action and the action.

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
        early = self._events[event].values_from_trigger
        amounts = tuple(self._functions.actions[event](time, values)) if early else None
        return max(delay, 0.0), DelayedAction(event, self._withdrawn[event], amounts)


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
