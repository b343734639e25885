"""How far each simulated number lies from its published one."""

import math
import re
from collections.abc import Mapping, Sequence

import altair as alt

from progenitor.report._numbers import ratio_text
from progenitor.report.figures._palette import ARM_COLOURS, INK, PAPER
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study.results import PublishedComparison

__all__ = ["AGREEMENT", "agreement", "outside"]

AGREEMENT = (0.5, 2.0)
"""Ratios of simulated to published between these two count as agreement."""

_SOURCE = re.compile(r".*?\b(?:19|20)\d\d\b")
_ROLES = {"building": "fitted (building)", "verification": "predicted (verification)"}


def outside(comparison: PublishedComparison) -> bool:
    """Return whether simulated ÷ published lies outside 0.5–2, or cannot be formed."""
    low, high = AGREEMENT
    return not low <= comparison.ratio <= high


def agreement(
    comparisons: Sequence[PublishedComparison],
    labels: Mapping[str, str],
    *,
    width: int = 400,
) -> Chart:
    """Draw the ratio of simulated to published for each comparison; 0.5 to 2 is shaded.

    Parameters
    ----------
    comparisons
        Simulated numbers beside published ones.
    labels
        Title of each arm by name.
    width
        Width of the plotting area in pixels.
    """
    shown = [c for c in comparisons if math.isfinite(c.ratio) and c.ratio > 0]
    rows: list[dict[str, object]] = [
        {
            "label": label,
            "ratio": number(c.ratio),
            "text": f"{ratio_text(c.ratio)} ▲" if outside(c) else ratio_text(c.ratio),
            "role": _ROLES.get(c.role, c.role),
        }
        for c, label in zip(shown, _row_labels(shown, labels), strict=True)
    ]
    if not rows:
        return blank("No simulated number could be set beside a published one.")
    return styled(
        _panel(rows, width).properties(width=width, height=alt.Step(22)),
        description="Ratio of simulated to published. "
        + "; ".join(f"{row['label']}: {row['text']}" for row in rows),
    )


def _row_labels(comparisons: Sequence[PublishedComparison], labels: Mapping[str, str]) -> list[str]:
    """Return what each row is called: arm, quantity, first author and year; counted if repeated."""
    names: list[str] = []
    for one in comparisons:
        source = _SOURCE.match(one.citation)
        words = (labels.get(one.arm, one.arm), one.quantity, source[0] if source else "")
        name = " · ".join(word for word in words if word)
        count = sum(known.split(" #")[0] == name for known in names)
        names.append(f"{name} #{count + 1}" if count else name)
    return names


def _panel(rows: list[dict[str, object]], width: int) -> Chart:
    ratios = [float(str(row["ratio"])) for row in rows]
    domain = [min(0.2, *ratios) * 0.9, max(5.0, *ratios) * 1.1]
    x_scale = alt.Scale(type="log", domain=domain, nice=False)
    ticks = [t for t in (0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100) if domain[0] <= t <= domain[1]]
    axis = alt.Axis(values=ticks, format="~g", title="Simulated ÷ published (logarithmic axis)")
    names = [str(row["label"]) for row in rows]
    roles = list(dict.fromkeys(str(row["role"]) for row in rows))
    band = (
        alt.Chart(inline([{"low": AGREEMENT[0], "high": AGREEMENT[1]}]))
        .mark_rect(color=ARM_COLOURS[2], opacity=0.14)
        .encode(x=alt.X("low:Q", scale=x_scale, axis=axis), x2="high:Q")
    )
    equal = (
        alt.Chart(inline([{"one": 1.0}]))
        .mark_rule(color=INK, strokeDash=[4, 3], opacity=0.75)
        .encode(x=alt.X("one:Q", scale=x_scale, axis=axis))
    )
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y(
            "label:N",
            sort=names,
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=480),
        )
    )
    fills = [INK if role == _ROLES["building"] else PAPER for role in roles]
    points = base.mark_point(size=90, stroke=INK, strokeWidth=1.7, opacity=1).encode(
        x=alt.X("ratio:Q", scale=x_scale, axis=axis),
        fill=alt.Fill(
            "role:N",
            title=None,
            scale=alt.Scale(domain=roles, range=fills),
            legend=alt.Legend(orient="top", symbolType="circle", symbolSize=90),
        ),
    )
    text = base.mark_text(align="left").encode(text="text:N", x=alt.value(width + 12))
    return alt.layer(band, equal, points, text)
