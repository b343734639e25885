"""Kaplan–Meier curves with interval, censoring ticks and the number at risk."""

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np
from jaxtyping import Float

from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.report.figures._style import Chart, blank, styled
from progenitor.report.figures._survival_panel import SurvivalAxes, survival_panel
from progenitor.study.results import ArmResult

__all__ = ["AnalysisSet", "survival"]

AnalysisSet = Literal["infused", "itt"]

_DAYS_PER_MONTH = 365 / 12  # visit schedules call day 365 month 12
_TITLES: Mapping[str, tuple[str, str]] = {
    "infused": ("Infused patients", "Months since infusion"),
    "itt": ("Intention to treat (all enrolled)", "Months since enrolment"),
}


def survival(
    arms: Mapping[str, ArmResult],
    analysis_set: AnalysisSet,
    *,
    width: int = 345,
    height: int = 250,
) -> Chart:
    """Draw progression-free survival by arm for one analysis set, each with its own time zero.

    Parameters
    ----------
    arms
        Arms by name, with times in days and events as 1 (progression or death) or 0 (censored).
    analysis_set
        ``"infused"`` counts from infusion, ``"itt"`` from enrolment.
    width, height
        Size of the plotting area in pixels.
    """
    labels, colours = arm_labels(arms), arm_colours(arms)
    followed = {
        name: pair for name, arm in arms.items() if (pair := _observed(arm, analysis_set))[0].size
    }
    if not followed:
        return blank("No patient was followed in this analysis set, so there is no curve to show.")
    last = max(float(time.max()) for time, _ in followed.values())
    title, axis_title = _TITLES[analysis_set]
    axes = SurvivalAxes(
        title, axis_title, "Progression-free survival", _DAYS_PER_MONTH, _month_ticks(last)
    )
    panel = survival_panel(
        {labels[name]: pair for name, pair in followed.items()},
        {labels[name]: colours[name] for name in followed},
        axes,
        width=width,
        height=height,
    )
    words = "; ".join(
        f"{labels[n]}: {t.size} patients, {int(e.sum())} events" for n, (t, e) in followed.items()
    )
    return styled(
        panel,
        description=f"Kaplan–Meier curves of progression-free survival. {title}. {words}.",
    )


def _observed(
    arm: ArmResult, analysis_set: AnalysisSet
) -> tuple[Float[np.ndarray, " patient"], Float[np.ndarray, " patient"]]:
    """Return times (days) and events of the patients who have them in this analysis set."""
    time, event = (
        (arm.pfs_time, arm.pfs_event)
        if analysis_set == "infused"
        else (arm.pfs_itt_time, arm.pfs_itt_event)
    )
    known = np.isfinite(time) & np.isfinite(event)
    return time[known], event[known]


def _month_ticks(last: float) -> list[int]:
    months = last / _DAYS_PER_MONTH
    step = next((s for s in (1, 3, 6, 12) if months / s <= 9), 24)
    return list(range(0, math.floor(months + 0.05) + 1, step))
