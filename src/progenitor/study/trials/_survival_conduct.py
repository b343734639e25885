"""Look at randomised trials when enough events have come, and test."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.study._trial_section import Trial, given
from progenitor.study.trials._survival_patients import SurvivalTrials
from progenitor.trial import GroupSequential, log_rank

__all__ = ["Conducted", "LookPlan", "conduct_pair", "look_plan"]


@final
@dataclass(frozen=True, slots=True)
class LookPlan:
    """When data are looked at: events, bounds of Z, and the last day of follow-up.

    One look has no events: it is on the last day.
    """

    events: tuple[int, ...]
    bounds: tuple[float, ...]
    last_day: float
    description: str


@final
@dataclass(frozen=True, slots=True, eq=False)
class Conducted:
    """How the comparison of one arm with the control went in many trials.

    Parameters
    ----------
    z
        Statistic at each look, positive where the arm is better than the control; NaN after the
        trial ended (trial, look).
    day, events
        Day of each look, and events known then (trial, look).
    won
        Look at which the trial succeeded, from 0; -1 for never (trial,).
    """

    z: Float[np.ndarray, "trial look"]
    day: Float[np.ndarray, "trial look"]
    events: Int[np.ndarray, "trial look"]
    won: Int[np.ndarray, " trial"]

    @property
    def success(self) -> Bool[np.ndarray, " trial"]:
        """Whether the trial succeeded."""
        found: Bool[np.ndarray, " trial"] = self.won >= 0
        return found

    @property
    def end(self) -> Int[np.ndarray, " trial"]:
        """Look at which the trial ended, from 0."""
        return np.where(self.won >= 0, self.won, self.z.shape[1] - 1)

    def at_end(
        self, values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]
    ) -> Float[np.ndarray, " trial"]:
        """Value of each trial at its last look."""
        found: Float[np.ndarray, " trial"] = values[np.arange(len(values)), self.end].astype(float)
        return found


def look_plan(trial: Trial) -> LookPlan:
    """Plan the looks of a randomised trial; arms that are compared share alpha equally.

    Raises
    ------
    DesignError
        If no bounds spend the error as asked.

    Examples
    --------
    >>> trial = Trial(design="log_rank", arms=["a", "b"], replicates=10, alpha=0.025, power=0.8,
    ...               accrual_days="365 day", follow_up="365 day")
    >>> plan = look_plan(trial)
    >>> plan.events, [round(bound, 3) for bound in plan.bounds], plan.last_day
    ((), [1.96], 730.0)
    """
    from scipy.special import ndtri

    alpha = given(trial.alpha, "alpha") / (len(trial.arms) - 1)
    last = given(trial.accrual_days, "accrual_days") + given(trial.follow_up, "follow_up")
    if trial.design == "log_rank":
        words = (
            f"Log-rank test on day {last:g}, one-sided type I error {100 * alpha:.3g} % for each "
            "comparison with the control."
        )
        return LookPlan((), (float(-ndtri(alpha)),), last, words)
    looks = given(trial.looks, "looks")
    plan = GroupSequential.plan(
        info=tuple(look / looks[-1] for look in looks),
        alpha=alpha,
        beta=1.0 - given(trial.power, "power"),
        spending=given(trial.spending, "spending"),
    )
    times = ", ".join(f"{look}" for look in looks)
    words = (
        f"Log-rank test when {times} events have come in the two arms compared, or on day "
        f"{last:g}, when the last look is taken whatever has come. {plan.description}"
    )
    return LookPlan(tuple(looks), plan.z_bounds, last, words)


def conduct_pair(trials: SurvivalTrials, plan: LookPlan) -> Conducted:
    """Test one arm against the control at every look until the trial succeeds.

    A look whose events never come before the last day is taken on the last day, once, against the
    bound of the last look, which then spends less than all of alpha.
    """
    count, looks = len(trials.time), len(plan.bounds)
    came = np.sort(np.where(trials.event, trials.entry + trials.time, np.inf), axis=1)
    z, day = np.full((count, looks), np.nan), np.full((count, looks), np.nan)
    events = np.zeros((count, looks), dtype=np.int64)
    won = np.full(count, -1)
    for look in range(looks):
        when = np.full(count, plan.last_day)
        if plan.events and plan.events[look] <= came.shape[1]:
            when = np.minimum(came[:, plan.events[look] - 1], plan.last_day)
        final_look = look == looks - 1
        due = (won < 0) & (final_look | (when < plan.last_day))
        time, event = trials.cut(when)
        found = -np.asarray(log_rank(time, event, trials.arm).z)
        z[due, look], day[due, look] = found[due], when[due]
        events[due, look] = event[due].sum(axis=1)
        won = np.where(due & (found >= plan.bounds[look]), look, won)
    return Conducted(z, day, events, won)
