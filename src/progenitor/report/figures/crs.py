"""Stacks of the highest cytokine-release-syndrome grade each infused patient reached."""

from collections.abc import Mapping

import altair as alt
import numpy as np

from progenitor.report.figures._palette import GRADE_COLOURS, arm_labels
from progenitor.report.figures._style import Chart, blank, inline, styled
from progenitor.study.results import ArmResult

__all__ = ["crs_grades"]

_GRADES = tuple(range(6))
_LABEL_FROM = 0.04


def crs_grades(arms: Mapping[str, ArmResult], *, width: int = 640) -> Chart:
    """Draw the share of infused patients by highest CRS grade, 0 (none) to 5 (death).

    Parameters
    ----------
    arms
        Arms by name; ``crs_grade`` holds the highest ASTCT grade, NaN for patients not infused.
    width
        Width of the plotting area in pixels.
    """
    labels = arm_labels(arms)
    rows: list[dict[str, object]] = []
    words: list[str] = []
    names: list[str] = []
    for name, arm in arms.items():
        graded = arm.crs_grade[np.isfinite(arm.crs_grade)].astype(int)
        if not graded.size:
            continue
        title = f"{labels[name]} (n = {graded.size})"
        counts = [int((graded == grade).sum()) for grade in _GRADES]
        edges = np.concatenate([[0], np.cumsum(counts)]) / graded.size
        names.append(title)
        rows += [
            {
                "arm": title,
                "grade": f"Grade {grade}" if grade else "None",
                "patients": counts[grade],
                "start": float(edges[grade]),
                "end": float(edges[grade + 1]),
                "middle": float(edges[grade] + edges[grade + 1]) / 2,
                "share": counts[grade] / graded.size,
                "light": grade >= 4,
            }
            for grade in _GRADES
        ]
        words.append(
            f"{labels[name]}: "
            + ", ".join(f"grade {g} {counts[g] / graded.size:.0%}" for g in _GRADES if counts[g])
        )
    if not rows:
        return blank("No patient was infused, so no cytokine-release syndrome was graded.")
    return styled(
        _stacks(rows, names).properties(width=width, height=alt.Step(46)),
        description="Highest grade of cytokine-release syndrome. " + "; ".join(words),
    )


def _stacks(rows: list[dict[str, object]], names: list[str]) -> Chart:
    grades = [f"Grade {grade}" if grade else "None" for grade in _GRADES]
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y(
            "arm:N",
            sort=names,
            title=None,
            axis=alt.Axis(domain=False, ticks=False),
            scale=alt.Scale(paddingInner=0.3, paddingOuter=0.1),
        )
    )
    axis = alt.Axis(format="%", tickCount=5, grid=False)
    bars = base.mark_bar(stroke="white", strokeWidth=0.8).encode(
        x=alt.X(
            "start:Q", title="Share of infused patients", axis=axis, scale=alt.Scale(domain=[0, 1])
        ),
        x2="end:Q",
        color=alt.Color(
            "grade:N",
            title="Highest CRS grade (ASTCT 2019)",
            sort=grades,
            scale=alt.Scale(domain=grades, range=list(GRADE_COLOURS)),
            legend=alt.Legend(orient="bottom", symbolType="square", columns=6),
        ),
    )
    written = base.transform_filter(f"datum.share >= {_LABEL_FROM}").encode(
        x="middle:Q", text=alt.Text("share:Q", format=".0%")
    )
    dark = written.transform_filter("!datum.light").mark_text(color="#1d2733", fontSize=11.5)
    light = written.transform_filter("datum.light").mark_text(color="#ffffff", fontSize=11.5)
    return alt.layer(bars, dark, light)
