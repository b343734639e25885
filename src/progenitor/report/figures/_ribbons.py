"""Nested percentile ribbons on a logarithmic axis: what every time course is drawn with."""

from collections.abc import Iterable

import altair as alt
import numpy as np

from progenitor.report._numbers import unit_text
from progenitor.report.figures._style import decades, inline, number, power_label
from progenitor.study.results import Band

__all__ = ["has_values", "log_limits", "ribbons", "time_axis", "value_axis"]

_DAYS = (0, 7, 14, 28, 60, 90, 180, 365, 545, 730, 1095, 1460, 1825)
_LABEL = power_label("round(log(datum.value) / LN10)")
_LONG = 120.0
_DEEPEST = 1e-7


def has_values(band: Band) -> bool:
    """Return whether a band holds anything that a logarithmic axis can show."""
    return bool((np.isfinite(band.values) & (band.values > 0)).any())


def log_limits(
    bands: Iterable[Band], others: Iterable[float] = (), *, lowest: float = 0.0
) -> tuple[float, float]:
    """Return whole decades that hold the bands and the other values.

    The axis is at most seven decades deep and does not reach below ``lowest``.
    """
    found = [band.values[np.isfinite(band.values) & (band.values > 0)] for band in bands]
    extra = np.array([value for value in others if np.isfinite(value) and value > 0])
    values = np.concatenate([*found, extra])
    high = float(values.max())
    low = max(float(values.min()), high * _DEEPEST, min(lowest, high / 10))
    return decades(low, high)[1]


def time_axis(last: float, title: str = "Days since infusion") -> alt.X:
    """Return the axis of days; square-root spaced when it runs beyond 120 days."""
    long = last > _LONG
    days = [day for day in _DAYS if day <= last] if long else alt.Undefined
    return alt.X(
        "day:Q",
        title=title + (" (square-root axis)" if long else ""),
        scale=alt.Scale(type="sqrt" if long else "linear", domain=[0, last], nice=False),
        axis=alt.Axis(values=days, labelOverlap=True, grid=True, tickMinStep=1),
    )


def value_axis(band: Band, field: str, limits: tuple[float, float], *, named: bool = True) -> alt.Y:
    """Return the logarithmic axis of a band's values, labelled at powers of ten.

    The axis names the quantity and its unit, or the unit alone where a title names the quantity.
    """
    unit = unit_text(band.unit)
    ticks, _ = decades(*limits)
    step = 1 if len(ticks) <= 8 else 2
    return alt.Y(
        f"{field}:Q",
        title=f"{band.label} ({unit})" if named else unit,
        scale=alt.Scale(type="log", domain=list(limits), nice=False, clamp=True),
        axis=alt.Axis(values=ticks[::step], labelExpr=_LABEL, grid=True),
    )


def ribbons(
    band: Band, colour: str, limits: tuple[float, float], *, faint: float = 1.0, named: bool = True
) -> list[alt.Chart]:
    """Return the layers of one band: ribbons between mirrored percentiles, and the median line.

    Values below the axis are drawn at its foot; the figure's data keep them as they are.

    Parameters
    ----------
    band
        The percentiles over patients.
    colour
        Colour of the arm.
    limits
        Ends of the value axis.
    faint
        Multiplies the opacity of the ribbons, for panels that show several arms.
    named
        Whether the value axis names the quantity, see :func:`value_axis`.
    """
    order = np.argsort(band.percentiles)
    rows: list[dict[str, object]] = [
        {
            "day": number(day),
            **{f"p{rank}": number(band.values[row, index]) for rank, row in enumerate(order)},
        }
        for index, day in enumerate(band.days)
    ]
    base = alt.Chart(inline(rows)).encode(x=time_axis(float(np.max(band.days))))
    count, foot = len(order), repr(float(limits[0]))
    layers: list[alt.Chart] = []
    for rank in range(count // 2):
        shown = base.transform_filter(f"isValid(datum.p{rank})").transform_calculate(
            low=f"max(datum.p{rank}, {foot})", high=f"max(datum.p{count - 1 - rank}, {foot})"
        )
        layers.append(
            shown.mark_area(color=colour, opacity=faint * (0.18 + 0.12 * rank), clip=True).encode(
                y=value_axis(band, "low", limits, named=named), y2="high:Q"
            )
        )
    if count % 2:
        middle = count // 2
        layers.append(
            base.transform_filter(f"isValid(datum.p{middle})")
            .transform_calculate(median=f"max(datum.p{middle}, {foot})")
            .mark_line(color=colour, strokeWidth=2.4, clip=True)
            .encode(y=value_axis(band, "median", limits, named=named))
        )
    return layers
