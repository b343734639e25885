"""What the dose-finding trials of a study show, in words."""

from collections.abc import Sequence

import numpy as np

from progenitor.study.results import DoseLevel, Estimate, PolicyChoice

__all__ = ["dose_summary"]


def dose_summary(
    levels: Sequence[DoseLevel], policies: Sequence[PolicyChoice], right: Estimate, policy: str
) -> str:
    """Say which dose is right, which is chosen, and what ignoring feasibility would have done."""
    best = int(np.argmax([level.best_feasible for level in levels]))
    liked = int(np.argmax([level.selected.value for level in levels]))
    words = (
        f"Dose {best + 1} ({levels[best].label}) is the highest tolerated and feasible dose in "
        f"{100 * levels[best].best_feasible:.0f} % of parameter draws. Trials on mechanistic "
        f"patients choose dose {liked + 1} ({levels[liked].label}) most often, in "
        f"{100 * levels[liked].selected.value:.0f} %, and the right dose of their own draw in "
        f"{100 * right.value:.0f} % (Monte Carlo error {100 * right.mcse:.1f})."
    )
    by_name = {choice.policy: choice for choice in policies}
    if "ignore" in by_name and policy in by_name and policy != "ignore":
        ignored, kept = by_name["ignore"], by_name[policy]
        words += (
            f" Had manufacturing been ignored, {100 * ignored.infeasible.value:.0f} % of trials "
            f"would have chosen a dose that too few patients can get, against "
            f"{100 * kept.infeasible.value:.0f} %; of patients in the next trial "
            f"{100 * ignored.delivered.value:.0f} % would have got the chosen dose in place of "
            f"{100 * kept.delivered.value:.0f} %."
        )
    return words
