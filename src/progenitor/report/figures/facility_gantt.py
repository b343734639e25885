"""Lots over time in a facility: what they wait for, and what is done with them."""

import altair as alt
import numpy as np

from progenitor.manufacture import FacilityRun
from progenitor.report.figures._style import Chart, blank, inline, number, styled

__all__ = ["facility_gantt"]

_MOST = 40
_WAITING = "waiting"
_WORK_COLOURS = ("#0072b2", "#56b4e9", "#009e73", "#8c6d1f", "#cc79a7", "#882255", "#44aa99")
_WAIT_COLOUR = "#d55e00"
_ELSEWHERE = "#a9b0b7"


def facility_gantt(run: FacilityRun, *, replicate: int = 0, width: int = 720) -> Chart:
    """Draw a bar for each stage of a lot, and waiting in a colour of its own, over the lots in use.

    Of more than 40 lots those in the middle are drawn, where the facility is neither filling nor
    emptying; below, how many lots wait on each day.

    Parameters
    ----------
    run
        From :func:`~progenitor.manufacture.run_facility`.
    replicate
        Which repetition.
    width
        Width of the plotting area in pixels.
    """
    lots = run.arrivals.shape[1]
    if not lots:
        return blank("No lot came to the facility.")
    order = np.argsort(run.arrivals[replicate], kind="stable")
    first = max((lots - _MOST) // 2, 0)
    shown = order[first : first + _MOST]
    rows = [
        row for place, lot in enumerate(shown.tolist()) for row in _bars(run, replicate, lot, place)
    ]
    kinds = list(dict.fromkeys(str(row["kind"]) for row in rows if row["kind"] != _WAITING))
    work = iter(_WORK_COLOURS * len(kinds))
    colours = [_ELSEWHERE if kind == "elsewhere" else next(work) for kind in kinds]
    from_day = min(float(row["start"]) for row in rows)  # type: ignore[arg-type]
    to_day = max(float(row["end"]) for row in rows)  # type: ignore[arg-type]
    x = alt.X(
        "start:Q",
        title="Days since the start",
        scale=alt.Scale(domain=[from_day, to_day], nice=False),
        axis=alt.Axis(grid=True),
    )
    bars = (
        alt.Chart(inline(rows))
        .mark_bar(height=7)
        .encode(
            x=x,
            x2="end:Q",
            y=alt.Y("place:O", title="Lot", axis=alt.Axis(labels=False, ticks=False)),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=[*kinds, _WAITING], range=[*colours, _WAIT_COLOUR]),
                legend=alt.Legend(orient="top", symbolType="square", columns=3),
            ),
        )
        .properties(width=width, height=9 * len(shown))
    )
    line = _queue(run, replicate, from_day, to_day).properties(width=width, height=90)
    mean = float(np.nanmean(run.wait[replicate]))
    return styled(
        alt.vconcat(bars, line, spacing=12),
        description=(
            f"{len(shown)} of {lots} lots in a facility over time, their stages and their waiting; "
            f"a lot waits {mean:.1f} days on average."
        ),
    )


def _bars(run: FacilityRun, replicate: int, lot: int, place: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for attempt in range(run.started.shape[2]):
        for number_of, stage in enumerate(run.stages):
            where = (replicate, lot, attempt, number_of)
            asked, began, ended = run.requested[where], run.started[where], run.ended[where]
            if not np.isfinite(ended):
                continue
            if began > asked:
                rows.append(_row(place, asked, began, _WAITING))
            if ended > began:
                rows.append(_row(place, began, ended, ", ".join(stage.needs) or "elsewhere"))
    return rows


def _row(place: int, start: float, end: float, kind: str) -> dict[str, object]:
    return {"place": place, "start": number(start), "end": number(end), "kind": kind}


def _queue(run: FacilityRun, replicate: int, from_day: float, to_day: float) -> Chart:
    """How many lots wait at each moment."""
    asked, began = (moments[replicate].ravel() for moments in (run.requested, run.started))
    waits = began > asked
    moments = np.concatenate([asked[waits], began[waits]])
    change = np.concatenate([np.ones(waits.sum()), -np.ones(waits.sum())])
    order = np.argsort(moments, kind="stable")
    days, waiting = moments[order], np.cumsum(change[order])
    inside = (days >= from_day) & (days <= to_day)
    rows: list[dict[str, object]] = [
        {"day": number(day), "waiting": int(count)}
        for day, count in zip(days[inside], waiting[inside], strict=True)
    ]
    chart: Chart = (
        alt.Chart(inline(rows))
        .mark_line(interpolate="step-after", color=_WAIT_COLOUR)
        .encode(
            x=alt.X(
                "day:Q",
                title="Days since the start",
                scale=alt.Scale(domain=[from_day, to_day], nice=False),
            ),
            y=alt.Y("waiting:Q", title="Lots waiting", axis=alt.Axis(tickMinStep=1, tickCount=4)),
        )
    )
    return chart
