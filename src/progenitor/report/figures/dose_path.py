"""One dose-finding trial day by day: who waited, who was infused at which dose, who had a DLT."""

from typing import Final

import altair as alt

from progenitor.report.figures._palette import INK, PAPER
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study.results import DoseFindingResult, ExamplePatient

__all__ = ["dose_path"]

_LEVELS: Final = ("#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c", "#08306b", "#041f4a",
                  "#35206b", "#54278f", "#3f007d")  # fmt: skip
"""ColorBrewer Blues, then purples: darker is higher."""

_SHORT: Final = "Less than the assigned dose"
_TOXIC: Final = "Dose-limiting toxicity"
_GONE: Final = "Left without infusion"


def dose_path(found: DoseFindingResult, *, width: int = 640) -> Chart:
    """Draw one line for each patient who enrolled, from consent to the end of the window.

    Parameters
    ----------
    found
        A dose-finding trial; its example is drawn.
    width
        Width of the plotting area in pixels.
    """
    patients = found.example.patients
    if not patients:
        return blank("No patient enrolled in the example trial.")
    names = [level.label for level in found.levels]
    rows = [_row(one, names, 1.0 - found.tolerance) for one in patients]
    chosen = names[found.example.selected] if found.example.selected >= 0 else "no dose"
    toxic = sum(one.toxic for one in patients)
    return styled(
        _lanes(rows, names, len(patients)).properties(width=width, height=11 * len(patients)),
        description=(
            f"One trial: {len(patients)} patients enrolled, {toxic} with a dose-limiting toxicity, "
            f"{found.example.days:.0f} days, {chosen} chosen."
        ),
    )


def _row(one: ExamplePatient, names: list[str], enough: float) -> dict[str, object]:
    infused = one.infused == one.infused
    mark, at = "", one.end
    if one.toxic:
        mark = _TOXIC
    elif infused and one.delivered < enough:
        mark, at = _SHORT, one.infused
    elif not infused:
        mark = _GONE
    return {
        "patient": one.number,
        "level": names[one.level],
        "consent": number(one.screened),
        "infused": number(one.infused),
        "end": number(one.end),
        "wait": number(one.infused if infused else one.end),
        "mark": mark,
        "at": number(at),
    }


def _lanes(rows: list[dict[str, object]], names: list[str], patients: int) -> Chart:
    y = alt.Y(
        "patient:Q",
        title="Patient, by enrolment",
        scale=alt.Scale(domain=[patients + 0.6, 0.4], nice=False),
        axis=alt.Axis(grid=False, tickMinStep=1, format="d"),
    )
    base = alt.Chart(inline(rows)).encode(y=y)
    days = "Days since the trial began"
    waiting = base.mark_rule(strokeWidth=1.2, color=INK, opacity=0.45).encode(
        x=alt.X("consent:Q", title=days), x2="wait:Q"
    )
    window = (
        base.transform_filter("isValid(datum.infused)")
        .mark_bar(height=7)
        .encode(
            x=alt.X("infused:Q", title=days),
            x2="end:Q",
            color=alt.Color(
                "level:N",
                title="Assigned dose",
                sort=names,
                scale=alt.Scale(domain=names, range=list(_LEVELS[: len(names)])),
                legend=alt.Legend(orient="right", symbolType="square"),
            ),
        )
    )
    kinds = [_TOXIC, _SHORT, _GONE]
    marks = (
        base.transform_filter("datum.mark != ''")
        .mark_point(size=55, strokeWidth=1.6, opacity=1, fill=PAPER)
        .encode(
            x="at:Q",
            shape=alt.Shape(
                "mark:N",
                title=None,
                scale=alt.Scale(domain=kinds, range=["cross", "triangle-down", "circle"]),
                legend=alt.Legend(orient="right"),
            ),
            stroke=alt.Stroke(
                "mark:N",
                title=None,
                scale=alt.Scale(domain=kinds, range=["#c0392b", "#8c6d1f", "#6b7683"]),
            ),
        )
    )
    return alt.layer(waiting, window, marks)
