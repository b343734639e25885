"""An estimand: whose outcome, from when, and what each intercurrent event does to it."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError
from progenitor.trial._estimand_data import EstimandTimes, IntercurrentData
from progenitor.trial.rules.analysis_set import AnalysisSet
from progenitor.trial.rules.intercurrent_event import IntercurrentEvent
from progenitor.trial.rules.time_zero import TimeZero, require_one_time_zero, require_time_zero

__all__ = ["Estimand"]


@final
@dataclass(frozen=True, slots=True)
class Estimand:
    """Apply the strategies of ICH E9(R1) to times or to a status at visits.

    *Treatment policy* leaves the outcome alone. *Composite* makes the intercurrent event an event
    (a status becomes 0). *While on treatment* ends the outcome there: in times as a competing
    event, never as censoring, which would be hypothetical; a status is that of the last visit
    before. *Hypothetical* needs the outcome of the same patient without the event, and *principal
    stratum* whether the event would occur under every arm: a trial observes neither, a simulation
    can. Where the data do not have them the estimand is refused; censoring in their place would
    assume that the event says nothing about the outcome.

    Parameters
    ----------
    analysis_set, time_zero
        Population and origin; the two must belong together.
    events
        Intercurrent events with their strategies.

    Raises
    ------
    DesignError
        If set and time zero do not fit, or an event is there twice.

    References
    ----------
    ICH E9(R1) 2019, Addendum on estimands and sensitivity analysis in clinical trials, A.3.

    Examples
    --------
    >>> estimand = Estimand("infused", "infusion", (IntercurrentEvent("new therapy", "composite"),))
    >>> nan = float("nan")
    >>> found = estimand.times(np.array([200.0, nan]), np.array([200.0, 365.0]),
    ...     IntercurrentData({"new therapy": np.array([90.0, nan])}), days_from="infusion")
    >>> found.time.tolist(), found.cause.tolist()
    ([90.0, 365.0], [1.0, 0.0])
    """

    analysis_set: AnalysisSet
    time_zero: TimeZero
    events: tuple[IntercurrentEvent, ...] = ()

    def __post_init__(self) -> None:
        require_time_zero(self.analysis_set, self.time_zero)
        names = [event.name for event in self.events]
        if len(set(names)) < len(names):
            raise DesignError(f"an intercurrent event is there twice: {names}. Fix: name each once")

    @property
    def description(self) -> str:
        """The estimand as a protocol would say it."""
        lines = "; ".join(event.description for event in self.events) or "none"
        return f"Patients: {self.analysis_set} from {self.time_zero}. Intercurrent events: {lines}."

    def times(
        self,
        event_day: Float[np.ndarray, " patient"],
        last_seen_day: Float[np.ndarray, " patient"],
        data: IntercurrentData,
        *,
        days_from: TimeZero,
        cutoff_day: float = float("inf"),
    ) -> EstimandTimes:
        """Return the times that this estimand is about.

        Parameters
        ----------
        event_day
            Day of the event, NaN for none (patient,).
        last_seen_day
            Last day on which absence of the event was observed, NaN for no data (patient,).
        data
            What intercurrent events did.
        days_from
            Day from which all days count; must be the estimand's time zero.
        cutoff_day
            Data cut-off.

        Raises
        ------
        DesignError
            If days count from elsewhere, or a strategy needs what the data do not have.
        """
        require_one_time_zero([self.time_zero, days_from])
        self._refuse_what_is_not_known(data, status=False)
        event, seen, kept = event_day, last_seen_day, ~np.isnan(last_seen_day)
        for item in self._using("hypothetical"):
            there = ~np.isnan(data.days[item.name])
            event = np.where(there, data.without[item.name].event_day, event)
            seen = np.where(there, data.without[item.name].last_seen_day, seen)
        for item in self._using("composite"):
            event = np.fmin(event, data.days[item.name])
        stopped = np.full(event.shape, np.inf)
        for item in self._using("while on treatment"):
            stopped = np.fmin(stopped, data.days[item.name])
        for item in self._using("principal stratum"):
            kept = kept & ~data.under[item.name].any(axis=0)
        last = np.fmin(seen, cutoff_day)
        happened = (event <= cutoff_day) & ~(stopped < event)
        ended = ~happened & np.isfinite(stopped) & (stopped <= cutoff_day)
        time = np.where(happened, event, np.where(ended, stopped, last))
        cause = np.where(happened, 1.0, np.where(ended, 2.0, 0.0))
        known = kept & ~np.isnan(time)
        return EstimandTimes(
            np.where(known, time, np.nan), np.where(known, cause, np.nan), self.time_zero
        )

    def status(
        self,
        visit_days: Float[np.ndarray, " visit"],
        status: Float[np.ndarray, "patient visit"],
        data: IntercurrentData,
    ) -> Float[np.ndarray, " patient"]:
        """Return the status at the last visit that this estimand is about.

        Parameters
        ----------
        visit_days
            Increasing days; the last is the visit of interest (visit,).
        status
            1 or 0 at each visit, NaN where not known (patient, visit).
        data
            What intercurrent events did.

        Raises
        ------
        DesignError
            If a strategy needs what the data do not have.
        """
        self._refuse_what_is_not_known(data, status=True)
        answer, end = status[:, -1], visit_days[-1]
        for item in self._using("while on treatment"):
            before = (visit_days < data.days[item.name][:, None]) & ~np.isnan(status)
            last = np.where(before, np.arange(len(visit_days)), 0).max(axis=1)
            held = np.where(before.any(axis=1), status[np.arange(len(status)), last], np.nan)
            answer = np.where(data.days[item.name] <= end, held, answer)
        for item in self._using("composite"):
            answer = np.where(data.days[item.name] <= end, 0.0, answer)
        for item in self._using("principal stratum"):
            answer = np.where(data.under[item.name].any(axis=0), np.nan, answer)
        return np.asarray(answer)

    def _using(self, strategy: str) -> tuple[IntercurrentEvent, ...]:
        return tuple(event for event in self.events if event.strategy == strategy)

    def _refuse_what_is_not_known(self, data: IntercurrentData, *, status: bool) -> None:
        problems = []
        for event in self.events:
            if event.name not in data.days:
                problems.append(f"no days of '{event.name}'")
            if event.strategy == "hypothetical" and (status or event.name not in data.without):
                problems.append(f"what would have been without '{event.name}' is not known")
            if event.strategy == "principal stratum" and event.name not in data.under:
                problems.append(f"whether '{event.name}' occurs under the other arms is not known")
        if problems:
            raise DesignError(
                f"this estimand cannot be had: {'; '.join(problems)}. Fix: simulate the same "
                "patients without the event, or under every arm, and give that; or choose "
                "treatment policy, composite or while on treatment"
            )
