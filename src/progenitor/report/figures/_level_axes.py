"""Axes and marks of measured levels: quantifiable samples, samples below the limit, the limit."""

import math

import altair as alt
import numpy as np

from progenitor.kinetics import Profiles
from progenitor.report._numbers import unit_text
from progenitor.report.figures._palette import INK, PAPER
from progenitor.report.figures._style import decades, inline, number, power_label

__all__ = ["level_axis", "level_limits", "limit_line", "one_limit", "sample_rows", "under_marks"]

_LABEL = power_label("round(log(datum.value) / LN10)")


def one_limit(profiles: Profiles) -> float:
    """Return the limit of quantification that all samples share, NaN where they differ."""
    known = np.unique(profiles.limit[profiles.taken & ~np.isnan(profiles.limit)])
    return float(known[0]) if known.size == 1 else math.nan


def level_limits(profiles: Profiles) -> tuple[float, float]:
    """Return whole decades that hold every quantifiable level and every limit."""
    known = np.concatenate([profiles.level.ravel(), profiles.limit[profiles.taken].ravel()])
    known = known[np.isfinite(known) & (known > 0.0)]
    return decades(float(known.min()), float(known.max()))[1]


def level_axis(
    profiles: Profiles, field: str, limits: tuple[float, float], *, named: bool = True
) -> alt.Y:
    """Return the logarithmic axis of levels, labelled at powers of ten."""
    ticks, _ = decades(*limits)
    unit = unit_text(profiles.unit)
    title = f"Level ({unit})" if unit else "Level"
    return alt.Y(
        f"{field}:Q",
        title=title if named else None,
        scale=alt.Scale(type="log", domain=list(limits), nice=False, clamp=True),
        axis=alt.Axis(values=ticks[:: 1 if len(ticks) <= 8 else 2], labelExpr=_LABEL, grid=True),
    )


def sample_rows(profiles: Profiles, patient: int) -> list[dict[str, object]]:
    """Return the samples of a patient; quantifiable ones of one ``run`` stand side by side.

    A sample below the limit has no level; its ``under`` is the limit, null where it is not known.
    """
    rows: list[dict[str, object]] = []
    run = 0
    for place in np.flatnonzero(profiles.taken[patient]).tolist():
        below = bool(profiles.below[patient, place])
        run += int(below)
        rows.append(
            {
                "patient": profiles.patients[patient],
                "run": f"{patient}-{run}",
                "day": number(profiles.time[patient, place]),
                "level": number(profiles.level[patient, place]),
                "under": number(profiles.limit[patient, place]) if below else None,
            }
        )
    return rows


def limit_line(profiles: Profiles, limits: tuple[float, float], *, named: bool) -> list[alt.Chart]:
    """Return the dashed line of a limit that all samples share; nothing where they differ."""
    limit = one_limit(profiles)
    if not math.isfinite(limit):
        return []
    base = alt.Chart(inline([{"limit": limit, "text": "LLOQ"}])).encode(
        y=level_axis(profiles, "limit", limits, named=named)
    )
    line = base.mark_rule(strokeDash=[5, 4], color=INK, opacity=0.7)
    text = base.mark_text(align="right", dy=9, dx=-4, fontSize=11).encode(
        text="text:N", x=alt.value("width")
    )
    return [line, text]


def under_marks(base: alt.Chart, y: alt.Y, *, size: int) -> alt.Chart:
    """Return hollow triangles at the limit for samples below it."""
    marks: alt.Chart = (
        base.transform_filter("isValid(datum.under)")
        .mark_point(
            shape="triangle-down",
            size=size,
            stroke=INK,
            fill=PAPER,
            strokeWidth=1.1,
            opacity=0.75,
            clip=True,
        )
        .encode(y=y)
    )
    return marks
