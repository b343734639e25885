"""What-if maps: a readout over a grid, outlined where there is benefit."""

from itertools import product
from typing import Any

import altair as alt
import numpy as np

from progenitor.report._numbers import number_text, percent, unit_text
from progenitor.report.figures._palette import INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study.experiment.results import MapAxis, MapOutcome

__all__ = ["outline", "what_if_map"]

_LINES = ((0.5, [1, 0], 2.6), (0.9, [5, 3], 2.0))
_SPAN = 50.0
_LEAST = 1e-3
_GOOD, _NONE, _BAD = "#2b7bb9", "#f4f1ea", "#c8553d"
_PAGE, _MARGIN, _ABREAST, _SMALLEST = 960, 95, 3, 44
_LESS, _MORE = "#7a6fb0", "#3d8f6e"


def what_if_map(found: MapOutcome, *, cell: int = 62) -> Chart:
    """Draw a map as coloured cells with their values, a panel for each value of a third axis.

    A solid outline holds the cells in which at least half of the draws benefit, a dashed one those
    in which nine of ten do.

    Parameters
    ----------
    found
        The map.
    cell
        Width of a cell in pixels.
    """
    factor, unit = percent(found.unit)
    values = factor * found.values
    if not np.isfinite(values).any():
        return blank("No point of this map has a value, so there is nothing to show.")
    unit = unit_text(unit)
    third = found.axes[2].values if len(found.axes) > 2 else ("",)
    room = (_PAGE / min(len(third), _ABREAST) - _MARGIN) / len(found.axes[0].values)
    cell = int(max(_SMALLEST, min(cell, room)))
    known = values[np.isfinite(values)]
    scale = _scale(found, known)
    panels = []
    for at, name in enumerate(third):
        layer = values[..., at] if len(found.axes) > 2 else values
        gain = found.benefit[..., at] if len(found.axes) > 2 else found.benefit
        title = f"{found.axes[2].title}: {name}" if len(found.axes) > 2 else ""
        panels.append(
            _panel(found, layer, gain, scale, unit).properties(
                **({"title": title} if title else {}),
                width=max(cell * len(found.axes[0].values), 120),
                height=max(38 * len(found.axes[1].values), 90),
            )
        )
    across = max(1, _PAGE // (cell * len(found.axes[0].values) + _MARGIN))
    return styled(
        alt.concat(*panels, columns=across, spacing=26).resolve_scale(color="shared"),
        description=_words(found, values, unit),
    )


def outline(inside: np.ndarray) -> list[dict[str, object]]:
    """Return the edges between cells inside and outside, in steps of one cell.

    Parameters
    ----------
    inside
        Whether each cell is inside, (across, up).

    Examples
    --------
    >>> len(outline(np.array([[True, False], [False, False]])))
    4
    """
    rows: list[dict[str, object]] = []
    wide, high = inside.shape
    for x, y in product(range(wide), range(high)):
        if not inside[x, y]:
            continue
        if x == 0 or not inside[x - 1, y]:
            rows.append({"x": x, "x2": x, "y": y, "y2": y + 1})
        if x == wide - 1 or not inside[x + 1, y]:
            rows.append({"x": x + 1, "x2": x + 1, "y": y, "y2": y + 1})
        if y == 0 or not inside[x, y - 1]:
            rows.append({"x": x, "x2": x + 1, "y": y, "y2": y})
        if y == high - 1 or not inside[x, y + 1]:
            rows.append({"x": x, "x2": x + 1, "y": y + 1, "y2": y + 1})
    return rows


def _panel(
    found: MapOutcome, values: np.ndarray, gain: np.ndarray, scale: alt.Scale, unit: str
) -> Chart:
    wide, high = values.shape
    rows: list[dict[str, object]] = [
        {
            "x": x,
            "x2": x + 1,
            "xm": x + 0.5,
            "y": y,
            "y2": y + 1,
            "ym": y + 0.5,
            "value": number(values[x, y]),
            "text": _cell_text(float(values[x, y])),
        }
        for x, y in product(range(wide), range(high))
    ]
    x_axis = alt.X("x:Q", **_axis(found.axes[0]))
    y_axis = alt.Y("y:Q", **_axis(found.axes[1]))
    base = alt.Chart(inline(rows)).encode(x=x_axis, y=y_axis)
    legend = alt.Legend(
        title=_lines(found.label + (f" ({unit})" if unit else "")),
        gradientLength=150,
        orient="right",
        format=".3~g",
    )
    cells = base.mark_rect(stroke=None).encode(
        x2="x2:Q", y2="y2:Q", color=alt.Color("value:Q", scale=scale, legend=legend)
    )
    texts = (
        alt.Chart(inline(rows))
        .mark_text(fontSize=11.5, color="#10161d")
        .encode(
            x=alt.X("xm:Q"),
            y=alt.Y("ym:Q"),
            text="text:N",
        )
    )
    layers = [cells, texts]
    if not np.isnan(gain).all():
        for share, dash, size in _LINES:
            edges = outline(gain >= share)
            if edges:
                layers.append(
                    alt.Chart(inline(edges))
                    .mark_rule(color=INK, strokeWidth=size, strokeDash=dash, strokeCap="square")
                    .encode(x=x_axis, y=y_axis, x2="x2:Q", y2="y2:Q")
                )
    return alt.layer(*layers)


def _cell_text(value: float) -> str:
    """Write a value so that it fits its cell."""
    return "<0.001" if 0.0 < value < _LEAST else number_text(value, digits=2)


def _axis(axis: MapAxis) -> dict[str, Any]:
    """Return what an axis of cells says, each labelled at its middle."""
    places = [at + 0.5 for at in range(len(axis.values))]
    words = "[" + ", ".join(f"'{_short(value)}'" for value in axis.values) + "]"
    return {
        "title": _title(axis.title, axis.values),
        "scale": alt.Scale(domain=[0, len(axis.values)], nice=False),
        "axis": alt.Axis(
            values=places,
            labelExpr=f"{words}[floor(datum.value)]",
            grid=False,
            ticks=False,
            domain=False,
            labelAngle=0,
        ),
    }


def _unit_of(value: str) -> str:
    return value.removeprefix(_short(value)).strip()


def _title(title: str, values: tuple[str, ...]) -> str:
    """Put a unit that all values share into the title."""
    unit = _unit_of(values[0])
    shared = unit and all(_unit_of(value) == unit for value in values)
    words = "times the drawn value" if unit == "times" else unit
    return f"{title} ({words})" if shared else title


def _short(value: str) -> str:
    """Return the number of an amount; a power of ten stays whole."""
    words = value.replace("'", "").split(" ")
    return " ".join(words[:3] if words[1:2] == ["×"] else words[:1])


def _scale(found: MapOutcome, known: np.ndarray) -> alt.Scale:
    """Choose colours: about no effect where there is one, good in blue; logarithmic if wide."""
    low, high = float(known.min()), float(known.max())
    ends = {"higher": (_BAD, _GOOD), "lower": (_GOOD, _BAD)}.get(found.better, (_LESS, _MORE))
    if found.measure == "ratio" and low > 0.0:
        far = max(abs(np.log(low)), abs(np.log(high)), 0.1)
        below, above = (float(np.exp(side * far)) for side in (-1, 1))
        return alt.Scale(type="log", **_about(1.0, (below, above), (low, high), ends))
    if found.measure == "difference":
        far = max(abs(low), abs(high), 1e-12)
        return alt.Scale(**_about(0.0, (-far, far), (low, high), ends))
    kind = "log" if low > 0.0 and high / low > _SPAN else "linear"
    domain = [low, high] if high > low else [low, low + 1.0]
    colours = [_GOOD, _NONE] if found.better == "lower" else [_NONE, _GOOD]
    return alt.Scale(type=kind, domain=domain, range=colours)  # type: ignore[arg-type]


def _about(
    neutral: float,
    limits: tuple[float, float],
    known: tuple[float, float],
    ends: tuple[str, str],
) -> dict[str, Any]:
    """Return domain and colours about no effect; one side alone where nothing is on the other."""
    domain, colours = [limits[0], neutral, limits[1]], [ends[0], _NONE, ends[1]]
    if known[0] >= neutral:
        return {"domain": domain[1:], "range": colours[1:]}
    if known[1] <= neutral:
        return {"domain": domain[:2], "range": colours[:2]}
    return {"domain": domain, "range": colours}


def _lines(text: str, width: int = 26) -> list[str]:
    """Break a title into short lines."""
    import textwrap

    return textwrap.wrap(text, width)


def _words(found: MapOutcome, values: np.ndarray, unit: str) -> str:
    known = values[np.isfinite(values)]
    low, high = number_text(float(known.min())), number_text(float(known.max()))
    held = int((found.benefit >= 0.5).sum())
    rule = f" Benefit ({found.rule}) at {held} of {values.size} points." if found.rule else ""
    return f"{found.title}: {found.label} from {low} to {high} {unit}.{rule}"
