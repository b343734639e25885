"""The other quantities followed over time, arms laid over each other, one panel per quantity."""

from collections.abc import Mapping, Sequence

import altair as alt

from progenitor.report._numbers import unit_text
from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.report.figures._ribbons import has_values, log_limits, ribbons
from progenitor.report.figures._style import Chart, blank, inline, styled
from progenitor.report.figures._titled import Followed

__all__ = ["time_courses"]

_COLUMNS = 2


def time_courses(
    arms: Mapping[str, Followed],
    bands: Sequence[str],
    *,
    width: int = 410,
    height: int = 200,
) -> Chart:
    """Draw percentiles of several quantities on logarithmic axes.

    Parameters
    ----------
    arms
        Arms by name.
    bands
        Keys of the bands to draw, in order.
    width, height
        Size of one panel in pixels.
    """
    labels, colours = arm_labels(arms), arm_colours(arms)
    panels: list[Chart] = []
    words: list[str] = []
    for key in bands:
        shown = {
            name: arm.bands[key]
            for name, arm in arms.items()
            if key in arm.bands and has_values(arm.bands[key])
        }
        if not shown:
            continue
        limits = log_limits(shown.values())
        first = next(iter(shown.values()))
        layers = [
            layer
            for name, band in shown.items()
            for layer in ribbons(band, colours[name], limits, faint=0.7, named=False)
        ]
        panels.append(
            alt.layer(_legend(labels, colours), *layers, title=first.label).properties(
                width=width, height=height
            )
        )
        words.append(f"{first.label} ({unit_text(first.unit)})")
    if not panels:
        return blank("No other quantity was recorded over time.")
    return styled(
        alt.concat(*panels, columns=_COLUMNS, spacing={"row": 26, "column": 34}),
        description="Percentiles over patients against days since infusion: " + ", ".join(words),
    )


def _legend(labels: Mapping[str, str], colours: Mapping[str, str]) -> alt.Chart:
    """Return an invisible layer whose colours become the legend of the arms."""
    names = list(labels.values())
    rows: list[dict[str, object]] = [{"arm": name} for name in names]
    layer: alt.Chart = (
        alt.Chart(inline(rows))
        .mark_square(opacity=0)
        .encode(
            color=alt.Color(
                "arm:N",
                title=None,
                scale=alt.Scale(domain=names, range=list(colours.values())),
                legend=alt.Legend(orient="top", symbolType="square", symbolOpacity=1),
            )
        )
    )
    return layer
