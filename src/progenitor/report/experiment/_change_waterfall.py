"""Waterfalls: the change of a tumour in every subject, sorted, an arm to a panel."""

from collections.abc import Mapping

import altair as alt
import numpy as np
from jaxtyping import Float

from progenitor.report.figures._palette import INK, arm_colours, arm_labels
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.report.figures._thinning import evenly
from progenitor.study.experiment.results import ArmOutcome

__all__ = ["PARTIAL_RESPONSE", "change_waterfall"]

PARTIAL_RESPONSE = 100.0 * (0.7**3 - 1.0)
"""Change of volume in % when a diameter falls by 30 %: partial response by RECIST 1.1."""

_PERCENT, _CUT, _ABREAST, _HEADING = 100.0, 100.0, 4, 235


def change_waterfall(
    arms: Mapping[str, ArmOutcome], key: str, title: str, *, width: int = 195, height: int = 150
) -> Chart:
    """Draw the change of every subject in per cent, the largest growth first.

    Parameters
    ----------
    arms
        Arms by name.
    key, title
        A readout that is relative to a beginning, and what it is called.
    width, height
        Size of one panel in pixels.
    """
    labels, colours = arm_labels(arms), arm_colours(arms)
    panels: list[Chart] = []
    words = []
    for name, arm in arms.items():
        change = _PERCENT * (arm.changes[key] - 1.0)
        known = np.sort(change[np.isfinite(change)])[::-1]
        if known.size == 0:
            continue
        share = _PERCENT * float((known <= PARTIAL_RESPONSE).mean())
        heading = [labels[name], f"{share:.0f} % of {known.size} reach the line"]
        panels.append(_panel(known, colours[name], heading).properties(width=width, height=height))
        words.append(f"{labels[name]}: {share:.0f} % of {known.size} subjects")
    if not panels:
        return blank("No subject was measured, so there is no change to show.")
    return styled(
        alt.concat(*panels, columns=_ABREAST, spacing={"row": 24, "column": 22}),
        description=f"Waterfall of {title}. At least 66 % less volume, {'; '.join(words)}.",
    )


def _panel(known: Float[np.ndarray, " subject"], colour: str, heading: list[str]) -> Chart:
    kept = known[evenly(known.size)]
    rows: list[dict[str, object]] = [
        {"left": rank, "right": rank + 1.3, "change": number(min(float(change), _CUT))}
        for rank, change in enumerate(kept)
    ]
    scale = alt.Scale(domain=[-_PERCENT, _CUT], clamp=True, nice=False)
    axis = alt.Axis(values=[-100, -50, 0, 50, 100], grid=True)
    y = alt.Y("change:Q", title="Change (%)", scale=scale, axis=axis)
    none = alt.Axis(labels=False, ticks=False, domain=False, grid=False)
    across = alt.Scale(domain=[0, len(rows)], nice=False, clamp=True)
    bars = (
        alt.Chart(inline(rows))
        .mark_rect(color=colour, opacity=0.85)
        .encode(
            x=alt.X("left:Q", title="Subjects, sorted", axis=none, scale=across),
            x2="right:Q",
            y=y,
            y2=alt.datum(0),
        )
    )
    line = (
        alt.Chart(inline([{"level": PARTIAL_RESPONSE}]))
        .mark_rule(color=INK, strokeDash=[5, 4], opacity=0.8)
        .encode(y=alt.Y("level:Q", scale=scale, axis=axis))
    )
    named = alt.TitleParams(heading[0], subtitle=heading[1:], fontSize=12, limit=_HEADING)
    return alt.layer(bars, line, title=named)
