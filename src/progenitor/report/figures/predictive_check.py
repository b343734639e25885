"""Visual predictive check: the data over the intervals that simulated copies of them give."""

from typing import Final

import altair as alt
import numpy as np

from progenitor.inference import PredictiveCheck
from progenitor.report._numbers import count_text
from progenitor.report.figures._check_key import OUTSIDE_COLOUR, KeyEntry, key_panel
from progenitor.report.figures._check_layers import (
    MIDDLE_COLOUR,
    OUTER_COLOUR,
    Rows,
    Scale,
    band_layers,
    band_rows,
    days_axis,
    level_scale,
    level_title,
    level_y,
    outer_words,
    point_entries,
    point_layers,
    within,
)
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled

__all__ = ["predictive_check"]

_LIMIT_COLOUR: Final = ARM_COLOURS[2]


def predictive_check(
    check: PredictiveCheck,
    *,
    title: str,
    unit: str,
    width: int = 880,
    height: int = 380,
) -> Chart:
    """Draw observed percentiles over the simulated interval of each, one panel per stratum.

    Bands are drawn from the centre of one bin to that of the next; ticks at the top of a panel
    stand between bins. The axis is logarithmic when everything on it is above 0, and square-root
    spaced in time beyond 120 days. A ring marks a percentile outside its interval. Where there is a
    limit of quantification, a lower panel shows the fraction of observations below it.

    Parameters
    ----------
    check
        As :func:`progenitor.inference.predictive_check` made it.
    title, unit
        Name and unit of what was measured.
    width, height
        Size of one panel in pixels; panels of several strata are half as wide.
    """
    if not len(check.observed):
        return blank("No observation was given, so there is nothing to check.")
    strata = np.unique(check.stratum).tolist()
    size = width if len(strata) == 1 else width // 2 - 30
    limited = bool(np.isfinite(check.below).any())
    panels: list[Chart] = []
    for stratum in strata:
        upper = _percentiles(check, stratum, level_title(title, unit), named=not limited)
        panel: Chart = upper.properties(width=size, height=height)
        if limited:
            lower = _below(check, stratum).properties(width=size, height=height // 4)
            panel = alt.vconcat(panel, lower, spacing=10)
        panels.append(panel)
    whole = alt.concat(*panels, columns=2, spacing={"row": 26, "column": 24})
    key = key_panel(_entries(check, limited=limited), width)
    return styled(alt.vconcat(whole, key, spacing=14), description=_words(check, title))


def _entries(check: PredictiveCheck, *, limited: bool) -> list[KeyEntry]:
    """Return what is drawn and what it means."""
    share = f"Simulated {100 * check.level:g} % interval of the"
    others = outer_words(check.percentiles)
    entries = [
        KeyEntry("line", "Observed median"),
        KeyEntry("dashed", f"Observed {others}"),
        *point_entries(check.observed.censored, below_words="Below LLOQ, drawn at the limit"),
        KeyEntry("band", f"{share} median", MIDDLE_COLOUR),
        KeyEntry("band", f"{share} {others}", OUTER_COLOUR),
    ]
    if limited:
        entries.append(KeyEntry("band", f"{share} fraction below LLOQ", _LIMIT_COLOUR))
    if not check.inside.all():
        entries.append(KeyEntry("ring", "Observed, outside its interval", OUTSIDE_COLOUR))
    return entries


def _percentiles(check: PredictiveCheck, stratum: int, title: str, *, named: bool) -> Chart:
    """Return the upper panel of a stratum."""
    observed, bins = check.observed, check.stratum == stratum
    mine = observed.stratum == stratum
    heights = np.where(observed.censored, observed.limit, observed.value)
    limits = observed.limit[np.isfinite(observed.limit)]
    lowest = float(limits.min()) / 10 if limits.size else 0.0
    scale = level_scale(
        np.concatenate([heights, check.low.ravel(), check.high.ravel()]), lowest=lowest
    )
    name = f"Prediction-corrected {within(title)}" if check.corrected else title
    x = days_axis(observed.time, named=named)
    rows = band_rows(
        check.centre[bins],
        check.percentiles,
        check.low[:, bins],
        check.high[:, bins],
        check.percentile[:, bins],
        check.inside[:, bins],
    )
    outer, middle, *observed_layers = band_layers(rows, x, (name, scale))
    points = point_layers(
        observed.time[mine],
        heights[mine],
        observed.censored[mine],
        x,
        level_y("value", name, scale),
    )
    patients = len(np.unique(observed.subject[mine]))
    count = f"{count_text(patients)} patients, {count_text(int(mine.sum()))} observations"
    panel: Chart = alt.layer(
        outer,
        middle,
        *points,
        *observed_layers,
        *_limit_line(check, scale, name),
        _edges(check, stratum, x),
        title=f"{observed.strata[stratum]} ({count})" if observed.strata[stratum] else count,
    )
    return panel


def _limit_line(check: PredictiveCheck, scale: Scale, title: str) -> list[alt.Chart]:
    """Return the line of a limit that all observations share."""
    limits = np.unique(check.observed.limit[np.isfinite(check.observed.limit)])
    if limits.size != 1:
        return []
    base = alt.Chart(inline([{"limit": float(limits[0]), "text": "LLOQ"}])).encode(
        y=level_y("limit", title, scale)
    )
    line = base.mark_rule(strokeDash=[2, 3], color=INK, opacity=0.8)
    text = base.mark_text(align="right", dy=9, dx=-4, fontSize=11).encode(
        text="text:N", x=alt.value("width")
    )
    return [line, text]


def _edges(check: PredictiveCheck, stratum: int, x: alt.X) -> alt.Chart:
    """Return ticks between bins."""
    bins = check.stratum == stratum
    between = (check.end[bins][:-1] + check.start[bins][1:]) / 2.0
    rows: Rows = [{"day": number(day)} for day in between.tolist()]
    ticks: alt.Chart = (
        alt.Chart(inline(rows))
        .mark_rule(color=INK, opacity=0.6, strokeWidth=1)
        .encode(x=x, y=alt.value(0), y2=alt.value(7))
    )
    return ticks


def _below(check: PredictiveCheck, stratum: int) -> Chart:
    """Return the lower panel of a stratum: the fraction below the limit."""
    bins = (check.stratum == stratum) & np.isfinite(check.below)
    inside = (check.below_low <= check.below) & (check.below <= check.below_high)
    rows = band_rows(
        check.centre[bins],
        (50.0,),
        100.0 * check.below_low[np.newaxis, bins],
        100.0 * check.below_high[np.newaxis, bins],
        100.0 * check.below[np.newaxis, bins],
        inside[np.newaxis, bins],
    )
    scale: Scale = ("linear", (0.0, 100.0))
    x = days_axis(check.observed.time)
    colours = (_LIMIT_COLOUR, _LIMIT_COLOUR)
    panel: Chart = alt.layer(*band_layers(rows, x, ("Below LLOQ (%)", scale), colours))
    return panel


def _words(check: PredictiveCheck, title: str) -> str:
    outside = int((~check.inside).sum())
    kind = "Prediction-corrected visual" if check.corrected else "Visual"
    return (
        f"{kind} predictive check of {title}: {outside} of {check.inside.size} observed "
        f"percentiles lie outside the {100 * check.level:g} % interval of "
        f"{count_text(check.replicates)} simulated copies of "
        f"{count_text(len(check.observed))} observations of "
        f"{count_text(check.observed.subjects)} patients."
    )
