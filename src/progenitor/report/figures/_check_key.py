"""The key below a figure of a model check: what every band, line and mark means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, final

import altair as alt

from progenitor.report.figures._palette import INK
from progenitor.report.figures._style import Chart, inline

__all__ = ["BAND_OPACITY", "OUTSIDE_COLOUR", "KeyEntry", "key_panel"]

BAND_OPACITY: Final = 0.26
OUTSIDE_COLOUR: Final = "#c0392b"
_ROW: Final = 21
_SWATCH: Final = 26
_COLUMNS: Final = 2


@final
@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One thing of a figure and its meaning.

    Parameters
    ----------
    kind
        How it is drawn.
    words
        What it means.
    colour
        Of a band or a line.
    """

    kind: Literal["band", "line", "dashed", "dotted", "circle", "triangle-down", "ring"]
    words: str
    colour: str = INK


def key_panel(entries: Sequence[KeyEntry], width: int) -> Chart:
    """Return a panel that explains a figure, in two columns.

    Parameters
    ----------
    entries
        In the order in which they are read.
    width
        Of the figure, in pixels.
    """
    deep = -(-len(entries) // _COLUMNS)
    rows: list[dict[str, object]] = []
    for index, entry in enumerate(entries):
        column, row = divmod(index, deep)
        left, middle = 4 + column * width / _COLUMNS, 12 + row * _ROW
        rows.append(
            {
                "kind": entry.kind,
                "words": entry.words,
                "colour": entry.colour,
                "left": left,
                "right": left + _SWATCH,
                "centre": left + _SWATCH / 2,
                "text": left + _SWATCH + 9,
                "middle": middle,
                "top": middle - 6,
                "bottom": middle + 6,
            }
        )
    base = alt.Chart(inline(rows)).encode(y=_down("middle"))
    panel: Chart = alt.layer(
        _of(base, "band")
        .mark_rect(opacity=1.4 * BAND_OPACITY)
        .encode(
            x=_across("left"),
            x2="right:Q",
            y=_down("top"),
            y2="bottom:Q",
            color=alt.Color("colour:N", scale=None),
        ),
        *(_rule(base, kind, dash) for kind, dash in _DASHES.items()),
        *(
            _of(base, kind)
            .mark_point(shape=shape, size=size, strokeWidth=wide, filled=False, opacity=1)
            .encode(x=_across("centre"), stroke=alt.Stroke("colour:N", scale=None))
            for kind, shape, size, wide in (
                ("circle", "circle", 30, 1.1),
                ("triangle-down", "triangle-down", 30, 1.1),
                ("ring", "circle", 150, 2.2),
            )
        ),
        base.mark_text(align="left", baseline="middle", fontSize=12).encode(
            x=_across("text"), text="words:N"
        ),
    ).properties(width=width, height=deep * _ROW + 4)
    return panel


_DASHES: Final = {"line": [1, 0], "dashed": [6, 3], "dotted": [2, 3]}


def _across(field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=None, axis=None)


def _down(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def _of(base: alt.Chart, kind: str) -> alt.Chart:
    chosen: alt.Chart = base.transform_filter(f"datum.kind == '{kind}'")
    return chosen


def _rule(base: alt.Chart, kind: str, dash: Sequence[int]) -> alt.Chart:
    rule: alt.Chart = (
        _of(base, kind)
        .mark_rule(strokeDash=list(dash), strokeWidth=1.8)
        .encode(x=_across("left"), x2="right:Q", color=alt.Color("colour:N", scale=None))
    )
    return rule
