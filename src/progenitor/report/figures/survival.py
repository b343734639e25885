"""Kaplan–Meier curves with interval, censoring ticks and the number at risk."""

import math
from collections.abc import Mapping
from typing import Literal

import altair as alt
import numpy as np
from jaxtyping import Float

from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.report.figures._thinning import evenly, last_of_each
from progenitor.study.results import ArmResult
from progenitor.trial import kaplan_meier

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
    months = _month_ticks(last)
    rows = [_arm_rows(labels[name], *pair, months) for name, pair in followed.items()]
    title, axis_title = _TITLES[analysis_set]
    shown = [labels[name] for name in followed]
    colour = alt.Scale(domain=shown, range=[colours[name] for name in followed])
    x_scale = alt.Scale(domain=[0, max(months[-1], last / _DAYS_PER_MONTH)], nice=False)
    top = _curves([row for r in rows for row in r[0]], [row for r in rows for row in r[1]], colour)
    top = top.encode(
        x=alt.X("month:Q", scale=x_scale, title=axis_title, axis=alt.Axis(values=months))
    ).properties(width=width, height=height, title=title)
    table = _at_risk([row for r in rows for row in r[2]], x_scale, shown)
    words = "; ".join(
        f"{labels[n]}: {t.size} patients, {int(e.sum())} events" for n, (t, e) in followed.items()
    )
    return styled(
        alt.vconcat(
            top, table.properties(width=width, height=20 * len(shown)), spacing=4
        ).resolve_scale(color="independent"),
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


def _arm_rows(
    label: str,
    time: Float[np.ndarray, " patient"],
    event: Float[np.ndarray, " patient"],
    months: list[int],
) -> tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]]:
    """Return the rows of the curve, of the censoring ticks and of the numbers at risk."""
    curve = kaplan_meier(time, event)
    kept = last_of_each(curve.times)
    seen = (column[kept] for column in (curve.times, curve.survival, curve.low, curve.high))
    steps = [(0.0, 1.0, 1.0, 1.0)]
    steps += zip(*seen, strict=True)
    steps.append((float(time.max()), *steps[-1][1:]))
    drawn: list[dict[str, object]] = [
        {
            "arm": label,
            "month": number(day / _DAYS_PER_MONTH),
            "survival": number(share),
            "low": number(low),
            "high": number(high),
        }
        for day, share, low, high in steps
    ]
    censored = np.unique(time[event == 0])
    censored = censored[evenly(censored.size)]
    ticks: list[dict[str, object]] = [
        {"arm": label, "month": number(day / _DAYS_PER_MONTH), "survival": number(share)}
        for day, share in zip(censored, curve.survival_at(censored), strict=True)
    ]
    counts = curve.at_risk(np.array(months, dtype=float) * _DAYS_PER_MONTH)
    risk: list[dict[str, object]] = [
        {"arm": label, "month": month, "at_risk": int(count)}
        for month, count in zip(months, counts, strict=True)
    ]
    return drawn, ticks, risk


def _curves(
    curve: list[dict[str, object]], ticks: list[dict[str, object]], colour: alt.Scale
) -> Chart:
    y_scale = alt.Scale(domain=[0, 1], nice=False)
    y_axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    legend = alt.Legend(
        orient="top-right", symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1
    )
    shade = alt.Color("arm:N", title=None, scale=colour, legend=legend)
    base = alt.Chart(inline(curve))
    y = alt.Y("survival:Q", title="Progression-free survival", scale=y_scale, axis=y_axis)
    interval = base.mark_area(interpolate="step-after", opacity=0.16).encode(
        y=alt.Y("low:Q", title="Progression-free survival", scale=y_scale, axis=y_axis),
        y2="high:Q",
        color=shade,
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2.2).encode(y=y, color=shade)
    censored = (
        alt.Chart(inline(ticks))
        .mark_tick(orient="vertical", thickness=1.0, size=9, opacity=0.8)
        .encode(y=y, color=shade)
    )
    return alt.layer(interval, line, censored)


def _at_risk(rows: list[dict[str, object]], x_scale: alt.Scale, shown: list[str]) -> alt.Chart:
    table: alt.Chart = (
        alt.Chart(inline(rows), title=alt.TitleParams("Number at risk", fontSize=11.5, offset=4))
        .mark_text(fontSize=11.5)
        .encode(
            x=alt.X("month:Q", scale=x_scale, axis=None),
            y=alt.Y(
                "arm:N",
                sort=shown,
                title=None,
                axis=alt.Axis(
                    domain=False, ticks=False, grid=False, labelLimit=130, labelPadding=22
                ),
            ),
            text="at_risk:Q",
        )
    )
    return table
