"""What every look of a randomised trial does, and how likely trials that go on are to succeed."""

import numpy as np
from jaxtyping import Bool, Float

from progenitor.study.results import Estimate, RandomisedLook
from progenitor.study.trials._averages import averaged
from progenitor.study.trials._look_plan import LookPlan
from progenitor.study.trials._survival_conduct import Conducted, Looked
from progenitor.trial import ConditionalPower, conditional_power

__all__ = ["look_outcomes", "power_at_look"]


def look_outcomes(
    looked: Looked,
    found: Conducted,
    plan: LookPlan,
    *,
    planned: float,
    believed: tuple[float, float],
    draws: int,
) -> tuple[RandomisedLook, ...]:
    """Describe every look over all trials.

    Trials that go on are those that the bounds do not stop; what they come to is shown beside
    their conditional power, so that a reader sees which forecast was right.

    Parameters
    ----------
    looked, found
        All looks, and where each trial stopped.
    plan
        Bounds.
    planned
        Logarithm of the hazard ratio planned for.
    believed
        Mean and standard deviation of the logarithm of the hazard ratio over parameter draws.
    draws
        Parameter draws; trial k is on draw k mod D.
    """
    outcomes = []
    for look, share in enumerate(plan.information):
        reached = np.isfinite(found.z[:, look])
        on = reached & (found.won != look) & (found.futile != look)
        chances: dict[str, Estimate] = {}
        if look < len(plan.bounds) - 1:
            powers = _powers(looked.z[:, look], on, share, plan, planned, believed)
            chances = {name: averaged(values, draws, label=name) for name, values in powers.items()}
            chances["came"] = averaged(
                np.where(on, found.success.astype(float), np.nan), draws, label="came"
            )
        outcomes.append(
            RandomisedLook(
                events=float(plan.events[look]) if plan.events else float("nan"),
                information=share,
                efficacy=plan.bounds[look],
                futility=plan.futility[look] if look < len(plan.bounds) - 1 else -np.inf,
                reached=averaged(reached, draws, label="Reached"),
                day=averaged(found.day[:, look], draws, label="Day", unit="day"),
                success=averaged(found.won == look, draws, label="Success"),
                futile=averaged(found.futile == look, draws, label="Futility"),
                chances=chances,
            )
        )
    return tuple(outcomes)


def power_at_look(
    z: float, share: float, plan: LookPlan, *, planned: float, believed: tuple[float, float]
) -> ConditionalPower:
    """Conditional power under the planned effect and the trend, and predictive power.

    Predictive power averages over the hazard ratios of the parameter draws, updated by what the
    look showed. Later interim looks are left out: they change it little.

    Parameters
    ----------
    z, share
        Statistic, and share of the last look's events.
    plan, planned, believed
        As for :func:`look_outcomes`.
    """
    mean, spread = believed
    return conditional_power(
        z,
        share,
        critical=plan.bounds[-1],
        drift=plan.drift(planned),
        prior_mean=plan.drift(mean),
        prior_sd=max(abs(plan.drift(spread)), 1e-6),
    )


def _powers(
    z: Float[np.ndarray, " trial"],
    on: Bool[np.ndarray, " trial"],
    share: float,
    plan: LookPlan,
    planned: float,
    believed: tuple[float, float],
) -> dict[str, Float[np.ndarray, " trial"]]:
    """Conditional and predictive power of the trials that go on; NaN for others."""
    found = {name: np.full(z.size, np.nan) for name in ConditionalPower._fields}
    for trial in np.flatnonzero(on & np.isfinite(z)):
        powers = power_at_look(float(z[trial]), share, plan, planned=planned, believed=believed)
        for name, value in zip(ConditionalPower._fields, powers, strict=True):
            found[name][trial] = value
    return found
