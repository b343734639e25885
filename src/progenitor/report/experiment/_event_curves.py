"""Kaplan–Meier curves of every event of an experiment."""

import math
from collections.abc import Mapping

import altair as alt
import numpy as np

from progenitor.report._numbers import number_text
from progenitor.report.experiment._legend import arm_dashes, arm_legend
from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.report.figures._style import Chart, blank, styled
from progenitor.report.figures._survival_panel import SurvivalAxes, survival_panel
from progenitor.study.experiment.results import ArmOutcome

__all__ = ["event_curves"]

_DAYS_PER_MONTH = 365 / 12
_MONTHS_FROM = 400.0
_TICKS = 8


def event_curves(
    arms: Mapping[str, ArmOutcome],
    events: Mapping[str, str],
    *,
    width: int = 350,
    height: int = 220,
) -> Chart:
    """Draw the share of subjects still without each event, by arm, over the numbers at risk.

    Parameters
    ----------
    arms
        Arms by name.
    events
        Event readout → title.
    width, height
        Size of a plotting area in pixels.
    """
    labels, colours = arm_labels(arms), arm_colours(arms)
    panels: list[Chart] = []
    words = []
    for key, title in events.items():
        followed = {}
        for name, arm in arms.items():
            event = arm.events[key]
            known = np.isfinite(event.time)
            if known.any():
                followed[labels[name]] = (event.time[known], event.event[known])
        if not followed:
            continue
        last = max(float(time.max()) for time, _ in followed.values())
        panels.append(
            survival_panel(
                followed,
                {labels[name]: colours[name] for name in arms},
                _axes(title, last),
                width=width,
                height=height,
                dashes={labels[name]: dash for name, dash in arm_dashes(arms).items()},
            )
        )
        words.append(_words(title, key, arms, labels))
    if not panels:
        return blank("No subject was followed for any event, so there is no curve to show.")
    body = alt.concat(*panels, columns=2, spacing={"row": 30, "column": 30})
    return styled(
        alt.vconcat(
            arm_legend(labels, colours), body.resolve_scale(color="independent"), spacing=14
        ).resolve_scale(color="independent"),
        description="Kaplan–Meier curves. " + " ".join(words),
    )


def _axes(title: str, last: float) -> SurvivalAxes:
    months = last > _MONTHS_FROM
    unit = _DAYS_PER_MONTH if months else 1.0
    steps = (1, 3, 6, 12, 24, 60) if months else (1, 2, 5, 10, 20, 30, 60)
    count = last / unit
    step = next((step for step in steps if count / step <= _TICKS), steps[-1])
    ticks = list(range(0, math.floor(count + 0.05) + 1, step))
    across = "Months" if months else "Days"
    return SurvivalAxes(title, across, "Subjects without the event", unit, ticks, legend=False)


def _words(title: str, key: str, arms: Mapping[str, ArmOutcome], labels: Mapping[str, str]) -> str:
    each = "; ".join(
        f"{labels[name]}: {number_text(100 * arm.events[key].by_end.value)} % by the end"
        for name, arm in arms.items()
    )
    return f"{title}: {each}."
