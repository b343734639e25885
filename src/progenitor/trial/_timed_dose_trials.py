"""Conduct many dose-finding trials while patients arrive before others are followed up."""

from typing import final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import DesignError
from progenitor.trial._dose_finding import AbstractDoseFinding, DoseMove
from progenitor.trial._dose_state import DosePatients, DoseState
from progenitor.trial._dose_trials import DoseTrials

__all__ = ["conduct_timed"]


def conduct_timed(
    design: AbstractDoseFinding,
    arrivals: Float[np.ndarray, "replicate patient"],
    toxicity_times: Float[np.ndarray, "replicate patient dose"],
    *,
    window: float,
    cohort: int = 1,
    start: int = 0,
) -> DoseTrials:
    """Conduct a design many times on a calendar; decisions see follow-up as it is on that day.

    A decision is made when the first patient of a cohort arrives; the others of the cohort get the
    same dose. Where the design asks to wait, the trial waits for the next toxicity or completed
    window and asks again; patients who arrive meanwhile queue. At the end every patient is followed
    to the end of the window before a dose is selected.

    Parameters
    ----------
    design
        Any dose-finding design.
    arrivals
        Day from which each patient can be treated, not falling along a trial.
    toxicity_times
        Days from treatment to toxicity at each dose; infinite or above the window: none counted.
    window
        Days of follow-up for a toxicity.
    cohort
        Patients treated between decisions.
    start
        First dose, from 0.

    Raises
    ------
    DesignError
        If shapes differ, or window, cohort, start or arrivals make no sense.

    Examples
    --------
    >>> from progenitor.trial import TiteBoin
    >>> arrivals = np.arange(12.0)[None, :] * 7.0
    >>> never = np.full((1, 12, 3), np.inf)
    >>> trials = conduct_timed(TiteBoin(target=0.3), arrivals, never, window=28.0, cohort=3)
    >>> int(trials.selected[0]), trials.state.treated.tolist()
    (2, [[3, 3, 6]])
    """
    _check(arrivals, toxicity_times, window=window, cohort=cohort, start=start)
    calendar = _Calendar(toxicity_times, window, start)
    for place in range(arrivals.shape[1]):
        calendar.now = np.maximum(calendar.now, arrivals[:, place])
        if place and place % cohort == 0:
            calendar.decide(design)
        calendar.enrol(place)
    calendar.now = np.full(calendar.now.shape, np.inf)
    state = calendar.state()
    none = np.isin(calendar.move, (DoseMove.STOP_TOXIC, DoseMove.STOP_NONE_ADMISSIBLE))
    selected = np.where(none, -1, design.select(state))
    last = np.where(calendar.given >= 0, calendar.entry, -np.inf).max(axis=1)
    return DoseTrials(design, state, selected, calendar.move, last + window)


@final
class _Calendar:
    """The trials while they run: each has its own day."""

    def __init__(
        self, times: Float[np.ndarray, "replicate patient dose"], window: float, start: int
    ) -> None:
        self.times, self.window = times, window
        replicates, places, self.doses = times.shape
        self.now = np.zeros(replicates)
        self.active = np.ones(replicates, dtype=bool)
        self.level = np.full(replicates, start, dtype=np.int64)
        self.move = np.full(replicates, int(DoseMove.STAY), dtype=np.int64)
        self.eliminated = np.zeros((replicates, self.doses), dtype=bool)
        self.given = np.full((replicates, places), -1, dtype=np.int64)
        self.entry = np.zeros((replicates, places))
        self.toxic_day = np.full((replicates, places), np.inf)

    def enrol(self, place: int) -> None:
        """Treat the next patient of every running trial today."""
        rows = np.flatnonzero(self.active)
        level = self.level[rows]
        time = self.times[rows, place, level]
        self.given[rows, place] = level
        self.entry[rows, place] = self.now[rows]
        self.toxic_day[rows, place] = np.where(time <= self.window, self.now[rows] + time, np.inf)

    def decide(self, design: AbstractDoseFinding) -> None:
        """Ask the design on each trial's day; where it waits, ask again at the next event."""
        asked = self.active.copy()
        while asked.any():
            found = design.next_dose(self.state())
            self.move[asked] = found.move[asked]
            self.eliminated[asked] |= found.eliminated[asked]
            event = self._next_event()
            waits = asked & found.suspend & ~found.stop & np.isfinite(event)
            done = asked & ~waits
            self.active[done & found.stop] = False
            goes = done & ~found.stop
            self.level[goes] = found.level[goes]
            self.now[waits] = event[waits]
            asked = waits

    def state(self) -> DoseState:
        """Everything seen by each trial's day."""
        enrolled, now = self.given >= 0, self.now[:, None]
        toxic = enrolled & (self.toxic_day <= now) & np.isfinite(self.toxic_day)
        over = toxic | (self.entry + self.window <= now)
        almost = np.nextafter(1.0, 0.0)
        share = np.clip((now - self.entry) / self.window, 0.0, almost)
        patients = DosePatients(self.given, toxic, np.where(over, 1.0, share))
        return DoseState.from_patients(
            patients, self.doses, level=self.level, eliminated=self.eliminated
        )

    def _next_event(self) -> Float[np.ndarray, " replicate"]:
        """Day of the next toxicity or completed window of each trial, infinite without any."""
        ends: Bool[np.ndarray, "replicate patient"] = self.given >= 0
        day = np.minimum(self.toxic_day, self.entry + self.window)
        found: Float[np.ndarray, " replicate"] = np.where(
            ends & (day > self.now[:, None]), day, np.inf
        ).min(axis=1)
        return found


def _check(
    arrivals: Float[np.ndarray, "..."],
    times: Float[np.ndarray, "..."],
    *,
    window: float,
    cohort: int,
    start: int,
) -> None:
    """Refuse trials that cannot be conducted, all problems at once."""
    problems = []
    if arrivals.shape != times.shape[:2] or 0 in times.shape:
        problems.append(f"arrivals have shape {arrivals.shape}, toxicity times {times.shape}")
    elif np.any(np.diff(arrivals, axis=1) < 0.0) or not np.all(np.isfinite(arrivals)):
        problems.append("arrivals fall along a trial or are not finite")
    if not window > 0.0:
        problems.append(f"a window of {window:g} days")
    if cohort < 1:
        problems.append(f"a cohort of {cohort}")
    if not 0 <= start < times.shape[2]:
        problems.append(f"start at dose {start + 1} of {times.shape[2]}")
    if np.any(times < 0.0) or np.any(np.isnan(times)):
        problems.append("a time to toxicity is negative or missing")
    if problems:
        raise DesignError(
            f"the trials cannot be conducted: {'; '.join(problems)}. Fix: give arrivals "
            "(replicate, patient), times (replicate, patient, dose), and positive window and cohort"
        )
