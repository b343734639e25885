"""When a randomised trial is looked at, its bounds, and the power they have as planned."""

from dataclasses import dataclass
from typing import final

import numpy as np

from progenitor.study._trial_section import Trial, given
from progenitor.trial import GroupSequential

__all__ = ["LookPlan", "look_plan"]


@final
@dataclass(frozen=True, slots=True)
class LookPlan:
    """When data are looked at, and what Z then says.

    One look has no events: it is on the last day.

    Parameters
    ----------
    events
        Events at which data are looked at.
    bounds, futility
        The trial succeeds where Z is at or above the one, and is futile where it is below the
        other; minus infinity where there is none.
    binding
        Whether the trial must stop where it is futile.
    last_day
        Last day of follow-up.
    description
        The design in words.
    design
        Bounds with their error rates; nothing for one look.
    """

    events: tuple[int, ...]
    bounds: tuple[float, ...]
    futility: tuple[float, ...]
    binding: bool
    last_day: float
    description: str
    design: GroupSequential | None = None

    @property
    def information(self) -> tuple[float, ...]:
        """Share of the last look's events that each look has."""
        return tuple(events / self.events[-1] for events in self.events) or (1.0,)

    @property
    def may_stop_futile(self) -> bool:
        """Whether there is a bound of futility."""
        return any(np.isfinite(self.futility[:-1]))

    def drift(self, log_hazard_ratio: float, events: float | None = None) -> float:
        r"""Mean of Z at the end, :math:`-\ln HR\,\sqrt{d/4}`, of two arms of equal size.

        Parameters
        ----------
        log_hazard_ratio
            Below 0 where the arm is better.
        events
            At the end; those of the last look by default.

        References
        ----------
        Schoenfeld 1981, Biometrika 68:316–319, doi:10.1093/biomet/68.1.316.
        """
        count = float(self.events[-1]) if events is None else events
        return float(-log_hazard_ratio * (count / 4.0) ** 0.5)

    def power(self, drift: float) -> float:
        """Probability of success at a drift, futility bounds heeded."""
        from scipy.special import ndtr

        if self.design is None:
            return float(ndtr(drift - self.bounds[-1]))
        return float(self.design.crossing(drift)[0].sum())


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
    >>> round(plan.power(plan.drift(np.log(0.5), 88.0)), 2)
    0.9
    """
    from scipy.special import ndtri

    alpha = given(trial.alpha, "alpha") / (len(trial.arms) - 1)
    last = given(trial.accrual_days, "accrual_days") + given(trial.follow_up, "follow_up")
    test = "Stratified log-rank test" if trial.stratify_by else "Log-rank test"
    if trial.design == "log_rank":
        words = (
            f"{test} on day {last:g}, one-sided type I error {100 * alpha:.3g} % for each "
            "comparison with the control."
        )
        return LookPlan(
            (), (float(-ndtri(alpha)),), (-np.inf,), binding=False, last_day=last, description=words
        )
    looks = given(trial.looks, "looks")
    plan = GroupSequential.plan(
        info=tuple(look / looks[-1] for look in looks),
        alpha=alpha,
        beta=1.0 - given(trial.power, "power"),
        spending=given(trial.spending, "spending"),
        futility=trial.futility,
        binding=bool(trial.binding),
    )
    times = ", ".join(f"{look}" for look in looks)
    words = (
        f"{test} when {times} events have come in the two arms compared, or on day "
        f"{last:g}, when the last look is taken whatever has come. {plan.description}"
    )
    bounds = (plan.z_bounds, plan.futility_bounds)
    return LookPlan(tuple(looks), *bounds, plan.binding, last, words, plan)
