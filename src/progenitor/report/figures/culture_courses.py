"""Growth, viability and phenotype of lots over the days of their process."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np

from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, decades, inline, number, styled
from progenitor.study import CultureCourses

__all__ = ["culture_courses"]

_KINDS: Mapping[str, tuple[str, str]] = {
    "tn": ("Naive", "#1b1035"),
    "tscm": ("Tscm", "#35206b"),
    "tcm": ("Tcm", "#2f6fb0"),
    "tem": ("Tem", "#3f9fb0"),
    "teff": ("Teff", "#62c0b2"),
    "tex": ("Tex", "#c9bfae"),
    "hsc": ("HSC", "#35206b"),
    "lymphoid": ("Lymphoid progenitors", "#2f6fb0"),
    "gmp": ("GMP", "#3f9fb0"),
    "monocyte": ("Monocytes", "#62c0b2"),
    "macrophage": ("Macrophages", "#d08c3a"),
    "T cells": ("T cells", "#8c6d1f"),
    "other": ("Other cells", "#c9bfae"),
}


def culture_courses(
    products: Mapping[str, CultureCourses], *, width: int = 270, height: int = 190
) -> Chart:
    """Draw a row of three panels for each product: viable cells, viability, phenotype.

    Parameters
    ----------
    products
        Courses by title of the product.
    width, height
        Size of one panel in pixels.
    """
    shown = {name: one for name, one in products.items() if one.days.size}
    if not shown:
        return blank("No lot was cultured, so there is no growth to show.")
    panels = [
        _row(name, one, ARM_COLOURS[index % len(ARM_COLOURS)], (width, height))
        for index, (name, one) in enumerate(shown.items())
    ]
    return styled(
        alt.vconcat(*panels, spacing=26).resolve_scale(color="independent"),
        description="Viable cells, viability and phenotype over the days of the process: "
        + "; ".join(f"{name}, {one.lots[0]:.0f} lots at first" for name, one in shown.items()),
    )


def _row(name: str, one: CultureCourses, colour: str, size: tuple[int, int]) -> Chart:
    day = "Days since collection" if one.steps else "Days in culture"
    last = float(one.days.max())
    x = alt.X("day:Q", title=day, scale=alt.Scale(domain=[0, last], nice=False),
              axis=alt.Axis(grid=False, tickCount=6))  # fmt: skip
    low, high = float(np.nanmin(one.cells[one.cells > 0])), float(np.nanmax(one.cells))
    ticks, ends = decades(low, high)
    cells = {
        "title": "Viable cells per lot" if one.steps else "Viable T cells per lot",
        "scale": alt.Scale(type="log", domain=list(ends)),
        "axis": alt.Axis(values=ticks, format=".0e"),
    }
    alive = {
        "title": "Viability",
        "scale": alt.Scale(domain=[min(0.5, float(np.nanmin(one.viability))), 1], nice=True),
        "axis": alt.Axis(format="%", tickCount=5),
    }
    width, height = size
    drawn = [
        _band(one, values, colour, x, y).properties(width=width, height=height)
        for values, y in ((one.cells, cells), (one.viability, alive))
    ]
    drawn.append(_shares(one, x).properties(width=width, height=height))
    row: Chart = alt.hconcat(*drawn, spacing=26, title=name).resolve_scale(color="independent")
    return row


def _band(
    one: CultureCourses, values: np.ndarray, colour: str, x: alt.X, axis: Mapping[str, Any]
) -> Chart:
    """Percentiles as two bands and a line; ``axis`` says what the other axis looks like."""
    rows: list[dict[str, object]] = [
        {"day": number(day), **{f"p{rank}": number(values[rank, place]) for rank in range(5)}}
        for place, day in enumerate(one.days)
    ]
    base = alt.Chart(inline(rows)).encode(x=x)
    outer, inner, middle = (alt.Y(f"p{rank}:Q", **axis) for rank in range(3))
    layers: Chart = alt.layer(
        base.mark_area(color=colour, opacity=0.18, clip=True).encode(y=outer, y2="p4:Q"),
        base.mark_area(color=colour, opacity=0.35, clip=True).encode(y=inner, y2="p3:Q"),
        base.mark_line(color=colour, strokeWidth=2.2, clip=True).encode(y=middle),
        base.mark_point(color=colour, filled=True, size=22, opacity=1).encode(y=middle),
    )
    return layers


def _shares(one: CultureCourses, x: alt.X) -> Chart:
    names = [_KINDS[kind][0] for kind in one.kinds]
    rows: list[dict[str, object]] = [
        {
            "day": number(day),
            "kind": names[place],
            "order": place,
            "share": number(one.shares[row, place]),
        }
        for row, day in _apart(one.days)
        for place in range(len(names))
    ]
    chart: Chart = (
        alt.Chart(inline(rows))
        .mark_area(opacity=1)
        .encode(
            x=x,
            y=alt.Y(
                "share:Q",
                title="Share of viable cells" if one.steps else "Share of viable T cells",
                stack="zero",
                scale=alt.Scale(domain=[0, 1], clamp=True),
                axis=alt.Axis(format="%", tickCount=5, grid=False),
            ),
            color=alt.Color(
                "kind:N",
                title=None,
                sort=names,
                scale=alt.Scale(domain=names, range=[_KINDS[kind][1] for kind in one.kinds]),
                legend=alt.Legend(orient="right", symbolType="square", labelColor=INK),
            ),
            order=alt.Order("order:Q", sort="ascending"),
        )
    )
    return chart


def _apart(days: Sequence[float] | np.ndarray) -> list[tuple[int, float]]:
    """Return the last point of each day: two steps at one time would draw a spike."""
    last = {float(day): row for row, day in enumerate(days)}
    return [(row, day) for day, row in last.items()]
