"""Observables over time: one panel each, the arms laid over each other."""

from collections.abc import Mapping
from dataclasses import replace

import altair as alt
import numpy as np

from progenitor.report._numbers import unit_text
from progenitor.report.experiment._legend import arm_dashes, arm_legend
from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.report.figures._ribbons import has_values, log_limits, time_axis, value_axis
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.report.figures._titled import Followed
from progenitor.study.results import Band

__all__ = ["courses"]

_COLUMNS = 2
_INNER = (25.0, 75.0)
_DECADE = 10.0
_SHARES = ("share", "lost", "occupied")
"""Words by which an observable without a unit is known for a share of something."""


def courses(arms: Mapping[str, Followed], *, width: int = 410, height: int = 215) -> Chart:
    """Draw the median of every arm over its middle half of subjects, one panel per observable.

    The axis is logarithmic where values span more than a factor of ten, and at most seven decades
    deep; what lies below is drawn at its foot.

    Parameters
    ----------
    arms
        Arms by name.
    width, height
        Size of one panel in pixels.
    """
    labels, colours, dashes = arm_labels(arms), arm_colours(arms), arm_dashes(arms)
    keys = dict.fromkeys(key for arm in arms.values() for key in arm.bands)
    panels: list[Chart] = []
    words: list[str] = []
    for key in keys:
        shown = {name: _percent(arm.bands[key]) for name, arm in arms.items() if key in arm.bands}
        shown = {name: one for name, one in shown.items() if has_values(one)}
        if not shown:
            continue
        first = next(iter(shown.values()))
        panels.append(
            alt.layer(*_layers(shown, colours, dashes), title=first.label).properties(
                width=width, height=height
            )
        )
        words.append(f"{first.label} ({unit_text(first.unit)})")
    if not panels:
        return blank("No observable of this experiment was above zero in any arm.")
    legend = arm_legend(labels, colours)
    body = alt.concat(*panels, columns=_COLUMNS, spacing={"row": 26, "column": 34})
    return styled(
        alt.vconcat(legend, body, spacing=14),
        description="Median and middle half of subjects over days: " + ", ".join(words) + ".",
    )


def _layers(
    shown: Mapping[str, Band], colours: Mapping[str, str], dashes: Mapping[str, list[int]]
) -> list[alt.Chart]:
    """Bands below, medians above, on one axis."""
    first = next(iter(shown.values()))
    found = np.concatenate([_of(one, *_INNER, 50.0).ravel() for one in shown.values()])
    found = found[np.isfinite(found)]
    above = found[found > 0.0]
    logarithmic = above.size > 0 and float(above.max() / above.min()) > _DECADE
    limits = log_limits([_inner(one) for one in shown.values()]) if logarithmic else (0.0, 0.0)
    bands, lines = [], []
    for name, one in shown.items():
        base = alt.Chart(inline(_rows(one, limits[0]))).encode(
            x=time_axis(float(one.days[-1]), "Day")
        )
        low, middle = (_axis(first, field, limits) for field in ("low", "median"))
        bands.append(
            base.mark_area(color=colours[name], opacity=0.15, clip=True).encode(y=low, y2="high:Q")
        )
        lines.append(
            base.mark_line(
                color=colours[name], strokeWidth=2.2, strokeDash=dashes[name], clip=True
            ).encode(y=middle)
        )
    return [*bands, *lines]


def _axis(band: Band, field: str, limits: tuple[float, float]) -> alt.Y:
    """Return a logarithmic axis, or a plain one where there are no limits."""
    if limits[0] > 0.0:
        return value_axis(band, field, limits, named=False)
    scale = alt.Scale(zero=False, nice=True)
    return alt.Y(f"{field}:Q", title=unit_text(band.unit), scale=scale)


def _rows(band: Band, foot: float) -> list[dict[str, object]]:
    low, high, middle = (_of(band, rank)[0] for rank in (*_INNER, 50.0))
    return [
        {
            "day": number(day),
            "low": _at_least(low[at], foot),
            "high": _at_least(high[at], foot),
            "median": _at_least(middle[at], foot),
        }
        for at, day in enumerate(band.days)
    ]


def _at_least(value: float, foot: float) -> float | None:
    return number(max(value, foot) if foot > 0.0 and np.isfinite(value) else value)


def _of(band: Band, *ranks: float) -> np.ndarray:
    rows = [band.percentiles.index(rank) for rank in ranks]
    return band.values[rows]


def _percent(band: Band) -> Band:
    """Write a share as a percentage; other numbers without a unit stay as they are."""
    if band.unit != "1" or not any(word in band.label.lower() for word in _SHARES):
        return band
    return replace(band, values=100.0 * band.values, unit="%")


def _inner(band: Band) -> Band:
    return Band(band.label, band.unit, band.days, (*_INNER, 50.0), _of(band, *_INNER, 50.0))
