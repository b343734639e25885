"""Levels of every patient over time, one line each."""

import altair as alt
import numpy as np

from progenitor.kinetics import Profiles
from progenitor.report._numbers import count_text
from progenitor.report.figures._level_axes import (
    level_axis,
    level_limits,
    limit_line,
    sample_rows,
    under_marks,
)
from progenitor.report.figures._palette import ARM_COLOURS
from progenitor.report.figures._ribbons import time_axis
from progenitor.report.figures._style import Chart, blank, inline, styled
from progenitor.report.figures._thinning import evenly

__all__ = ["individual_levels"]

_MOST = 120


def individual_levels(profiles: Profiles, *, width: int = 900, height: int = 380) -> Chart:
    """Draw one line per patient on a log axis, with the limit of quantification.

    A line joins neighbouring quantifiable samples; samples below the limit are hollow triangles at
    the limit. Beyond 120 days the time axis is square-root spaced. At most 120 patients are drawn,
    spread evenly over the table.

    Parameters
    ----------
    profiles
        Samples of each patient.
    width, height
        Size of the plotting area in pixels.
    """
    if not profiles.found.any():
        return blank("No level was quantifiable, so there is no course to show.")
    shown = evenly(len(profiles.patients), _MOST)
    rows = [row for patient in shown.tolist() for row in sample_rows(profiles, patient)]
    limits = level_limits(profiles)
    last = 1.02 * max(float(np.nanmax(profiles.time)), 1.0)
    y = level_axis(profiles, "level", limits)
    base = alt.Chart(inline(rows)).encode(x=time_axis(last))
    strength = float(np.clip(8.0 / np.sqrt(shown.size) / 2.0, 0.25, 0.8))
    found = base.transform_filter("isValid(datum.level)")
    lines = found.mark_line(
        color=ARM_COLOURS[0], strokeWidth=1.2, opacity=strength, clip=True
    ).encode(y=y, detail="run:N")
    points = found.mark_circle(
        color=ARM_COLOURS[0], size=16, opacity=min(1.0, strength + 0.15), clip=True
    ).encode(y=y)
    under = under_marks(base, level_axis(profiles, "under", limits), size=34)
    chart = alt.layer(lines, points, under, *limit_line(profiles, limits, named=True)).properties(
        width=width, height=height
    )
    part = f"{count_text(shown.size)} of {count_text(len(profiles.patients))} patients"
    below = int(profiles.below.sum())
    return styled(
        chart,
        description=f"Levels of {part} over days since infusion, log axis. {count_text(below)} of "
        f"{count_text(int(profiles.taken.sum()))} samples are below the limit of quantification.",
    )
