"""Bounds of a group-sequential test over events, and the path of one trial."""

import math

import altair as alt

from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study.results import RandomisedResult

__all__ = ["stopping_bounds"]


def stopping_bounds(found: RandomisedResult, *, width: int = 620, height: int = 220) -> Chart:
    """Draw the bound of Z at every look, and Z of the example trial.

    Parameters
    ----------
    found
        A randomised trial; one that looks at events.
    width, height
        Size of the plotting area in pixels.
    """
    bounds: list[dict[str, object]] = [
        {"events": number(events), "z": number(z)}
        for events, z, _ in found.looks
        if events == events
    ]
    if not bounds:
        return blank("No bounds are drawn: the trial has one look, on its last day.")
    path: list[dict[str, object]] = [
        {"events": events, "z": number(z), "kind": "success" if z >= bound else "goes on"}
        for events, z, bound in found.example.path
    ]
    x = alt.X(
        "events:Q",
        title="Events in the arms compared",
        scale=alt.Scale(domain=[0, max(float(str(row["events"])) for row in bounds) * 1.08]),
        axis=alt.Axis(tickCount=8),
    )
    y = alt.Y("z:Q", title="Z of the log-rank test", scale=alt.Scale(zero=True, nice=True))
    base = alt.Chart(inline(bounds)).encode(x=x, y=y)
    line = base.mark_line(color=ARM_COLOURS[1], strokeWidth=2)
    points = base.mark_point(shape="square", filled=True, size=60, color=ARM_COLOURS[1], opacity=1)
    said = base.mark_text(dy=-12, fontSize=11.5).encode(text=alt.Text("z:Q", format=".2f"))
    trial = alt.Chart(inline(path)).encode(x=x, y=y)
    walked = trial.mark_line(color=ARM_COLOURS[0], strokeWidth=1.6, strokeDash=[4, 3])
    seen = trial.mark_point(filled=True, size=80, color=ARM_COLOURS[0], opacity=1)
    lower: list[dict[str, object]] = [
        {"events": number(events), "z": number(futility)}
        for events, _, futility in found.looks[:-1]
        if futility > -math.inf
    ]
    layers = [line, points, said, walked, seen]
    if lower:
        below = alt.Chart(inline(lower)).encode(x=x, y=y)
        layers += [
            below.mark_line(color=INK, strokeWidth=1.4),
            below.mark_point(shape="triangle-down", filled=True, size=70, color=INK, opacity=1),
            below.mark_text(dy=15, fontSize=11.5).encode(text=alt.Text("z:Q", format=".2f")),
        ]
    zero = alt.Chart(inline([{"z": 0.0}])).mark_rule(color=INK, opacity=0.5).encode(y=y)
    words = ", ".join(f"{row['events']} events {row['z']}" for row in bounds)
    return styled(
        alt.layer(zero, *layers).properties(width=width, height=height),
        description=f"Bounds of Z: {words}. Bounds of futility: "
        + (", ".join(f"{row['events']} events {row['z']}" for row in lower) or "none")
        + ". Path of one trial: "
        + ", ".join(f"{events:g} events Z {z:.2f}" for events, z, _ in found.example.path)
        + ".",
    )
