"""CAR-T kinetics in blood: simulated percentiles with the published values laid over them."""

import math
import re
from collections.abc import Mapping, Sequence

import altair as alt

from progenitor.report._numbers import number_text, unit_text
from progenitor.report.figures._palette import INK, PAPER, arm_colours, arm_labels
from progenitor.report.figures._ribbons import (
    has_values,
    log_limits,
    ribbons,
    time_axis,
    value_axis,
)
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study.results import ArmResult, Band, PublishedComparison

__all__ = ["kinetics"]

_SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")


def kinetics(
    arms: Mapping[str, ArmResult],
    comparisons: Sequence[PublishedComparison] = (),
    *,
    band: str,
    lower_limit: float = float("nan"),
    width: int = 1000,
    height: int = 330,
) -> Chart:
    """Draw simulated percentiles on a log axis, one panel per arm, under the published values.

    Filled symbols were used to build the model (fitted); hollow symbols were kept aside to verify
    it (predicted). Bars are the published interval. Beyond 120 days the time axis is square-root
    spaced, so that expansion and persistence are both legible.

    Parameters
    ----------
    arms
        Arms by name.
    comparisons
        Published values; those of an arm with a day and the band's unit are drawn.
    band
        Key of the band in :attr:`~progenitor.study.results.ArmResult.bands`.
    lower_limit
        Lower limit of quantification in the band's unit; NaN draws no line.
    width, height
        Size of all panels together, in pixels.
    """
    shown = {name: arm.bands[band] for name, arm in arms.items() if band in arm.bands}
    shown = {name: one for name, one in shown.items() if has_values(one)}
    if not shown:
        return blank("No patient was infused and solved, so there is no time course to show.")
    published = {
        name: [c for c in comparisons if c.arm == name and c.day is not None and c.unit == one.unit]
        for name, one in shown.items()
    }
    found = [c for several in published.values() for c in several]
    limits = log_limits(
        shown.values(),
        [
            lower_limit,
            *(v for c in found for v in (c.published, c.published_low, c.published_high)),
        ],
        lowest=lower_limit / 10 if math.isfinite(lower_limit) else 0.0,
    )
    sources = _sources(found)
    labels, colours = arm_labels(arms), arm_colours(arms)
    panels = [
        alt.layer(
            *ribbons(one, colours[name], limits),
            *_limit_line(lower_limit, one, limits),
            *_published(published[name], sources, one, limits),
            title=labels[name],
        ).properties(width=width / len(shown) - 72, height=height)
        for name, one in shown.items()
    ]
    return styled(
        alt.hconcat(*panels, spacing=30).resolve_scale(shape="shared", fill="shared"),
        description=_words(shown, published, labels),
    )


def _sources(comparisons: Sequence[PublishedComparison]) -> dict[tuple[str, str], str]:
    """Return one legend entry per source and role, in order of appearance."""
    words = {"building": "fitted", "verification": "predicted"}
    return {
        (c.citation, c.role): f"{_shorten(c.citation)} ({words.get(c.role, c.role)})"
        for c in comparisons
    }


def _shorten(citation: str, length: int = 60) -> str:
    citation = re.split(r",?\s*(?:https?://|doi:)", citation)[0]
    return citation if len(citation) <= length else citation[: length - 1].rstrip(" ,;(") + "…"


def _limit_line(lower_limit: float, band: Band, limits: tuple[float, float]) -> list[alt.Chart]:
    if not math.isfinite(lower_limit):
        return []
    base = alt.Chart(inline([{"limit": lower_limit, "text": "LLOQ"}])).encode(
        y=value_axis(band, "limit", limits)
    )
    line = base.mark_rule(strokeDash=[5, 4], color=INK, opacity=0.7)
    text = base.mark_text(align="right", dy=-7, dx=-4, fontSize=11).encode(
        text="text:N", x=alt.value("width")
    )
    return [line, text]


def _published(
    comparisons: Sequence[PublishedComparison],
    sources: Mapping[tuple[str, str], str],
    band: Band,
    limits: tuple[float, float],
) -> list[alt.Chart]:
    if not comparisons:
        return []
    rows: list[dict[str, object]] = [
        {
            "day": c.day,
            "published": number(c.published),
            "low": number(c.published_low),
            "high": number(c.published_high),
            "source": sources[c.citation, c.role],
        }
        for c in comparisons
    ]
    names = list(sources.values())
    shapes = [_SHAPES[index % len(_SHAPES)] for index in range(len(names))]
    fills = [INK if role == "building" else PAPER for _, role in sources]
    last = float(band.days[-1])
    base = alt.Chart(inline(rows)).encode(x=time_axis(last))
    bars = (
        base.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_rule(strokeWidth=1.6, color=INK, clip=True)
        .encode(y=value_axis(band, "low", limits), y2="high:Q")
    )
    legend = alt.Legend(title="Published", orient="bottom", columns=2, symbolSize=90)
    points = base.mark_point(
        size=85, stroke=INK, strokeWidth=1.7, opacity=1, filled=False, clip=True
    ).encode(
        y=value_axis(band, "published", limits),
        shape=alt.Shape("source:N", scale=alt.Scale(domain=names, range=shapes), legend=legend),
        fill=alt.Fill("source:N", scale=alt.Scale(domain=names, range=fills), legend=legend),
    )
    return [bars, points]


def _words(
    shown: Mapping[str, Band],
    published: Mapping[str, Sequence[PublishedComparison]],
    labels: Mapping[str, str],
) -> str:
    parts = []
    for name, band in shown.items():
        unit = unit_text(band.unit)
        points = "; ".join(
            f"day {number_text(c.day or 0.0)}: published {number_text(c.published)}, "
            f"simulated {number_text(c.simulated.value)} {unit}"
            for c in published[name]
        )
        parts.append(f"{labels[name]}: {points or 'no published value in this unit'}")
    first = next(iter(shown.values()))
    return f"{first.label} over days since infusion, log axis. " + ". ".join(parts) + "."
