"""Courses of a published model: patients, the typical one, variants, and what the paper reports."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, final

import altair as alt
import numpy as np
from jaxtyping import Float

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
from progenitor.report.figures._thinning import last_of_each
from progenitor.study.results import Band

__all__ = ["Course", "CoursePanel", "Mark", "model_courses"]

_DAYS: Final = (0, 7, 14, 28, 60, 90, 180, 365, 545, 730, 1095, 1460, 1825, 2920, 4380)
_LONG: Final = 120.0
_HOURS: Final = 24.0
_LABEL: Final = power_label("round(log(datum.value) / LN10)")
_DEEPEST: Final = 1e-7
_FLAT: Final = 10.0
"""Largest over smallest value up to which a linear axis is used."""
_PLAIN: Final = 1e4
"""Largest value that a linear axis writes without a power of ten."""
_SHORT: Final = 2.0
"""Days up to which the time axis is in hours."""
_ROUNDING: Final = 1e-6
"""Share of the largest value below 0 that is rounding."""
_BEHIND: Final = 0.6
"""Part of the time axis after which words stand before their line."""
_Kind = Literal["linear", "log", "sqrt"]
_Side = Literal["left", "right"]
_DASHES: Final = ([1, 0], [6, 3], [2, 2])


@final
@dataclass(frozen=True, slots=True)
class Course:
    """One line.

    Parameters
    ----------
    label
        Such as the name of a variant.
    days, values
        What is drawn.
    """

    label: str
    days: Float[np.ndarray, " time"]
    values: Float[np.ndarray, " time"]


@final
@dataclass(frozen=True, slots=True)
class Mark:
    """A published number: a point, or a level or a day alone, which is a dashed line.

    Parameters
    ----------
    label
        What it is, in a few words.
    day, value
        Where; NaN for one that the paper does not give.
    low, high
        Interval of the value, NaN for none.
    """

    label: str
    day: float = math.nan
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan


@final
@dataclass(frozen=True, slots=True)
class CoursePanel:
    """One observable.

    Parameters
    ----------
    title, unit
        What it is.
    courses
        Lines, the typical patient's among them.
    band
        Percentiles over patients, where they differ.
    marks
        Published numbers.
    log
        Whether the value axis is logarithmic; None where the values decide.
    """

    title: str
    unit: str
    courses: tuple[Course, ...]
    band: Band | None = None
    marks: tuple[Mark, ...] = ()
    log: bool | None = None


def model_courses(panels: Sequence[CoursePanel], *, width: int = 900, height: int = 250) -> Chart:
    """Draw one panel for each observable, two in a row where there are several.

    Ribbons hold 50 and 90 % of the patients, lines are typical patients, symbols and dashed lines
    are published numbers with their interval. Levels that differ by more than a factor of 10 have
    a logarithmic axis of at most seven decades; beyond 120 days time is square-root spaced.

    Parameters
    ----------
    panels
        What is drawn.
    width, height
        Of the whole figure, and of one panel, in pixels.
    """
    shown = [panel for panel in panels if _simulated(panel).size]
    if not shown:
        return blank("No course has a value, so there is nothing to show.")
    labels = list(dict.fromkeys(one.label for panel in shown for one in panel.courses))
    columns = 1 if len(shown) == 1 else 2
    each = width / columns - 80
    drawn = [_panel(panel, labels).properties(width=each, height=height) for panel in shown]
    rows = [alt.hconcat(*drawn[at : at + columns], spacing=24) for at in range(0, len(drawn), 2)]
    return styled(alt.vconcat(*rows, spacing=24), description=_words(shown))


def _panel(panel: CoursePanel, labels: Sequence[str]) -> alt.LayerChart | alt.FacetChart:
    axes = _Axes.of(panel)
    layers = [*_ribbons(panel, labels, axes), *_courses(panel, labels, axes), *_marks(panel, axes)]
    unit = unit_text(panel.unit)
    return alt.layer(*layers, title=f"{panel.title} ({unit})" if unit else panel.title)


@final
@dataclass(frozen=True, slots=True)
class _Axes:
    """The axes of a panel."""

    limits: tuple[float, float]
    last: float
    log: bool

    @classmethod
    def of(cls, panel: CoursePanel) -> "_Axes":
        values = _values(panel)
        low, high = float(values.min()), float(values.max())
        share = panel.unit == "1" and high <= 1.0
        positive = high > 0.0 and low >= -_ROUNDING * high and not share
        wide = positive and high > _FLAT * float(values[values > 0].min())
        if (wide if panel.log is None else panel.log) and high > 0.0:
            least = float(values[values > 0].min())
            return cls(decades(max(least, high * _DEEPEST), high)[1], _last(panel), log=True)
        low = min(low, 0.0) if low < -_ROUNDING * abs(high) else 0.0
        high = low + 1.05 * (high - low) if high > low else low + 1.0
        return cls((1.05 * low, high), _last(panel), log=False)

    @property
    def scale(self) -> float:
        """How many of the axis' units a day has."""
        return _HOURS if self.last <= _SHORT else 1.0

    @property
    def x(self) -> alt.X:
        long = self.last > _LONG
        ticks = [day for day in _DAYS if day <= self.last] if long else alt.Undefined
        name = "Hours" if self.scale > 1.0 else "Days (square-root axis)" if long else "Days"
        kind: _Kind = "sqrt" if long else "linear"
        ends = [0, self.scale * self.last]
        return alt.X(
            "day:Q",
            title=name,
            scale=alt.Scale(type=kind, domain=ends, nice=False, clamp=True),
            axis=alt.Axis(values=ticks, labelOverlap=True, grid=True),
        )

    def y(self, field: str) -> alt.Y:
        kind: _Kind = "log" if self.log else "linear"
        scale = alt.Scale(type=kind, domain=list(self.limits), nice=False, clamp=True)
        if self.log:
            ticks, _ = decades(*self.limits)
            axis = alt.Axis(values=ticks[:: 1 if len(ticks) <= 6 else 2], labelExpr=_LABEL)
        else:
            axis = alt.Axis(grid=True, labelExpr=_plain(max(map(abs, self.limits))))
        return alt.Y(f"{field}:Q", title=None, scale=scale, axis=axis)

    def behind(self, day: float) -> bool:
        """Return whether words beside a day stand before it: after it they would not fit."""
        part = day / self.last
        return (math.sqrt(part) if self.last > _LONG else part) > _BEHIND

    def looks(self, days: Float[np.ndarray, " time"]) -> list[int]:
        """Return the positions of as many days as can be told apart along the axis."""
        across = np.sqrt(np.maximum(days, 0.0)) if self.last > _LONG else days
        return np.unique(last_of_each(across)).tolist() if days[-1] > 0 else [0]

    def kept(self, value: float) -> float | None:
        """Return a value that the axis can show: what is below stands at its foot."""
        return number(max(value, self.limits[0])) if math.isfinite(value) else None


def _ribbons(panel: CoursePanel, labels: Sequence[str], axes: _Axes) -> list[alt.Chart]:
    band = panel.band
    if band is None:
        return []
    order, count = np.argsort(band.percentiles), len(band.percentiles)
    place = labels.index(panel.courses[0].label) if panel.courses else 0
    layers = []
    for rank in range(count // 2):
        rows: list[dict[str, object]] = [
            {
                "day": number(axes.scale * band.days[at]),
                "low": axes.kept(band.values[order[rank], at]),
                "high": axes.kept(band.values[order[count - 1 - rank], at]),
            }
            for at in axes.looks(band.days)
        ]
        area = alt.Chart(inline(rows)).mark_area(
            color=ARM_COLOURS[place % len(ARM_COLOURS)], opacity=0.16 + 0.12 * rank, clip=True
        )
        layers.append(area.encode(x=axes.x, y=axes.y("low"), y2="high:Q"))
    return layers


def _courses(panel: CoursePanel, labels: Sequence[str], axes: _Axes) -> list[alt.Chart]:
    rows: list[dict[str, object]] = [
        {
            "day": number(axes.scale * one.days[at]),
            "value": axes.kept(one.values[at]),
            "label": one.label,
        }
        for one in panel.courses
        for at in axes.looks(one.days)
    ]
    colours = [ARM_COLOURS[at % len(ARM_COLOURS)] for at in range(len(labels))]
    dashes = [_DASHES[at // len(ARM_COLOURS) % len(_DASHES)] for at in range(len(labels))]
    legend = None if len(labels) == 1 else alt.Legend(title=None, orient="bottom", columns=4)
    line = alt.Chart(inline(rows)).mark_line(strokeWidth=2.2, clip=True)
    return [
        line.encode(
            x=axes.x,
            y=axes.y("value"),
            color=alt.Color(
                "label:N", scale=alt.Scale(domain=list(labels), range=colours), legend=legend
            ),
            strokeDash=alt.StrokeDash(
                "label:N", scale=alt.Scale(domain=list(labels), range=dashes), legend=legend
            ),
        )
    ]


def _marks(panel: CoursePanel, axes: _Axes) -> list[alt.Chart]:
    def rows(*, day: bool, value: bool) -> list[dict[str, object]]:
        return [
            {
                "day": number(axes.scale * mark.day),
                "value": axes.kept(mark.value),
                "low": axes.kept(mark.low),
                "high": axes.kept(mark.high),
                "label": mark.label,
            }
            for mark in panel.marks
            if math.isfinite(mark.day) == day and math.isfinite(mark.value) == value
        ]

    layers: list[alt.Chart] = []
    if levels := rows(day=False, value=True):
        base = alt.Chart(inline(levels)).encode(y=axes.y("value"))
        ranges = alt.Chart(inline(levels)).transform_filter(
            "isValid(datum.low) && isValid(datum.high)"
        )
        layers += [
            ranges.mark_rect(color=INK, opacity=0.07).encode(y=axes.y("low"), y2="high:Q"),
            base.mark_rule(strokeDash=[5, 4], color=INK, opacity=0.75),
        ]
        words = base.encode(text="label:N", x=alt.value("width"))
        layers += _haloed(words, align="right", dy=-7, dx=-4)
    for place, row in enumerate(days := rows(day=True, value=False)):
        base = alt.Chart(inline([row])).encode(x=axes.x)
        layers += [base.mark_rule(strokeDash=[2, 3], color=INK, opacity=0.75)]
        before = axes.behind(float(str(row["day"])) / axes.scale)
        words = base.encode(text="label:N", y=alt.value(8 + 15 * (place % len(days))))
        layers += _haloed(words, align="right" if before else "left", dx=-5 if before else 5, dy=0)
    if points := rows(day=True, value=True):
        base = alt.Chart(inline(points)).encode(x=axes.x)
        bars = base.transform_filter("isValid(datum.low) && isValid(datum.high)").mark_rule(
            strokeWidth=1.6, color=INK
        )
        layers += [bars.encode(y=axes.y("low"), y2="high:Q")]
        layers += [
            base.mark_point(
                size=80, shape="diamond", fill=PAPER, stroke=INK, strokeWidth=1.7, opacity=1
            ).encode(y=axes.y("value"))
        ]
    return layers


def _haloed(words: alt.Chart, *, align: _Side, dx: int, dy: int) -> list[alt.Chart]:
    """Write words that stay legible over lines."""
    halo = words.mark_text(
        align=align, dx=dx, dy=dy, fontSize=11, stroke=PAPER, strokeWidth=3, fill=PAPER, opacity=0.8
    )
    return [halo, words.mark_text(align=align, dx=dx, dy=dy, fontSize=11)]


def _simulated(panel: CoursePanel) -> Float[np.ndarray, " value"]:
    found = [one.values for one in panel.courses]
    found += [] if panel.band is None else [panel.band.values.ravel()]
    values = np.concatenate([*found, np.zeros(0)])
    return np.asarray(values[np.isfinite(values)])


def _values(panel: CoursePanel) -> Float[np.ndarray, " value"]:
    """Return everything that the value axis must hold."""
    marked = np.array([(mark.value, mark.low, mark.high) for mark in panel.marks]).ravel()
    return np.concatenate([_simulated(panel), marked[np.isfinite(marked)]])


def _plain(largest: float) -> str:
    """Return the Vega expression that writes the values of a linear axis."""
    if largest <= _PLAIN:
        return "format(datum.value, '~r')"
    power = math.floor(math.log10(largest))
    raised = number_text(float(f"1e{power}")).rpartition(" ")[2]
    return f"datum.value == 0 ? '0' : format(datum.value / 1e{power}, '~r') + ' × {raised}'"


def _last(panel: CoursePanel) -> float:
    days = [float(one.days[-1]) for one in panel.courses if one.days.size]
    days += [] if panel.band is None else [float(panel.band.days[-1])]
    return max(days, default=1.0)


def _words(panels: Sequence[CoursePanel]) -> str:
    parts = []
    for panel in panels:
        unit = unit_text(panel.unit)
        told = [
            f"{mark.label}: "
            + (f"{number_text(mark.value)} {unit}".strip() if math.isfinite(mark.value) else "")
            + (f" on day {number_text(mark.day)}" if math.isfinite(mark.day) else "")
            for mark in panel.marks
        ]
        parts.append(f"{panel.title}: {'; '.join(told) or 'no published number'}")
    return "Courses over days. " + ". ".join(parts) + "."
