"""The pieces of survival curves: steps with interval, censoring ticks, the number at risk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import altair as alt
import numpy as np
from jaxtyping import Float

from progenitor.report.figures._style import Chart, inline, number
from progenitor.report.figures._thinning import evenly, last_of_each
from progenitor.trial import kaplan_meier

__all__ = ["Followed", "SurvivalAxes", "survival_panel"]

Followed = tuple[Float[np.ndarray, " patient"], Float[np.ndarray, " patient"]]
"""Times in days, and events as 1 or 0 for the end of follow-up."""


@final
@dataclass(frozen=True, slots=True)
class SurvivalAxes:
    """What the axes of survival curves say.

    Parameters
    ----------
    title
        Above the panel.
    across, up
        Titles of the axes.
    days
        Days of one unit of the horizontal axis.
    ticks
        Values to label across, in its unit.
    legend
        Whether the panel names its colours.
    """

    title: str
    across: str
    up: str
    days: float
    ticks: list[int]
    legend: bool = True


def survival_panel(
    followed: Mapping[str, Followed],
    colours: Mapping[str, str],
    axes: SurvivalAxes,
    *,
    width: int,
    height: int,
    dashes: Mapping[str, list[int]] | None = None,
) -> Chart:
    """Draw Kaplan–Meier curves over the numbers at risk.

    Parameters
    ----------
    followed
        Label of each arm → times and events; nobody may be missing.
    colours
        Label → colour.
    axes
        What the axes say.
    width, height
        Size of the plotting area in pixels.
    dashes
        Label → how its line is broken; all are whole when this is left out.
    """
    last = max(float(time.max()) for time, _ in followed.values())
    rows = [_arm_rows(label, *pair, axes) for label, pair in followed.items()]
    shown = list(followed)
    colour = alt.Scale(domain=shown, range=[colours[name] for name in shown])
    x_scale = alt.Scale(domain=[0, max(axes.ticks[-1], last / axes.days)], nice=False)
    top = _curves(
        [row for r in rows for row in r[0]],
        [row for r in rows for row in r[1]],
        colour,
        axes,
        [] if dashes is None else [dashes[name] for name in shown],
    )
    top = top.encode(
        x=alt.X("month:Q", scale=x_scale, title=axes.across, axis=alt.Axis(values=axes.ticks))
    ).properties(width=width, height=height, title=axes.title)
    table = _at_risk([row for r in rows for row in r[2]], x_scale, shown)
    panel: Chart = alt.vconcat(
        top, table.properties(width=width, height=20 * len(shown)), spacing=4
    ).resolve_scale(color="independent")
    return panel


def _arm_rows(
    label: str,
    time: Float[np.ndarray, " patient"],
    event: Float[np.ndarray, " patient"],
    axes: SurvivalAxes,
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
            "month": number(day / axes.days),
            "survival": number(share),
            "low": number(low),
            "high": number(high),
        }
        for day, share, low, high in steps
    ]
    censored = np.unique(time[event == 0])
    censored = censored[evenly(censored.size)]
    ticks: list[dict[str, object]] = [
        {"arm": label, "month": number(day / axes.days), "survival": number(share)}
        for day, share in zip(censored, curve.survival_at(censored), strict=True)
    ]
    counts = curve.at_risk(np.array(axes.ticks, dtype=float) * axes.days)
    risk: list[dict[str, object]] = [
        {"arm": label, "month": month, "at_risk": int(count)}
        for month, count in zip(axes.ticks, counts, strict=True)
    ]
    return drawn, ticks, risk


def _curves(
    curve: list[dict[str, object]],
    ticks: list[dict[str, object]],
    colour: alt.Scale,
    axes: SurvivalAxes,
    dashes: list[list[int]],
) -> Chart:
    y_scale = alt.Scale(domain=[0, 1], nice=False)
    y_axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    legend = (
        alt.Legend(orient="top-right", symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1)
        if axes.legend
        else None
    )
    shade = alt.Color("arm:N", title=None, scale=colour, legend=legend)
    base = alt.Chart(inline(curve))
    y = alt.Y("survival:Q", title=axes.up, scale=y_scale, axis=y_axis)
    interval = base.mark_area(interpolate="step-after", opacity=0.16).encode(
        y=alt.Y("low:Q", title=axes.up, scale=y_scale, axis=y_axis),
        y2="high:Q",
        color=shade,
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2.2).encode(y=y, color=shade)
    if dashes:
        breaks = alt.Scale(domain=colour.domain, range=dashes)
        line = line.encode(strokeDash=alt.StrokeDash("arm:N", scale=breaks, legend=None))
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
                    domain=False, ticks=False, grid=False, labelLimit=170, labelPadding=22
                ),
            ),
            text="at_risk:Q",
        )
    )
    return table
