"""Times to an event with their time zero, which is never lost on the way to a curve."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError
from progenitor.trial._kaplan_meier import KaplanMeier, kaplan_meier
from progenitor.trial.rules.analysis_set import AnalysisSet
from progenitor.trial.rules.time_zero import TimeZero, require_one_time_zero, require_time_zero

__all__ = ["EventTimes", "first_event"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class EventTimes:
    """Time to an event or to censoring, in days since an explicit time zero.

    Parameters
    ----------
    time
        Days from time zero to event or censoring; NaN for a patient without data (patient,).
    event
        1 for an event, 0 for censoring, NaN for a patient without data (patient,).
    time_zero
        Day from which times count.

    Raises
    ------
    DesignError
        If a time lies before time zero.

    Examples
    --------
    >>> times = EventTimes(np.array([90.0, 400.0]), np.array([1.0, 0.0]), "infusion")
    >>> times.event_free_at(365.0).tolist()
    [0.0, 1.0]
    """

    time: Float[np.ndarray, " patient"]
    event: Float[np.ndarray, " patient"]
    time_zero: TimeZero

    def __post_init__(self) -> None:
        early = self.time < 0.0
        if np.any(early):
            raise DesignError(
                f"{early.sum()} of {early.size} times lie before {self.time_zero} (the first "
                f"{self.time[early][0]:g} days). Fix: count every day from {self.time_zero}, or "
                "analyse the set that was followed from the earlier day"
            )

    def curve(self, *, level: float = 0.95) -> KaplanMeier:
        """Kaplan–Meier curve of the patients with data."""
        known = np.isfinite(self.time) & np.isfinite(self.event)
        return kaplan_meier(self.time[known], self.event[known], level=level)

    def event_free_at(self, day: float) -> Float[np.ndarray, " patient"]:
        """Whether each patient is event-free at a day: 1, 0, or NaN where censored before it."""
        answer = np.where(self.time > day, 1.0, np.where(self.event == 1.0, 0.0, np.nan))
        at_the_day = (self.time == day) & (self.event == 0.0)
        return np.where(np.isnan(self.time), np.nan, np.where(at_the_day, 1.0, answer))

    def join(self, *others: "EventTimes") -> "EventTimes":
        """Put the patients of several sets together; refused where their time zeros differ."""
        parts = (self, *others)
        zero = require_one_time_zero(part.time_zero for part in parts)
        times = np.concatenate([part.time for part in parts])
        return EventTimes(times, np.concatenate([part.event for part in parts]), zero)


def first_event(
    event_day: Float[np.ndarray, " patient"],
    last_seen_day: Float[np.ndarray, " patient"],
    *,
    analysis_set: AnalysisSet,
    time_zero: TimeZero,
    days_from: TimeZero,
    cutoff_day: float,
) -> EventTimes:
    """Turn days of events and of last observation into right-censored times.

    Parameters
    ----------
    event_day
        Day of the event, NaN for none (patient,).
    last_seen_day
        Last day on which absence of the event was observed; NaN for no data (patient,).
    analysis_set, time_zero
        Whose times, counted from when; the two must belong together.
    days_from
        Day from which ``event_day`` and ``last_seen_day`` count; must be ``time_zero``.
    cutoff_day
        Data cut-off: later events are not known.

    Raises
    ------
    DesignError
        If set, time zero and origin of the days do not belong together.

    Examples
    --------
    >>> zero = {"analysis_set": "infused", "time_zero": "infusion", "days_from": "infusion"}
    >>> event, seen = np.array([90.0, np.nan]), np.array([90.0, 365.0])
    >>> first_event(event, seen, **zero, cutoff_day=730.0).time.tolist()
    [90.0, 365.0]
    """
    require_time_zero(analysis_set, time_zero)
    require_one_time_zero([time_zero, days_from])
    known = event_day <= cutoff_day
    seen = np.minimum(last_seen_day, cutoff_day)
    missing = np.isnan(last_seen_day)
    time = np.where(missing, np.nan, np.where(known, event_day, seen))
    return EventTimes(time, np.where(missing, np.nan, known.astype(float)), time_zero)
