"""Goodness of fit in four panels: observed and predicted, and errors every way they could drift."""

import math
from typing import Final

import altair as alt
import numpy as np
from scipy.special import ndtri

from progenitor.inference import ErrorTrend, GoodnessOfFit
from progenitor.report._numbers import count_text, number_text
from progenitor.report.figures._check_key import (
    BAND_OPACITY,
    OUTSIDE_COLOUR,
    KeyEntry,
    key_panel,
)
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
    level_x,
    level_y,
    outer_words,
    point_entries,
    point_layers,
    within,
)
from progenitor.report.figures._palette import INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.report.figures._thinning import evenly

__all__ = ["goodness_of_fit"]

_ERROR: Final = "npde"
_GREY: Final = "#7b8794"
_DOTTED: Final = [2, 3]


def goodness_of_fit(
    fit: GoodnessOfFit, *, title: str, unit: str, width: int = 400, height: int = 300
) -> Chart:
    """Draw observations against the typical prediction, and npde by time, prediction and quantile.

    The line among observations joins medians of groups of like prediction. Bands of npde are the
    exact intervals of percentiles of as many standard normal numbers.

    Parameters
    ----------
    fit
        As :func:`progenitor.inference.goodness_of_fit` made it.
    title, unit
        Name and unit of what was measured.
    width, height
        Size of one panel in pixels.
    """
    if not len(fit.ordered):
        return blank("No prediction error could be formed, so there is no fit to show.")
    predicted = level_scale(fit.prediction)
    named = level_title("Typical prediction", unit)
    panels = [
        _observed(fit, title, unit),
        _trend(
            fit, fit.over_time, fit.observed.time, days_axis(fit.observed.time), "npde over time"
        ),
        _trend(
            fit,
            fit.over_prediction,
            fit.prediction,
            level_x("day", named, predicted),
            "npde over prediction",
        ),
        _quantiles(fit),
    ]
    sized = [panel.properties(width=width, height=height) for panel in panels]
    whole = alt.concat(*sized, columns=2, spacing={"row": 30, "column": 34})
    key = key_panel(_entries(fit), 2 * width + 100)
    return styled(alt.vconcat(whole, key, spacing=16), description=_words(fit, title))


def _entries(fit: GoodnessOfFit) -> list[KeyEntry]:
    """Return what is drawn and what it means."""
    share = f"{100 * fit.level:g} % interval under the model of"
    others = outer_words(fit.percentiles)
    below = "Below LLOQ: at the limit; npde at a value drawn below it"
    return [
        *point_entries(fit.observed.censored, below_words=below),
        KeyEntry("line", "Median of observations of like prediction", MIDDLE_COLOUR),
        KeyEntry("line", "Median of npde"),
        KeyEntry("dashed", f"{others.capitalize()} of npde"),
        KeyEntry("band", f"{share} the median", MIDDLE_COLOUR),
        KeyEntry("band", f"{share} the {others}", OUTER_COLOUR),
        KeyEntry("band", f"{share} each ordered npde", _GREY),
        KeyEntry("ring", "Percentile of npde outside its interval", OUTSIDE_COLOUR),
        KeyEntry("dotted", "Expected: equality; percentiles of a standard normal"),
    ]


def _observed(fit: GoodnessOfFit, title: str, unit: str) -> Chart:
    """Return observations over predictions, on one scale both ways."""
    observed = fit.observed
    heights = np.where(observed.censored, observed.limit, observed.value)
    scale = level_scale(np.concatenate([heights, fit.prediction]))
    x = level_x("day", level_title("Typical prediction", unit), scale)
    name = level_title(f"Observed {within(title)}", unit)
    y = level_y("value", name, scale)
    points = point_layers(fit.prediction, heights, observed.censored, x, y)
    ends: Rows = [{"day": end, "value": end} for end in scale[1]]
    identity = (
        alt.Chart(inline(ends))
        .mark_line(color=INK, strokeDash=_DOTTED, opacity=0.8)
        .encode(x=x, y=y)
    )
    groups: Rows = [
        {"day": number(one), "value": number(middle)}
        for one, middle in zip(fit.group_prediction, fit.group_observed, strict=True)
        if math.isfinite(middle)
    ]
    medians = (
        alt.Chart(inline(groups))
        .mark_line(
            color=MIDDLE_COLOUR,
            strokeWidth=2.2,
            point=alt.OverlayMarkDef(size=26, color=MIDDLE_COLOUR),
        )
        .encode(x=x, y=y)
    )
    panel: Chart = alt.layer(*points, identity, medians, title="Observed over predicted")
    return panel


def _equality(ends: Rows) -> alt.Chart:
    """Return the line on which both axes show the same."""
    line: alt.Chart = alt.Chart(inline(ends)).mark_line(color=INK, strokeDash=_DOTTED, opacity=0.8)
    return line


def _error_scale(fit: GoodnessOfFit) -> Scale:
    """Return an axis of errors: the same for every panel, and symmetric."""
    most = max(3.0, float(np.abs(fit.ordered).max()) * 1.05)
    return "linear", (-most, most)


def _trend(
    fit: GoodnessOfFit,
    trend: ErrorTrend,
    along: np.ndarray,
    x: alt.X,
    title: str,
) -> Chart:
    """Return errors along time or prediction, with their percentiles over the exact intervals."""
    scale = _error_scale(fit)
    known = np.isfinite(fit.errors.error)
    inside = (trend.low <= trend.percentile) & (trend.percentile <= trend.high)
    rows = band_rows(trend.centre, fit.percentiles, trend.low, trend.high, trend.percentile, inside)
    outer, middle, *observed_layers = band_layers(rows, x, (_ERROR, scale))
    y = level_y("value", _ERROR, scale)
    points = point_layers(along[known], fit.errors.error[known], fit.observed.censored[known], x, y)
    marks: Rows = [{"value": float(ndtri(one / 100.0))} for one in fit.percentiles]
    expected = (
        alt.Chart(inline(marks)).mark_rule(color=INK, strokeDash=_DOTTED, opacity=0.8).encode(y=y)
    )
    panel: Chart = alt.layer(outer, middle, *points, expected, *observed_layers, title=title)
    return panel


def _quantiles(fit: GoodnessOfFit) -> Chart:
    """Return ordered errors over normal quantiles, with their pointwise interval and the tests."""
    scale = _error_scale(fit)
    shown = evenly(len(fit.ordered))
    rows: Rows = [
        {
            "day": number(fit.normal[index]),
            "value": number(fit.ordered[index]),
            "low": number(fit.normal_low[index]),
            "high": number(fit.normal_high[index]),
        }
        for index in shown.tolist()
    ]
    x = level_x("day", "Standard normal quantile", scale)

    def y(field: str) -> alt.Y:
        return level_y(field, f"Ordered {_ERROR}", scale)

    base = alt.Chart(inline(rows)).encode(x=x)
    band = base.mark_area(color=_GREY, opacity=BAND_OPACITY).encode(y=y("low"), y2="high:Q")
    ends: Rows = [{"day": end, "value": end} for end in scale[1]]
    points = base.mark_circle(size=16, color=INK, opacity=0.75).encode(y=y("value"))
    words = (
        alt.Chart(inline([{"text": "\n".join(_test_words(fit))}]))
        .mark_text(align="left", baseline="top", lineBreak="\n", lineHeight=15, fontSize=11.5)
        .encode(text="text:N", x=alt.value(10), y=alt.value(8))
    )
    straight = _equality(ends).encode(x=x, y=y("value"))
    panel: Chart = alt.layer(band, straight, points, words, title="npde against normal")
    return panel


def _test_words(fit: GoodnessOfFit) -> list[str]:
    tests = fit.tests
    return [
        f"n = {count_text(tests.count)}",
        f"mean {tests.mean:.2f} ± {tests.mean_se:.2f}, {_p(tests.p_mean)}".replace("-", "−"),
        f"variance {tests.variance:.2f} ± {tests.variance_se:.2f}, {_p(tests.p_variance)}",
        f"normality {_p(tests.p_normality)}",
        f"all three tests {_p(tests.p_global)}",
    ]


def _p(value: float) -> str:
    return f"p = {number_text(value, digits=2)}" if value >= 1e-3 else "p < 0.001"


def _words(fit: GoodnessOfFit, title: str) -> str:
    return (
        f"Goodness of fit of {title}: observed over predicted, prediction errors over time and "
        f"prediction, and against the normal distribution. {'; '.join(_test_words(fit))}."
    )
