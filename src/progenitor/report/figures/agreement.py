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

    A ratio of zero has no place on a logarithmic axis: it is drawn at its left end and named.

    Parameters
    ----------
    comparisons
        Simulated numbers beside published ones.
    labels
        Title of each arm by name; each arm has its panel.
    width
        Width of the plotting area in pixels.
    """
    shown = [c for c in comparisons if math.isfinite(c.ratio)]
    if not shown:
        return blank("No simulated number could be set beside a published one.")
    ratios = [c.ratio for c in shown if c.ratio > 0]
    domain = (min([0.2, *ratios]) * 0.8, max([5.0, *ratios]) * 1.1)
    panels, words = [], []
    for arm in dict.fromkeys(c.arm for c in shown):
        rows = _rows([c for c in shown if c.arm == arm])
        title = labels.get(arm, arm)
        panels.append(_panel(rows, domain, width).properties(title=title, width=width))
        words += [f"{title}, {row['label']}: {row['text']}" for row in rows]
    return styled(
        alt.vconcat(*panels, spacing=14).resolve_scale(fill="shared"),
        description="Ratio of simulated to published. " + "; ".join(words),
    )


def _rows(comparisons: Sequence[PublishedComparison]) -> list[dict[str, object]]:
    """Return one row per comparison, named by quantity, first author and year; counted if twice."""
    names: list[str] = []
    for one in comparisons:
        source = _SOURCE.match(one.citation)
        name = f"{one.quantity} · {source[0]}" if source else one.quantity
        count = sum(known.split(" #")[0] == name for known in names)
        names.append(f"{name} #{count + 1}" if count else name)
    return [
        {
            "label": name,
            "ratio": number(one.ratio),
            "text": f"{ratio_text(one.ratio)} ▲" if outside(one) else ratio_text(one.ratio),
            "role": _ROLES.get(one.role, one.role),
        }
        for one, name in zip(comparisons, names, strict=True)
    ]


def _panel(rows: list[dict[str, object]], domain: tuple[float, float], width: int) -> Chart:
    scale = alt.Scale(type="log", domain=list(domain), nice=False, clamp=True)
    ticks = [t for t in (0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100) if domain[0] <= t <= domain[1]]
    axis = alt.Axis(values=ticks, format="~g", title="Simulated ÷ published (logarithmic axis)")
    band = (
        alt.Chart(inline([{"low": AGREEMENT[0], "high": AGREEMENT[1]}]))
        .mark_rect(color=ARM_COLOURS[2], opacity=0.14)
        .encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    )
    equal = (
        alt.Chart(inline([{"one": 1.0}]))
        .mark_rule(color=INK, strokeDash=[4, 3], opacity=0.75)
        .encode(x=alt.X("one:Q", scale=scale, axis=axis))
    )
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y(
            "label:N",
            sort=[str(row["label"]) for row in rows],
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=480, labelPadding=12),
        )
    )
    fills = {role: INK if role == _ROLES["building"] else PAPER for role in _ROLES.values()}
    points = (
        base.transform_calculate(shown=f"max(datum.ratio, {domain[0]!r})")
        .mark_point(size=90, stroke=INK, strokeWidth=1.7, opacity=1)
        .encode(
            x=alt.X("shown:Q", scale=scale, axis=axis),
            fill=alt.Fill(
                "role:N",
                title=None,
                scale=alt.Scale(domain=list(fills), range=list(fills.values())),
                legend=alt.Legend(orient="top", symbolType="circle", symbolSize=90),
            ),
        )
    )
    text = base.mark_text(align="left").encode(text="text:N", x=alt.value(width + 12))
    return alt.layer(band, equal, points, text).properties(height=alt.Step(22))
