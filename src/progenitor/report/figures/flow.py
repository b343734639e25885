"""The way of the patients from enrolment to analysis, as a CONSORT diagram."""

import textwrap
from collections.abc import Mapping
from typing import Literal

import altair as alt

from progenitor.report.figures._palette import INK, arm_colours, arm_labels
from progenitor.report.figures._style import Chart, blank, inline, styled
from progenitor.report.figures._titled import Flowing
from progenitor.study.results import FlowStep

__all__ = ["flow"]

_BOX, _SIDE, _GAP = 190.0, 215.0, 26.0
_LINE, _PAD, _BETWEEN = 15.0, 9.0, 20.0


def flow(arms: Mapping[str, Flowing]) -> Chart:
    """Draw one column of boxes per arm; side boxes say how many left before a step, and why.

    Follows the layout of the CONSORT statement (Schulz et al. 2010, doi:10.1136/bmj.c332).

    Parameters
    ----------
    arms
        Arms by name, each with its ordered steps.
    """
    labels, colours = arm_labels(arms), arm_colours(arms)
    columns = [
        _column(arm.flow, colours[name]).properties(title=labels[name])
        for name, arm in arms.items()
        if arm.flow
    ]
    if not columns:
        return blank("The flow of patients was not recorded.")
    return styled(
        alt.hconcat(*columns, spacing=34),
        description="Flow of patients. "
        + " ".join(f"{labels[name]}: {_words(arm.flow)}." for name, arm in arms.items()),
    )


def _words(steps: tuple[FlowStep, ...]) -> str:
    parts = []
    for step in steps:
        lost = ", ".join(f"{count} {reason}" for reason, count in step.lost.items() if count)
        parts.append(
            f"{step.label} {step.patients}" + (f" (before it left: {lost})" if lost else "")
        )
    return "; ".join(parts)


def _column(steps: tuple[FlowStep, ...], colour: str) -> Chart:
    """Return the boxes and arrows of one arm, laid out in pixels from the top."""
    boxes: list[dict[str, object]] = []
    sides: list[dict[str, object]] = []
    arrows: list[dict[str, object]] = []
    y = 0.0
    for index, step in enumerate(steps):
        lost = [f"{count}  {reason}" for reason, count in step.lost.items() if count]
        lines = [line for text in lost for line in textwrap.wrap(text, 34, subsequent_indent="   ")]
        if index:
            tall = len(lines) * _LINE + 2 * _PAD if lines else 0.0
            below = y + max(_BETWEEN, tall + _BETWEEN)
            if lines:
                top = (y + below - tall) / 2
                sides.append(_box("\n".join(lines), _BOX + _GAP, _SIDE, top, tall))
                arrows.append(_arrow(_BOX / 2, _BOX + _GAP - 4, top + tall / 2, top + tall / 2))
            arrows.append(_arrow(_BOX / 2, _BOX / 2, y, below - 5))
            y = below
        text = [*textwrap.wrap(step.label, 28), f"n = {step.patients}"]
        tall = len(text) * _LINE + 2 * _PAD
        boxes.append(_box("\n".join(text), 0.0, _BOX, y, tall))
        y += tall
    width = _BOX + _GAP + _SIDE
    return alt.layer(
        *_arrow_layers(arrows, width, y),
        *_box_layers(boxes, width, y, colour, align="center"),
        *_box_layers(sides, width, y, INK, align="left"),
    ).properties(width=width, height=y)


def _box(text: str, x: float, wide: float, y: float, tall: float) -> dict[str, object]:
    return {"text": text, "x": x, "x2": x + wide, "y": y, "y2": y + tall}


def _arrow(x: float, x2: float, y: float, y2: float) -> dict[str, object]:
    return {"x": x, "x2": x2, "y": y, "y2": y2, "down": x == x2}


def _across(width: float) -> alt.Scale:
    return alt.Scale(domain=[0, width], nice=False, zero=False)


def _down(height: float) -> alt.Scale:
    return alt.Scale(domain=[height, 0], nice=False, zero=False)


def _box_layers(
    rows: list[dict[str, object]],
    width: float,
    height: float,
    colour: str,
    *,
    align: Literal["left", "center"],
) -> list[alt.Chart]:
    if not rows:
        return []
    x = alt.X("x:Q", scale=_across(width), axis=None)
    y = alt.Y("y:Q", scale=_down(height), axis=None)
    base = alt.Chart(inline(rows))
    frame = base.mark_rect(
        fillOpacity=0.07, fill=colour, stroke=colour, strokeWidth=1.3, cornerRadius=4
    ).encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    at = "(datum.x + datum.x2) / 2" if align == "center" else "datum.x + 11"
    words = (
        base.transform_calculate(at=at, top=f"datum.y + {_PAD + 1}")
        .mark_text(align=align, baseline="top", lineBreak="\n", lineHeight=_LINE, fontSize=12)
        .encode(
            x=alt.X("at:Q", scale=_across(width), axis=None),
            y=alt.Y("top:Q", scale=_down(height), axis=None),
            text="text:N",
        )
    )
    return [frame, words]


def _arrow_layers(rows: list[dict[str, object]], width: float, height: float) -> list[alt.Chart]:
    if not rows:
        return []
    x, y = _across(width), _down(height)
    base = alt.Chart(inline(rows))
    lines = base.mark_rule(color=INK, strokeWidth=1.2, opacity=0.8).encode(
        x=alt.X("x:Q", scale=x, axis=None),
        x2="x2:Q",
        y=alt.Y("y:Q", scale=y, axis=None),
        y2="y2:Q",
    )
    tips = [
        base.transform_filter(test)
        .mark_point(shape=shape, filled=True, color=INK, size=55, opacity=0.9)
        .encode(x=alt.X("x2:Q", scale=x, axis=None), y=alt.Y("y2:Q", scale=y, axis=None))
        for test, shape in (("datum.down", "triangle-down"), ("!datum.down", "triangle-right"))
    ]
    return [lines, *tips]
