"""Event-free survival: failure to respond, relapse, progression or death."""

from dataclasses import dataclass
from typing import Literal, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.trial._event_times import EventTimes, first_event
from progenitor.trial._thresholds import refuse
from progenitor.trial.rules.analysis_set import AnalysisSet
from progenitor.trial.rules.time_zero import TimeZero, require_time_zero

__all__ = ["EventFreeSurvival"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EventFreeSurvival:
    """Days from time zero to the first of failure, relapse or progression, and death.

    Failure is not having responded by a day that the protocol sets. A failure counts from time zero
    on (``failure_dated="time zero"``: the patient never was event-free, the usual choice in
    leukaemia) or from the day it was established (``"assessment"``); the curves differ much, so it
    has to be said. A patient censored before the day of failure has not failed. Otherwise events,
    censoring and missing data are those of progression-free survival.

    Parameters
    ----------
    analysis_set, time_zero
        As for :class:`~progenitor.trial.ProgressionFreeSurvival`.
    respond_by
        Day by which a response has to be found.
    failure_dated
        ``"time zero"`` or ``"assessment"``.

    Raises
    ------
    DesignError
        If set and time zero do not fit, or a choice is not known.

    References
    ----------
    FDA 2022, Acute Myeloid Leukemia: Developing Drugs and Biological Products for Treatment
    (guidance): failure of treatment is an event on day 1. Maude et al. 2018,
    doi:10.1056/NEJMoa1709866 (events in leukaemia after CAR-T cells).

    Examples
    --------
    >>> endpoint = EventFreeSurvival(analysis_set="infused", time_zero="infusion",
    ...                              respond_by=90.0, failure_dated="time zero")
    >>> nan = float("nan")
    >>> found = endpoint.evaluate(
    ...     np.array([28.0, nan]), relapse_day=np.array([200.0, nan]), death_day=np.full(2, nan),
    ...     last_visit_day=np.array([200.0, 120.0]), days_from="infusion")
    >>> found.time.tolist(), found.event.tolist()
    ([200.0, 0.0], [1.0, 1.0])
    """

    analysis_set: AnalysisSet
    time_zero: TimeZero
    respond_by: float
    failure_dated: Literal["time zero", "assessment"]

    def __post_init__(self) -> None:
        require_time_zero(self.analysis_set, self.time_zero)
        checks = [
            (not 0.0 < self.respond_by < np.inf, f"response by day {self.respond_by:g}"),
            (
                self.failure_dated not in {"time zero", "assessment"},
                f"failure dated '{self.failure_dated}'",
            ),
        ]
        fix = "give a day after time zero, and 'time zero' or 'assessment'"
        refuse("event-free survival", checks, fix)

    def failed(
        self,
        response_day: Float[np.ndarray, " patient"],
        last_visit_day: Float[np.ndarray, " patient"],
        cutoff_day: float = float("inf"),
    ) -> Bool[np.ndarray, " patient"]:
        """Whether a patient was followed to the day of judgement without a response."""
        followed = np.minimum(last_visit_day, cutoff_day) >= self.respond_by
        return np.asarray(followed & ~(response_day <= self.respond_by))

    def evaluate(
        self,
        response_day: Float[np.ndarray, " patient"],
        *,
        relapse_day: Float[np.ndarray, " patient"],
        death_day: Float[np.ndarray, " patient"],
        last_visit_day: Float[np.ndarray, " patient"],
        days_from: TimeZero,
        cutoff_day: float = float("inf"),
    ) -> EventTimes:
        """Return time and event of each patient.

        Parameters
        ----------
        response_day
            Day of the first response, NaN for none (patient,).
        relapse_day, death_day
            Relapse or progression, and death from any cause; NaN for none.
        last_visit_day
            Last visit that could show an event, 0 for none, NaN for no data.
        days_from
            Day from which the arrays count; must be the endpoint's time zero.
        cutoff_day
            Data cut-off.

        Raises
        ------
        DesignError
            If the days count from another day than time zero, or lie before it.
        """
        judged = 0.0 if self.failure_dated == "time zero" else self.respond_by
        failed = self.failed(response_day, last_visit_day, cutoff_day)
        event = np.fmin(relapse_day, death_day)
        return first_event(
            np.where(failed, np.fmin(event, judged), event),
            last_visit_day,
            analysis_set=self.analysis_set,
            time_zero=self.time_zero,
            days_from=days_from,
            cutoff_day=cutoff_day,
        )
