"""One legend for all panels of a figure: lines and titles in a row that wraps."""

from collections.abc import Iterable, Mapping
from typing import Final

import altair as alt

from progenitor.report.figures._style import Chart, inline

__all__ = ["arm_dashes", "arm_legend"]

_DASHES: Final = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3])

_WIDTH = 900
_LETTER = 7
_MARK = 48
_LINE = 22
_ROW = 20


def arm_dashes(arms: Iterable[str]) -> dict[str, list[int]]:
    """Return how the line of each arm is broken, so that arms that coincide are all seen.

    Examples
    --------
    >>> arm_dashes(["treated", "untreated"])
    {'treated': [1, 0], 'untreated': [7, 3]}
    """
    return {name: _DASHES[at % len(_DASHES)] for at, name in enumerate(arms)}


def arm_legend(labels: Mapping[str, str], colours: Mapping[str, str]) -> Chart:
    """Draw a piece of line and a title for every arm.

    Parameters
    ----------
    labels
        Arm → title.
    colours
        Arm → colour.
    """
    rows: list[dict[str, object]] = []
    column = row = 0
    for label in labels.values():
        size = _MARK + _LETTER * len(label)
        if column and column + size > _WIDTH:
            column, row = 0, row + 1
        rows.append({"arm": label, "x": column, "x2": column + _LINE, "y": _ROW // 2 + _ROW * row})
        column += size
    height = _ROW * (row + 1)
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, _WIDTH], nice=False)),
        y=alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False)),
    )
    scale = alt.Scale(domain=list(labels.values()), range=list(colours.values()))
    breaks = alt.Scale(domain=list(labels.values()), range=list(arm_dashes(labels).values()))
    marks = base.mark_rule(strokeWidth=3.2).encode(
        x2="x2:Q",
        color=alt.Color("arm:N", legend=None, scale=scale),
        strokeDash=alt.StrokeDash("arm:N", legend=None, scale=breaks),
    )
    texts = base.mark_text(align="left", dx=_LINE + 6).encode(text="arm:N")
    return alt.layer(marks, texts).properties(width=_WIDTH, height=height)
