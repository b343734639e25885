"""Rise, contraction and persistence as they were fitted to single patients."""

import altair as alt
import numpy as np
from jaxtyping import Float

from progenitor.kinetics import Kinetics
from progenitor.report._numbers import number_text
from progenitor.report.figures._level_axes import (
    level_axis,
    level_limits,
    limit_line,
    sample_rows,
    under_marks,
)
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._ribbons import time_axis
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.report.figures._thinning import evenly

__all__ = ["phase_fits"]

_MOST = 12
_COLUMNS = 3
_COLOURS = {
    "expansion": ARM_COLOURS[2],
    "contraction": ARM_COLOURS[1],
    "persistence": ARM_COLOURS[0],
}
_STEPS = 40
_PHASES = (
    ("doubling_time", "doubling"),
    ("contraction_half_life", "t½"),
    ("persistence_half_life", "then"),
)


def phase_fits(found: Kinetics, *, width: int = 265, height: int = 165) -> Chart:
    """Draw the fitted phases of up to twelve patients, from the highest peak to the lowest.

    Above each panel stand the doubling time and the half-lives in days.

    Parameters
    ----------
    found
        An analysis.
    width, height
        Size of one panel in pixels.
    """
    peaks = found.metrics["cmax"].values
    known = np.flatnonzero(np.isfinite(peaks))
    if not known.size:
        return blank("No level was quantifiable, so no phase could be fitted.")
    order = known[np.argsort(-peaks[known], kind="stable")]
    shown = order[evenly(order.size, _MOST)]
    limits = level_limits(found.profiles)
    last = 1.02 * max(float(np.nanmax(found.profiles.time[shown])), 1.0)
    panels = [_panel(found, int(patient), limits, last, width, height) for patient in shown]
    words = [f"{found.profiles.patients[p]}: {_caption(found, int(p))}" for p in shown.tolist()]
    return styled(
        alt.concat(*panels, columns=_COLUMNS, spacing={"row": 22, "column": 26}).resolve_scale(
            color="shared"
        ),
        description="Fitted phases of single patients, days. " + "; ".join(words) + ".",
    )


def _panel(
    found: Kinetics,
    patient: int,
    limits: tuple[float, float],
    last: float,
    width: int,
    height: int,
) -> Chart:
    profiles = found.profiles
    y = level_axis(profiles, "level", limits, named=False)
    x = time_axis(last).title(None)
    base = alt.Chart(inline(sample_rows(profiles, patient))).encode(x=x)
    points = (
        base.transform_filter("isValid(datum.level)")
        .mark_circle(color=INK, size=26, opacity=0.8, clip=True)
        .encode(y=y)
    )
    under = under_marks(base, level_axis(profiles, "under", limits, named=False), size=30)
    lines = (
        alt.Chart(inline(_fitted(found, patient)))
        .mark_line(strokeWidth=2.4, clip=True)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "phase:N",
                title=None,
                scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())),
                legend=alt.Legend(orient="top", symbolType="stroke", symbolStrokeWidth=3),
            ),
        )
    )
    title = alt.TitleParams(
        f"Patient {profiles.patients[patient]}",
        subtitle=_caption(found, patient),
        fontSize=12.5,
        offset=6,
    )
    panel: Chart = alt.layer(
        lines, points, under, *limit_line(profiles, limits, named=False), title=title
    ).properties(width=width, height=height)
    return panel


def _caption(found: Kinetics, patient: int) -> str:
    """Return doubling time and half-lives in words; what was not estimable is left out."""
    parts = [
        f"{word} {number_text(float(found.metrics[name].values[patient]), digits=2)} d"
        for name, word in _PHASES
        if np.isfinite(found.metrics[name].values[patient])
    ]
    return ", ".join(parts) or "no phase could be fitted"


def _fitted(found: Kinetics, patient: int) -> list[dict[str, object]]:
    """Return the fitted levels of a patient, phase by phase."""
    first, second, rise = found.phases.contraction, found.phases.persistence, found.rise
    two, change = bool(found.phases.two[patient]), found.phases.change[patient]
    curves: list[tuple[str, Float[np.ndarray, " step"], Float[np.ndarray, " step"]]] = []
    if np.isfinite(found.metrics["doubling_time"].values[patient]):
        days = np.linspace(rise.begin[patient], rise.end[patient], _STEPS)
        curves.append(("expansion", days, rise.course(patient, days)))
    if first.count[patient]:
        days = np.linspace(first.begin[patient], change if two else first.end[patient], _STEPS)
        heights = first.course(patient, days)
        if two and found.rules.contraction == "stripped":
            heights = heights + second.course(patient, days)
        curves.append(("contraction", days, heights))
    if two:
        days = np.linspace(change, second.end[patient], _STEPS)
        curves.append(("persistence", days, second.course(patient, days)))
    return [
        {"phase": phase, "day": number(day), "level": number(height)}
        for phase, days, heights in curves
        for day, height in zip(days, heights, strict=True)
    ]
