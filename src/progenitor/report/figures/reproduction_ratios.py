"""How far each number of a paper lies from what its model here gives."""

import math
from collections.abc import Sequence
from typing import Final

import altair as alt

from progenitor.library import NEAR, ReproductionRow
from progenitor.report._numbers import ratio_text
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled

__all__ = ["reproduction_ratios"]

_TICKS: Final = (0.01, 0.1, 0.2, 0.5, 0.8, 1, 1.25, 2, 5, 10, 100)
_WIDEST: Final = (0.01, 100.0)


def reproduction_ratios(rows: Sequence[ReproductionRow], *, width: int = 430) -> Chart:
    """Draw ours over published for each number, with the published interval; 0.8–1.25 is shaded.

    Numbers outside are filled and marked in words too. Ratios beyond a factor of 100 are drawn at
    the end of the axis.

    Parameters
    ----------
    rows
        Numbers of one paper; those without a ratio are left out.
    width
        Width of the plotting area in pixels.
    """
    shown = [row for row in rows if math.isfinite(row.ratio) and row.ratio > 0]
    if not shown:
        return blank("No number of the paper has a ratio.")
    values = [_kept(row.ratio) for row in shown]
    domain = [min(0.7, *values) * 0.9, max(1.4, *values) * 1.1]
    scale = alt.Scale(type="log", domain=domain, nice=False, clamp=True)
    ticks = [tick for tick in _TICKS if domain[0] <= tick <= domain[1]]
    axis = alt.Axis(values=ticks, format="~g", title="Ours ÷ published (logarithmic axis)")
    band = (
        alt.Chart(inline([{"low": NEAR[0], "high": NEAR[1]}]))
        .mark_rect(color=ARM_COLOURS[2], opacity=0.14)
        .encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    )
    equal = (
        alt.Chart(inline([{"one": 1.0}]))
        .mark_rule(color=INK, strokeDash=[4, 3], opacity=0.75)
        .encode(x=alt.X("one:Q", scale=scale, axis=axis))
    )
    table = [_row(row, index) for index, row in enumerate(shown)]
    base = alt.Chart(inline(table)).encode(
        y=alt.Y(
            "label:N",
            sort=[str(row["label"]) for row in table],
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=430, labelPadding=12),
        )
    )
    bars = base.transform_filter("isValid(datum.low) && isValid(datum.high)").mark_rule(
        strokeWidth=5, color=INK, opacity=0.22, clip=True
    )
    points = base.mark_point(size=80, stroke=INK, strokeWidth=1.6, opacity=1, filled=True).encode(
        x=alt.X("ratio:Q", scale=scale, axis=axis),
        fill=alt.condition("datum.near", alt.value(ARM_COLOURS[0]), alt.value(ARM_COLOURS[1])),
        shape=alt.condition("datum.near", alt.value("circle"), alt.value("triangle-up")),
    )
    text = base.mark_text(align="left").encode(text="text:N", x=alt.value(width + 10))
    interval = bars.encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    chart = alt.layer(band, interval, equal, points, text).properties(
        width=width, height=alt.Step(21)
    )
    words = "; ".join(f"{row['label']}: {row['text']}" for row in table)
    return styled(chart, description=f"Ours over published. {words}.")


def _row(row: ReproductionRow, index: int) -> dict[str, object]:
    bounds = (row.low / row.published, row.high / row.published)
    ratio = ratio_text(row.ratio)
    title = row.title if len(row.title) < 70 else f"{row.title[:69]}…"
    return {
        "label": title + "\u200b" * index,  # equal titles stay apart
        "ratio": number(_kept(row.ratio)),
        "low": number(_kept(bounds[0])),
        "high": number(_kept(bounds[1])),
        "near": row.near,
        "text": ratio if row.near else f"{ratio} ▲",
    }


def _kept(ratio: float) -> float:
    return min(max(ratio, _WIDEST[0]), _WIDEST[1]) if math.isfinite(ratio) else ratio
