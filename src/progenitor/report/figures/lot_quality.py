"""How the measured qualities of lots spread, one small histogram per quality and arm."""

import math
from collections.abc import Mapping

import altair as alt
import numpy as np
from jaxtyping import Float

from progenitor.report._numbers import percent, unit_text
from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.report.figures._style import (
    Chart,
    blank,
    decades,
    inline,
    number,
    power_label,
    styled,
)
from progenitor.study.results import ArmResult

__all__ = ["lot_quality", "quality_title"]

_TITLES = {
    "yield": "Yield of CAR⁺ cells",
    "cells": "CAR⁺ cells per lot",
    "total": "CAR⁺ cells per lot",
    "viability": "Viability",
    "car_fraction": "CAR⁺ fraction",
    "vcn": "Vector copy number (VCN)",
    "vcn_per_cell": "VCN per cell",
    "vcn_per_car_cell": "VCN per CAR⁺ cell",
    "cost": "Cost per lot",
    "process_days": "Time in process",
    "vein_to_vein": "Vein-to-vein time",
}
_WIDE = 30.0
_COLUMNS = 3


def quality_title(name: str, unit: str) -> str:
    """Return the printed name of a lot quality with its unit.

    Examples
    --------
    >>> quality_title("lot_vcn_per_cell", "copy/cell"), quality_title("glucose_used", "mg")
    ('VCN per cell (copies/cell)', 'Glucose used (mg)')
    """
    short = name.removeprefix("lot_")
    title = _TITLES.get(short, short.replace("_", " ").capitalize())
    printed = unit_text(percent(unit)[1])
    return f"{title} ({printed})" if printed else title


def lot_quality(arms: Mapping[str, ArmResult], *, width: int = 285, height: int = 62) -> Chart:
    """Draw a histogram per quality and arm, arms under each other on one axis.

    A quality that spans more than a factor of thirty has a logarithmic axis.

    Parameters
    ----------
    arms
        Arms by name; ``lot_quality`` holds one value per lot, NaN where it was not measured.
    width, height
        Size of one histogram in pixels.
    """
    qualities = dict.fromkeys(name for arm in arms.values() for name in arm.lot_quality)
    panels: list[Chart] = []
    for name in qualities:
        values = {
            arm_name: arm.lot_quality[name][np.isfinite(arm.lot_quality[name])]
            for arm_name, arm in arms.items()
            if name in arm.lot_quality
        }
        if sum(known.size for known in values.values()):
            panels.append(_panel(arms, name, values, width=width, height=height))
    if not panels:
        return blank("No lot was measured, so there are no qualities to show.")
    return styled(
        alt.concat(*panels, columns=_COLUMNS, spacing={"row": 26, "column": 40}),
        description="Histograms over lots, by arm: "
        + ", ".join(quality_title(name, _unit(arms, name)) for name in qualities),
    )


def _unit(arms: Mapping[str, ArmResult], name: str) -> str:
    return next((arm.lot_units[name] for arm in arms.values() if name in arm.lot_units), "")


def _panel(
    arms: Mapping[str, ArmResult],
    quality: str,
    values: Mapping[str, Float[np.ndarray, " lot"]],
    *,
    width: int,
    height: int,
) -> Chart:
    """Return one quality: the arms' histograms under each other, the axis below the last."""
    unit = _unit(arms, quality)
    factor, _ = percent(unit)
    every = factor * np.concatenate(list(values.values()))
    low, high = float(every.min()), float(every.max())
    logarithmic = low > 0 and high / low > _WIDE
    extent = [math.log10(low), math.log10(high)] if logarithmic else [low, high]
    if extent[0] == extent[1]:
        extent = [extent[0] - 0.5, extent[1] + 0.5]
    ticks = [math.log10(tick) for tick in decades(low, high)[0]] if logarithmic else alt.Undefined
    labels, colours = arm_labels(arms), arm_colours(arms)
    colour = alt.Scale(domain=list(labels.values()), range=list(colours.values()))
    names = list(values)
    drawn = []
    for name in names:
        bottom = name == names[-1]
        axis = alt.Axis(
            values=ticks,
            labelExpr=_label(logarithmic=logarithmic),
            grid=False,
            tickCount=5,
            labels=bottom,
            ticks=bottom,
            labelOverlap=True,
        )
        x = alt.X("left:Q", title=None, axis=axis, scale=alt.Scale(zero=False, nice=True))
        bars = _histogram(
            labels[name], values[name], extent, factor, logarithmic=logarithmic
        ).encode(
            x=x,
            color=alt.Color(
                "arm:N",
                title=None,
                scale=colour,
                legend=alt.Legend(orient="top", symbolType="square"),
            ),
        )
        drawn.append(bars.properties(width=width, height=height))
    panel: Chart = alt.vconcat(*drawn, spacing=5, title=quality_title(quality, unit)).resolve_scale(
        x="shared", y="shared"
    )
    return panel


def _label(*, logarithmic: bool) -> str:
    """Return how an axis writes its numbers: powers of ten, or groups of three."""
    if logarithmic:
        return power_label("datum.value")
    return "replace(datum.label, regexp(',', 'g'), '\u202f')"


def _histogram(
    label: str,
    values: Float[np.ndarray, " lot"],
    extent: list[float],
    factor: float,
    *,
    logarithmic: bool,
) -> alt.Chart:
    rows: list[dict[str, object]] = [{"arm": label, "value": number(value)} for value in values]
    value = f"datum.value * {factor!r}"
    shown = f"log({value}) / LN10" if logarithmic else value
    bars: alt.Chart = (
        alt.Chart(inline(rows))
        .transform_calculate(shown=shown)
        .transform_bin(["left", "right"], "shown", bin=alt.Bin(extent=extent, maxbins=32))
        .transform_aggregate(lots="count()", groupby=["arm", "left", "right"])
        .mark_rect(opacity=1)
        .encode(x2="right:Q", y=alt.Y("lots:Q", axis=None), y2=alt.datum(0))
    )
    return bars
