"""What intercurrent events did in each patient, and what would have been without them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import DesignError
from progenitor.trial._event_times import EventTimes
from progenitor.trial.rules.time_zero import TimeZero

__all__ = ["EstimandTimes", "IntercurrentData", "WithoutEvent"]


class WithoutEvent(NamedTuple):
    """The same patients without the intercurrent event: day of the event, last day observed."""

    event_day: Float[np.ndarray, " patient"]
    last_seen_day: Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class IntercurrentData:
    """Days of intercurrent events, and what strategies need that no trial observes.

    Parameters
    ----------
    days
        First day of each event by name, NaN for never (patient,).
    without
        By name: the outcome of the same virtual patient had the event been prevented.
    under
        By name: whether the event occurs in the same virtual patient under each arm (arm, patient).

    Examples
    --------
    >>> IntercurrentData({"new therapy": np.array([90.0, np.nan])}).days["new therapy"].tolist()
    [90.0, nan]
    """

    days: Mapping[str, Float[np.ndarray, " patient"]]
    without: Mapping[str, WithoutEvent] = field(default_factory=dict)
    under: Mapping[str, Bool[np.ndarray, "arm patient"]] = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True, eq=False)
class EstimandTimes:
    """Times under an estimand, with what ended them.

    Parameters
    ----------
    time
        Days from time zero, NaN for who does not count (patient,).
    cause
        0 censored, 1 the event, 2 ended by an intercurrent event that stops the outcome (while on
        treatment); NaN for who does not count (patient,).
    time_zero
        Day from which times count.

    Examples
    --------
    >>> times = EstimandTimes(np.array([90.0]), np.array([2.0]), "infusion")
    >>> times.as_event_times()
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: 1 of 1 times ended by an intercurrent event; a Kaplan–Meier ...
    """

    time: Float[np.ndarray, " patient"]
    cause: Float[np.ndarray, " patient"]
    time_zero: TimeZero

    def as_event_times(self) -> EventTimes:
        """Give right-censored times to a survival curve.

        Raises
        ------
        DesignError
            If an intercurrent event ended a time: it competes with the event and is no censoring.
        """
        ended = int(np.sum(self.cause == 2.0))
        if ended:
            raise DesignError(
                f"{ended} of {self.time.size} times ended by an intercurrent event; a Kaplan–Meier "
                "curve would take them for uninformative censoring. Fix: give time and cause to "
                "cumulative_incidence, or choose another strategy"
            )
        return EventTimes(self.time, self.cause, self.time_zero)
