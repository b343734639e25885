"""A factorial design: the readout in every combination, and what each switch does."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import altair as alt
import numpy as np

from progenitor.report._numbers import estimate_text, shown, unit_text
from progenitor.report.figures._palette import ARM_COLOURS
from progenitor.report.figures._style import (
    Chart,
    blank,
    decades,
    inline,
    number,
    power_label,
    styled,
)
from progenitor.report.figures.paired import paired_forest
from progenitor.study.experiment.results import FactorialOutcome
from progenitor.study.results import Estimate

__all__ = ["effects_forest", "factorial_plot"]

_OFF_ON = ("off", "on")
_APART = 0.03
"""How far from the level of the first factor the levels of the second are drawn."""
_WIDE = 30.0
_DEEPEST = 1e-7
_LABEL = power_label("round(log(datum.value) / LN10)")


def factorial_plot(found: FactorialOutcome, *, width: int = 300, height: int = 230) -> Chart:
    """Draw the readout against the first factor, a line for each level of the second.

    Lines that are not parallel show an interaction. A third factor makes two panels.

    Parameters
    ----------
    found
        The analysis.
    width, height
        Size of one panel in pixels.
    """
    known = {
        cell: shown(one) for cell, one in found.values.items() if number(one.value) is not None
    }
    if not known:
        return blank("No combination of the factors has a value, so there is nothing to show.")
    first = next(iter(known.values()))
    names = [found.words.get(name, name.replace("_", " ")) for name in found.factors]
    unit = unit_text(first.unit)
    title = f"{first.label} ({unit})" if unit else first.label
    thirds = range(2) if len(names) > 2 else range(1)
    panels = [
        _panel(known, found, names, third, title).properties(width=width, height=height)
        for third in thirds
    ]
    words = "; ".join(
        f"{_setting(found, names, cell)}: {estimate_text(one)}" for cell, one in known.items()
    )
    return styled(
        alt.hconcat(*panels, spacing=40).resolve_scale(y="shared"),
        description=f"{found.title}. {words}.",
    )


def effects_forest(found: FactorialOutcome) -> Chart:
    """Draw main effects and interactions with their intervals.

    Parameters
    ----------
    found
        The analysis.
    """
    named = {
        name: replace(
            one, label=" × ".join(found.words.get(part, part) for part in name.split(" × "))
        )
        for name, one in found.effects.items()
    }
    return paired_forest(named, width=190)


def _setting(found: FactorialOutcome, names: list[str], cell: tuple[int, ...]) -> str:
    return ", ".join(f"{name} {_level(found, at, cell[at])}" for at, name in enumerate(names))


def _level(found: FactorialOutcome, place: int, at: int) -> str:
    """Return a level in words: off and on for 0 and 1, otherwise the value."""
    values = found.levels[found.factors[place]]
    return _OFF_ON[at] if values == (0.0, 1.0) else f"{values[at]:g}"


def _panel(
    known: Mapping[tuple[int, ...], Estimate],
    found: FactorialOutcome,
    names: list[str],
    third: int,
    title: str,
) -> Chart:
    lines = [f"{names[1]} {_level(found, 1, at)}" for at in range(2)]
    rows: list[dict[str, object]] = []
    foot, y_scale, y_axis = _upward(list(known.values()))
    for one, two in product(range(2), repeat=2):
        cell = (one, two) if len(names) == 2 else (one, two, third)
        if cell in known:
            ends = (known[cell].value, known[cell].low, known[cell].high)
            value, low, high = (number(max(end, foot) if foot else end) for end in ends)
            across = one + _APART * (2 * two - 1)
            rows.append({"x": across, "line": lines[two], "value": value, "low": low, "high": high})
    across_words = " : ".join(f"'{names[0]} {_level(found, 0, at)}'" for at in range(2))
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=[-0.4, 1.4], nice=False),
        axis=alt.Axis(values=[0, 1], labelExpr=f"datum.value < 0.5 ? {across_words}", grid=False),
    )
    shade = alt.Color(
        "line:N",
        sort=lines,
        title=None,
        scale=alt.Scale(domain=lines, range=[ARM_COLOURS[8], ARM_COLOURS[1]]),
        legend=alt.Legend(orient="top", symbolType="stroke", symbolStrokeWidth=3),
    )
    base = alt.Chart(inline(rows)).encode(x=x, color=shade)
    y = alt.Y("value:Q", title=title, scale=y_scale, axis=y_axis)
    line = base.mark_line(strokeWidth=2.4).encode(y=y)
    bars = base.mark_rule(strokeWidth=2, opacity=0.6).encode(
        y=alt.Y("low:Q", title=title, scale=y_scale, axis=y_axis), y2="high:Q"
    )
    points = base.mark_point(filled=True, size=80, opacity=1).encode(y=y)
    heading = {"title": f"{names[2]} {_level(found, 2, third)}"} if len(names) > 2 else {}
    return alt.layer(bars, line, points, **heading)


def _upward(known: list[Estimate]) -> tuple[float, alt.Scale, alt.Axis]:
    """Return the foot, scale and axis of values; logarithmic where they span much."""
    ends = np.array([end for one in known for end in (one.value, one.low, one.high)])
    above = ends[np.isfinite(ends) & (ends > 0.0)]
    wide = above.size > 0 and above.max() / above.min() > _WIDE
    if known[0].unit == "%" or not wide:
        return 0.0, alt.Scale(zero=True, nice=True), alt.Axis(grid=True, tickCount=6)
    low = max(float(above.min()), float(above.max()) * _DEEPEST)
    ticks, limits = decades(low, float(above.max()))
    step = 1 if len(ticks) <= 8 else 2
    axis = alt.Axis(values=ticks[::step], labelExpr=_LABEL, grid=True)
    return limits[0], alt.Scale(type="log", domain=list(limits), nice=False, clamp=True), axis
