"""What the randomised trials of a study show, in words."""

from collections.abc import Sequence

import numpy as np

from progenitor.study._trial_section import Trial
from progenitor.study.results import RandomisedPair
from progenitor.study.trials._look_plan import LookPlan
from progenitor.study.trials._survival_conduct import Conducted
from progenitor.study.trials._survival_looks import power_at_look

__all__ = ["allocation_words", "randomised_summary", "story"]


def allocation_words(trial: Trial, strata: str) -> str:
    """Say how patients are allocated.

    Parameters
    ----------
    trial
        Keys of the trial.
    strata
        How strata are formed; empty where there are none.
    """
    block = trial.block or 2 * len(trial.arms)
    ratio = ":".join("1" for _ in trial.arms)
    within = f" within strata, {strata}" if strata else ""
    return f"Patients are randomised {ratio} in permuted blocks of {block}{within}."


def randomised_summary(pairs: Sequence[RandomisedPair], control: str) -> str:
    """Say how often the trial succeeds and what is true of all virtual patients."""
    words = []
    for pair in pairs:
        ratio = pair.truth["hazard_ratio"]
        words.append(
            f"A trial of {pair.title} against {control} succeeds with probability "
            f"{100 * pair.success.value:.0f} % (Monte Carlo error {100 * pair.success.mcse:.1f}; "
            f"90 % of parameter draws {100 * pair.success.low:.0f} to "
            f"{100 * pair.success.high:.0f} %), where {100 * pair.planned:.0f} % was planned. In "
            f"all virtual patients the hazard ratio is {ratio.value:.2f} (90 % of draws "
            f"{ratio.low:.2f} to {ratio.high:.2f})."
        )
    return " ".join(words)


def story(
    found: Conducted,
    plan: LookPlan,
    title: str,
    *,
    planned: float,
    believed: tuple[float, float],
    trial: int = 0,
) -> tuple[str, ...]:
    """Tell the looks of one trial, with the power that is left where it goes on.

    Parameters
    ----------
    found, plan
        How trials went, and their bounds.
    title
        The arm that is compared with the control.
    planned, believed
        Logarithm of the hazard ratio planned for; mean and standard deviation over draws.
    trial
        Which one.
    """
    lines = []
    for look in np.flatnonzero(np.isfinite(found.z[trial])):
        z, bound, day = float(found.z[trial, look]), plan.bounds[look], found.day[trial, look]
        last = look == len(plan.bounds) - 1
        if z >= bound:
            verdict = f"success for {title}"
        elif found.futile[trial] == look:
            verdict = f"below {_signed(plan.futility[look])}, the trial stops for futility"
        else:
            verdict = "no success" if last else "the trial goes on"
        line = (
            f"Day {day:.0f}, look {look + 1}: {found.events[trial, look]} events, Z = {_signed(z)} "
            f"against a bound of {_signed(bound)}: {verdict}."
        )
        if not last and z < bound:
            left = power_at_look(
                z, plan.information[look], plan, planned=planned, believed=believed
            )
            line += (
                f" Success at the end has probability {_percent(left.design)} if the effect is as "
                f"planned, {_percent(left.trend)} if the trend goes on, and "
                f"{_percent(left.predictive)} by what the model believes, updated by this look."
            )
        lines.append(line)
    return tuple(lines)


def _percent(share: float) -> str:
    return "below 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def _signed(value: float) -> str:
    """Write two decimals with a real minus sign."""
    return f"{value:.2f}".replace("-", "−")
