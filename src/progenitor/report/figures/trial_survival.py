"""Kaplan–Meier curves of one randomised trial, with the number at risk."""

import math

from progenitor.report.figures._palette import ARM_COLOURS
from progenitor.report.figures._style import Chart, blank, styled
from progenitor.report.figures._survival_panel import SurvivalAxes, survival_panel
from progenitor.study.results import RandomisedResult

__all__ = ["trial_survival"]

_DAYS_PER_MONTH = 365 / 12  # visit schedules call day 365 month 12


def trial_survival(found: RandomisedResult, *, width: int = 620, height: int = 260) -> Chart:
    """Draw the curves of the example trial as they stood when it ended.

    Parameters
    ----------
    found
        A randomised trial.
    width, height
        Size of the plotting area in pixels.
    """
    followed = {title: pair for title, pair in found.example.followed.items() if pair[0].size}
    if not followed:
        return blank("No patient was followed in the example trial.")
    last = max(float(time.max()) for time, _ in followed.values()) / _DAYS_PER_MONTH
    origin = "enrolment" if found.analysis_set == "itt" else "infusion"
    axes = SurvivalAxes(
        "One trial, as it stood at its last look",
        f"Months since {origin}",
        "Progression-free survival",
        _DAYS_PER_MONTH,
        list(range(0, math.floor(last + 0.05) + 1, 3 if last > 8 else 1)),
    )
    colours = dict(zip(found.example.followed, ARM_COLOURS, strict=False))
    words = "; ".join(
        f"{title}: {time.size} patients, {int(event.sum())} events"
        for title, (time, event) in followed.items()
    )
    return styled(
        survival_panel(followed, colours, axes, width=width, height=height),
        description=f"Kaplan–Meier curves of progression-free survival in one trial. {words}.",
    )
