"""Bands, lines and points that figures of model checks share, each with a place in the legend."""

import math
from collections.abc import Sequence
from typing import Final, Literal

import altair as alt
import numpy as np
from jaxtyping import Bool, Float

from progenitor.report._numbers import count_text, unit_text
from progenitor.report.figures._check_key import BAND_OPACITY, OUTSIDE_COLOUR, KeyEntry
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._ribbons import time_axis
from progenitor.report.figures._style import decades, inline, number, power_label
from progenitor.report.figures._thinning import evenly

__all__ = [
    "MIDDLE_COLOUR",
    "OUTER_COLOUR",
    "Rows",
    "Scale",
    "band_layers",
    "band_rows",
    "days_axis",
    "level_scale",
    "level_title",
    "level_x",
    "level_y",
    "ordinal",
    "outer_words",
    "point_entries",
    "point_layers",
    "within",
]

Rows = list[dict[str, object]]
Scale = tuple[Literal["linear", "log"], tuple[float, float]]

MIDDLE_COLOUR: Final = ARM_COLOURS[1]
OUTER_COLOUR: Final = ARM_COLOURS[0]
_LABEL: Final = power_label("round(log(datum.value) / LN10)")
_DEEPEST: Final = 1e-7
_DECADE: Final = 10.0
_MOST: Final = 3_000


def ordinal(percentile: float) -> str:
    """Return a percentile as it is read.

    Examples
    --------
    >>> ordinal(2.5), ordinal(50.0), ordinal(91.0), ordinal(12.0), ordinal(3.0)
    ('2.5th', 'median', '91st', '12th', '3rd')
    """
    if percentile == 50.0:
        return "median"
    text = f"{percentile:g}"
    ends = {"1": "st", "2": "nd", "3": "rd"}
    plain = "." in text or text[-2:-1] == "1"
    return text + ("th" if plain else ends.get(text[-1], "th"))


def outer_words(percentiles: Sequence[float]) -> str:
    """Name the percentiles other than the median.

    Examples
    --------
    >>> outer_words((5.0, 50.0, 95.0))
    '5th and 95th percentiles'
    """
    names = [ordinal(one) for one in percentiles if one != 50.0]
    return (
        f"{', '.join(names[:-1])} and {names[-1]} percentiles"
        if len(names) > 1
        else (f"{names[0]} percentile" if names else "no other percentile")
    )


def level_scale(values: Float[np.ndarray, " value"], *, lowest: float = 0.0) -> Scale:
    """Return the kind of an axis and its ends: logarithmic decades where levels span them.

    Parameters
    ----------
    values
        Everything that is drawn; on a logarithmic axis, 0 is drawn at its foot.
    lowest
        A logarithmic axis does not reach below.
    """
    values = values[np.isfinite(values)]
    above = values[values > 0]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    if low < 0 or not above.size or high / float(above.min()) < _DECADE:
        foot = min(low, 0.0)
        return "linear", (1.05 * foot, foot + 1.05 * (high - foot) if high > foot else foot + 1.0)
    bottom = max(float(above.min()), high * _DEEPEST, min(lowest, high / _DECADE))
    return "log", decades(bottom, high)[1]


def level_title(title: str, unit: str) -> str:
    """Return a quantity with its unit as an axis names it."""
    shown = unit_text(unit)
    return f"{title} ({shown})" if shown else title


def within(title: str) -> str:
    """Return a title as it reads inside a sentence: abbreviations keep their capitals.

    Examples
    --------
    >>> within("Level in blood"), within("CAR transgene")
    ('level in blood', 'CAR transgene')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def level_x(field: str, title: str, scale: Scale) -> alt.X:
    """Return an axis of levels across, labelled at powers of ten when it is logarithmic."""
    return alt.X(f"{field}:Q", title=title, scale=_scale(scale), axis=_axis(scale))


def level_y(field: str, title: str, scale: Scale) -> alt.Y:
    """Return an axis of levels upwards, labelled at powers of ten when it is logarithmic."""
    return alt.Y(f"{field}:Q", title=title, scale=_scale(scale), axis=_axis(scale))


def _scale(scale: Scale) -> alt.Scale:
    return alt.Scale(type=scale[0], domain=list(scale[1]), nice=False, clamp=True)


def _axis(scale: Scale) -> alt.Axis:
    kind, ends = scale
    if kind == "linear":
        return alt.Axis(grid=True)
    ticks, _ = decades(*ends)
    return alt.Axis(values=ticks[:: 1 if len(ticks) <= 8 else 2], labelExpr=_LABEL, grid=True)


def days_axis(times: Float[np.ndarray, " observation"], *, named: bool = True) -> alt.X:
    """Return the axis of days, a little longer than the last observation.

    Parameters
    ----------
    times
        Days of the observations.
    named
        Whether it has labels and a title, or a panel below has.
    """
    days = time_axis(1.02 * max(float(times.max()), 1.0))
    days["axis"]["tickCount"] = 9
    if not named:
        days["axis"]["labels"] = False
        days["title"] = None
    return days


def band_rows(
    along: Float[np.ndarray, " bin"],
    percentiles: Sequence[float],
    low: Float[np.ndarray, "percentile bin"],
    high: Float[np.ndarray, "percentile bin"],
    observed: Float[np.ndarray, "percentile bin"],
    inside: Bool[np.ndarray, "percentile bin"],
) -> Rows:
    """Return one row for each percentile in each bin; known ones of one ``run`` are neighbours."""
    runs = np.cumsum(~np.isfinite(observed), axis=1)
    return [
        {
            "day": number(place),
            "rank": float(percentile),
            "run": f"{percentile:g}-{runs[row, index]}",
            "outer": percentile != 50.0,
            "low": number(low[row, index]),
            "high": number(high[row, index]),
            "observed": number(observed[row, index]),
            "outside": bool(math.isfinite(observed[row, index]) and not inside[row, index]),
        }
        for row, percentile in enumerate(percentiles)
        for index, place in enumerate(along.tolist())
    ]


def band_layers(
    rows: Rows,
    x: alt.X,
    axis: tuple[str, Scale],
    colours: tuple[str, str] = (MIDDLE_COLOUR, OUTER_COLOUR),
) -> list[alt.Chart]:
    """Return simulated bands, observed percentiles, and a ring around each that lies outside.

    Parameters
    ----------
    rows
        As :func:`band_rows` made them.
    x
        Axis of the field ``day``.
    axis
        Title and scale of the value axis.
    colours
        Of the band of the median, and of those of other percentiles.
    """
    title, scale = axis
    foot = repr(float(scale[1][0]))
    base = alt.Chart(inline(rows)).encode(x=x)

    def y(field: str) -> alt.Y:
        return level_y(field, title, scale)

    shown = base.transform_filter("isValid(datum.low)").transform_calculate(
        bottom=f"max(datum.low, {foot})", top=f"max(datum.high, {foot})"
    )
    one = len({row["day"] for row in rows}) == 1
    found = base.transform_filter("isValid(datum.observed)")
    layers = []
    for outer, colour, dash in ((True, colours[1], [6, 3]), (False, colours[0], [1, 0])):
        mine = f"datum.outer == {'true' if outer else 'false'}"
        part = shown.transform_filter(mine)
        alone = part.mark_bar(size=26, color=colour, opacity=BAND_OPACITY)
        area = alone if one else part.mark_area(color=colour, opacity=BAND_OPACITY)
        layers.append(area.encode(y=y("bottom"), y2="top:Q", detail="rank:N"))
        line = found.transform_filter(mine).mark_line(
            color=INK,
            strokeWidth=1.7,
            strokeDash=dash,
            point=alt.OverlayMarkDef(size=16, color=INK),
        )
        layers.append(line.encode(y=y("observed"), detail="run:N"))
    ring = found.transform_filter("datum.outside").mark_point(
        size=150, strokeWidth=2.2, stroke=OUTSIDE_COLOUR, filled=False, opacity=1
    )
    return [layers[0], layers[2], layers[1], layers[3], ring.encode(y=y("observed"))]


def point_entries(
    censored: Bool[np.ndarray, " observation"], *, below_words: str
) -> list[KeyEntry]:
    """Return what the key says of points: how many there are, and how many below the limit."""
    below = int(censored.sum())
    measured = len(censored) - below
    thin = f"; at most {count_text(_MOST)} drawn" if len(censored) > _MOST else ""
    entries = [KeyEntry("circle", f"Observation (n = {count_text(measured)}{thin})")]
    if below:
        words = f"{below_words} (n = {count_text(below)})"
        entries.append(KeyEntry("triangle-down", words))
    return entries


def point_layers(
    along: Float[np.ndarray, " observation"],
    value: Float[np.ndarray, " observation"],
    censored: Bool[np.ndarray, " observation"],
    x: alt.X,
    y: alt.Y,
) -> list[alt.Chart]:
    """Return one mark for each observation; at most 3000, spread evenly over the table.

    Parameters
    ----------
    along, value
        Where each stands; the value of a censored one is its limit.
    censored
        Which are drawn as triangles.
    x, y
        Axes of the fields ``day`` and ``value``.
    """
    shown = evenly(len(along), _MOST)
    dark = float(np.clip(7.0 / np.sqrt(max(len(shown), 1)), 0.14, 0.6))
    layers = []
    for below, shape in ((False, "circle"), (True, "triangle-down")):
        rows: Rows = [
            {"day": number(along[index]), "value": number(value[index])}
            for index in shown.tolist()
            if bool(censored[index]) == below and math.isfinite(value[index])
        ]
        if rows:
            marks = alt.Chart(inline(rows)).mark_point(
                shape=shape, size=22, stroke=INK, strokeWidth=1.0, filled=False, opacity=dark
            )
            layers.append(marks.encode(x=x, y=y))
    return layers
