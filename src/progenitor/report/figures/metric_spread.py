"""How the metrics of cellular kinetics spread over patients."""

from collections.abc import Callable

import altair as alt
import numpy as np

from progenitor.kinetics import Kinetics, Metric, MetricSummary, summarise_metric
from progenitor.report._numbers import number_text, unit_text
from progenitor.report.figures._palette import ARM_COLOURS, INK, PAPER
from progenitor.report.figures._style import (
    Chart,
    blank,
    decades,
    inline,
    number,
    power_label,
    styled,
)
from progenitor.report.figures._thinning import evenly

__all__ = ["metric_spread"]

_COLUMNS = 3
_WIDE = 10.0
_GOLDEN = 0.6180339887498949
"""Multiples of it fill the unit interval evenly: neighbours in rank lie apart."""


def metric_spread(found: Kinetics, *, width: int = 262, height: int = 66) -> Chart:
    """Draw each patient's value of each metric as a dot, over the percentiles.

    The thick bar runs from the 25th to the 75th percentile, the thin one from the 5th to the 95th;
    the diamond is the median. An axis that spans more than a factor of ten is logarithmic. The
    height of a dot means nothing.

    Parameters
    ----------
    found
        An analysis.
    width, height
        Size of one panel in pixels.
    """
    summaries = {name: summarise_metric(metric) for name, metric in found.metrics.items()}
    shown = [
        metric
        for name, metric in found.metrics.items()
        if metric.kind != "share" and summaries[name].count
    ]
    if not shown:
        return blank("No metric could be found in any patient, so there is no spread to show.")
    panels = [_panel(m, summaries[m.name], width, height) for m in shown]
    words = [
        f"{_title(m)}: median {number_text(summaries[m.name].median)}, 5th to 95th percentile "
        f"{number_text(summaries[m.name].p5)} to {number_text(summaries[m.name].p95)}"
        for m in shown
    ]
    return styled(
        alt.concat(*panels, columns=_COLUMNS, spacing={"row": 24, "column": 36}),
        description="Metrics over patients. " + "; ".join(words) + ".",
    )


def _title(metric: Metric) -> str:
    unit = unit_text(metric.unit)
    return f"{metric.title} ({unit})" if unit else metric.title


def _panel(metric: Metric, summary: MetricSummary, width: int, height: int) -> Chart:
    values = np.sort(metric.values[np.isfinite(metric.values)])
    logarithmic = bool(values[0] > 0.0 and values[-1] / values[0] > _WIDE)
    kept = evenly(values.size)
    rows: list[dict[str, object]] = [
        {"value": number(values[rank]), "place": 0.06 + 0.52 * float(rank * _GOLDEN % 1.0)}
        for rank in kept.tolist()
    ]
    x = _axis(metric, float(values[0]), float(values[-1]), logarithmic=logarithmic)
    place = alt.Scale(domain=[0, 1])
    dots = (
        alt.Chart(inline(rows))
        .mark_circle(color=ARM_COLOURS[0], size=22, opacity=0.45 if kept.size > 40 else 0.65)
        .encode(x=x("value"), y=alt.Y("place:Q", axis=None, scale=place))
    )
    box: dict[str, object] = {
        name: number(getattr(summary, name)) for name in ("p5", "p25", "median", "p75", "p95")
    }
    bars = alt.Chart(inline([box | {"place": 0.82}])).encode(
        y=alt.Y("place:Q", axis=None, scale=place)
    )
    thin = bars.mark_rule(color=INK, strokeWidth=1.4).encode(x=x("p5"), x2="p95:Q")
    thick = bars.mark_rule(color=INK, strokeWidth=6, opacity=0.55).encode(x=x("p25"), x2="p75:Q")
    middle = bars.mark_point(
        shape="diamond", size=70, fill=PAPER, stroke=INK, strokeWidth=1.6, opacity=1
    ).encode(x=x("median"))
    missing = f", {summary.not_estimable} without" if summary.not_estimable else ""
    title = alt.TitleParams(
        _title(metric), subtitle=f"n = {summary.count}{missing}", fontSize=12.5, offset=6
    )
    panel: Chart = alt.layer(dots, thin, thick, middle, title=title).properties(
        width=width, height=height
    )
    return panel


def _axis(metric: Metric, low: float, high: float, *, logarithmic: bool) -> Callable[[str], alt.X]:
    """Return what makes the panel's axis for a field."""
    if logarithmic:
        ticks, domain = decades(low, high)
        step = 1 if len(ticks) <= 6 else 2
        scale = alt.Scale(type="log", domain=list(domain), nice=False)
        axis = alt.Axis(
            values=ticks[::step], labelExpr=power_label("round(log(datum.value) / LN10)")
        )
    else:
        edge = [min(low, 0.0), high * 1.05] if high > 0.0 else [low, low + 1.0]
        scale = alt.Scale(domain=edge, nice=metric.kind != "ratio", padding=6)
        axis = alt.Axis(
            tickCount=4,
            labelOverlap=True,
            labelExpr="replace(datum.label, regexp(',', 'g'), '\u202f')",
        )
    return lambda field: alt.X(f"{field}:Q", title=None, scale=scale, axis=axis)
