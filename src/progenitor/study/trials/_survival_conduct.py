"""Look at randomised trials when enough events have come, test, and stop or go on."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.study.trials._look_plan import LookPlan
from progenitor.study.trials._survival_patients import SurvivalTrials
from progenitor.trial import log_rank

__all__ = ["Conducted", "Looked", "look_at"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Conducted:
    """How the comparison of one arm with the control went in many trials.

    Parameters
    ----------
    z
        Statistic at each look, positive where the arm is better than the control; NaN after the
        trial ended and at looks never taken (trial, look).
    day, events
        Day of each look, and events known then (trial, look).
    won, futile
        Look at which the trial succeeded, or stopped for futility, from 0; -1 for never (trial,).
    """

    z: Float[np.ndarray, "trial look"]
    day: Float[np.ndarray, "trial look"]
    events: Int[np.ndarray, "trial look"]
    won: Int[np.ndarray, " trial"]
    futile: Int[np.ndarray, " trial"]

    @property
    def success(self) -> Bool[np.ndarray, " trial"]:
        """Whether the trial succeeded."""
        found: Bool[np.ndarray, " trial"] = self.won >= 0
        return found

    @property
    def end(self) -> Int[np.ndarray, " trial"]:
        """Look at which the trial ended, from 0."""
        early = np.maximum(self.won, self.futile)
        return np.asarray(np.where(early >= 0, early, self.z.shape[1] - 1))

    def at_end(
        self, values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]
    ) -> Float[np.ndarray, " trial"]:
        """Value of each trial at its last look."""
        found: Float[np.ndarray, " trial"] = values[np.arange(len(values)), self.end].astype(float)
        return found


@final
@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What every look would show if no trial stopped before the last (trial, look).

    Parameters
    ----------
    z, day, events
        Statistic, day and events.
    taken
        Whether the look is taken: its events come before the last day, or it is the last look.
    """

    z: Float[np.ndarray, "trial look"]
    day: Float[np.ndarray, "trial look"]
    events: Int[np.ndarray, "trial look"]
    taken: Bool[np.ndarray, "trial look"]

    def conducted(self, plan: LookPlan, *, heed_futility: bool = True) -> Conducted:
        """Stop every trial where the bounds say so.

        Parameters
        ----------
        plan
            The bounds.
        heed_futility
            Whether trials stop for futility; where the rule is not binding they need not.
        """
        count, looks = self.z.shape
        won, futile = np.full(count, -1), np.full(count, -1)
        z, day = np.full(self.z.shape, np.nan), np.full(self.z.shape, np.nan)
        events = np.zeros(self.z.shape, dtype=np.int64)
        for look in range(looks):
            due = self.taken[:, look] & (won < 0) & (futile < 0)
            z[due, look], day[due, look] = self.z[due, look], self.day[due, look]
            events[due, look] = self.events[due, look]
            won = np.where(due & (self.z[:, look] >= plan.bounds[look]), look, won)
            if heed_futility and look < looks - 1:
                futile = np.where(due & (self.z[:, look] < plan.futility[look]), look, futile)
        return Conducted(z, day, events, won, futile)


def look_at(trials: SurvivalTrials, plan: LookPlan) -> Looked:
    """Test one arm against the control at every look, by a log-rank test with their strata.

    A look whose events never come before the last day is left out; the last look is on the day its
    events are there or on the last day, whichever is first, against the bound of the last look,
    which then spends less than all of alpha.

    Parameters
    ----------
    trials
        A pair of arms.
    plan
        When data are looked at.
    """
    count, looks = len(trials.time), len(plan.bounds)
    came = np.sort(np.where(trials.event, trials.entry + trials.time, np.inf), axis=1)
    z, day = np.full((count, looks), np.nan), np.full((count, looks), np.nan)
    events = np.zeros((count, looks), dtype=np.int64)
    taken = np.ones((count, looks), dtype=bool)
    stratum = trials.stratum if trials.stratum.any() else None
    for look in range(looks):
        when = np.full(count, plan.last_day)
        if plan.events and plan.events[look] <= came.shape[1]:
            when = np.minimum(came[:, plan.events[look] - 1], plan.last_day)
        time, event = trials.cut(when)
        z[:, look] = -np.asarray(log_rank(time, event, trials.arm, stratum=stratum).z)
        day[:, look], events[:, look] = when, event.sum(axis=1)
        taken[:, look] = (look == looks - 1) | (when < plan.last_day)
    return Looked(z, day, events, taken)
