"""The one look every figure shares, and what is drawn when there is nothing to draw."""

import math
import textwrap
from typing import TypeAlias

import altair as alt
import numpy as np

from progenitor.report.figures._palette import INK

__all__ = [
    "Chart",
    "bare",
    "blank",
    "decades",
    "inline",
    "is_blank",
    "number",
    "power_label",
    "styled",
]

Chart: TypeAlias = (
    alt.Chart
    | alt.LayerChart
    | alt.FacetChart
    | alt.HConcatChart
    | alt.VConcatChart
    | alt.ConcatChart
)
"""Whatever Altair returns for a picture that stands on its own."""


_RAISED = "['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']"
_BLANK = "nothing_to_draw"
_FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"


def styled(chart: Chart, *, description: str) -> Chart:
    """Return ``chart`` in the house style, with the words that stand for it when it is not seen."""
    finished: Chart = chart.properties(description=description).configure(
        font=_FONT,
        background="transparent",
        aria=False,
        padding=4,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=INK,
            titleColor=INK,
            domainColor=INK,
            tickColor=INK,
            gridColor=INK,
            gridOpacity=0.12,
            domainOpacity=0.5,
            tickOpacity=0.5,
            labelFontSize=12,
            titleFontSize=12.5,
            titleFontWeight="normal",
            titlePadding=8,
            labelLimit=320,
            titleLimit=700,
            labelFlush=False,
        ),
        legend=alt.LegendConfig(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=460,
            titleLimit=460,
            symbolStrokeWidth=1.5,
        ),
        title=alt.TitleConfig(
            color=INK,
            subtitleColor=INK,
            fontSize=13.5,
            subtitleFontSize=12,
            fontWeight="bold",
            anchor="start",
            offset=10,
            limit=700,
        ),
        text=alt.MarkConfig(color=INK, fontSize=12, limit=700),
    )
    return finished


def bare(chart: Chart) -> Chart:
    """Return ``chart`` without its style, so that it can become part of a larger figure."""
    copy: Chart = chart.copy(deep=False)
    copy.config = alt.Undefined
    copy.description = alt.Undefined
    return copy


def blank(reason: str) -> Chart:
    """Draw the reason why a figure has nothing to show, instead of an empty frame.

    Examples
    --------
    >>> chart = blank("No patient was infused.")
    >>> chart.to_dict()["description"]
    'No patient was infused.'
    """
    lines = textwrap.wrap(reason, 90)
    chart = (
        alt.Chart(inline([{"reason": "\n".join(lines)}]))
        .mark_text(fontSize=13, fontStyle="italic", align="left", lineBreak="\n", lineHeight=18)
        .encode(text="reason:N", x=alt.value(0), y=alt.value(16))
        .properties(name=_BLANK, width=760, height=22 + 18 * len(lines))
    )
    return styled(chart, description=reason)


def is_blank(chart: Chart) -> bool:
    """Return whether a chart only says why there is nothing to draw.

    Examples
    --------
    >>> is_blank(blank("No patient was infused."))
    True
    """
    return bool(chart.name == _BLANK)


def inline(rows: list[dict[str, object]]) -> alt.InlineData:
    """Return rows as data written into the figure itself.

    A tuple, because Altair copies every list inside a chart whenever charts are combined.
    """
    return alt.InlineData(values=tuple(rows))


def number(value: float) -> float | None:
    """Return ``value`` for a figure's data: JSON has no NaN, so what is missing becomes null.

    Examples
    --------
    >>> number(2.5), number(float("nan")), number(float("inf"))
    (2.5, None, None)
    """
    value = float(value)
    return value if math.isfinite(value) else None


def power_label(power: str) -> str:
    """Return the Vega expression that writes ten to ``power`` plainly, or as a raised power.

    Parameters
    ----------
    power
        Vega expression of the whole exponent.
    """
    size = f"abs({power})"
    tens = f"({size} >= 10 ? {_RAISED}[floor({size} / 10)] : '')"
    raised = f"'10' + ({power} < 0 ? '⁻' : '') + {tens} + {_RAISED}[{size} % 10]"
    return f"{power} > 3 || {power} < -3 ? {raised} : format(pow(10, {power}), '~f')"


def decades(low: float, high: float) -> tuple[list[float], tuple[float, float]]:
    """Return the powers of ten to label on a log axis from ``low`` to ``high``, and its ends.

    Examples
    --------
    >>> ticks, (bottom, top) = decades(0.03, 40.0)
    >>> [f"{tick:g}" for tick in ticks]
    ['0.01', '0.1', '1', '10', '100']
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    last = max(last, first + 1)
    ticks = [float(f"1e{power}") for power in range(first, last + 1)]
    return ticks, (ticks[0], float(np.max(ticks)))
