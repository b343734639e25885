"""What the randomised trials of a study show, in words."""

from collections.abc import Sequence

import numpy as np

from progenitor.study.results import RandomisedPair
from progenitor.study.trials._survival_conduct import Conducted, LookPlan

__all__ = ["randomised_summary", "story"]


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


def story(found: Conducted, plan: LookPlan, title: str) -> tuple[str, ...]:
    """Tell the looks of the first trial."""
    lines = []
    for look in np.flatnonzero(np.isfinite(found.z[0])):
        z, bound, day = found.z[0, look], plan.bounds[look], found.day[0, look]
        verdict = (
            f"success for {title}"
            if z >= bound
            else ("no success" if look == len(plan.bounds) - 1 else "the trial goes on")
        )
        lines.append(
            f"Day {day:.0f}, look {look + 1}: {found.events[0, look]} events, Z = {z:.2f} against "
            f"a bound of {bound:.2f}: {verdict}."
        )
    return tuple(lines)
