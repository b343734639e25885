"""Waterfall of each patient's best change in tumour size."""

from collections.abc import Mapping

import altair as alt
import numpy as np

from progenitor.report.figures._palette import INK, RESPONSE_COLOURS, arm_labels
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.report.figures._thinning import evenly
from progenitor.study.results import ArmResult

__all__ = ["waterfall"]

_CODES = {4: "CR", 3: "PR", 2: "SD", 1: "PD", 0: "NE"}
_SEPARATE = 80
_LUGANO_PARTIAL_DECREASE = -50.0


def waterfall(
    arms: Mapping[str, ArmResult],
    *,
    partial_decrease: float = _LUGANO_PARTIAL_DECREASE,
    cut: float = 100.0,
    width: int = 1000,
    height: int = 270,
) -> Chart:
    """Draw the best change of each patient, sorted, coloured by best overall response.

    Parameters
    ----------
    arms
        Arms by name; ``best_change`` in % of baseline, NaN without a visit after baseline.
    partial_decrease
        Line of partial response in %; −50 by the Lugano classification (Cheson et al. 2014,
        doi:10.1200/JCO.2013.54.8800).
    cut
        Growth beyond this % is drawn as a bar of this height.
    width, height
        Size of all panels together, in pixels.
    """
    labels = arm_labels(arms)
    panels: list[Chart] = []
    words: list[str] = []
    for name, arm in arms.items():
        rows = _rows(arm)
        if not rows:
            continue
        measured = int(np.isfinite(arm.best_change).sum())
        title = f"{labels[name]} (n = {measured} of {arm.best_change.size})"
        panels.append(
            _panel(rows, partial_decrease, cut, title).properties(
                width=width / len(arms) - 70, height=height
            )
        )
        words.append(f"{labels[name]}: {measured} patients")
    if not panels:
        return blank("No patient had a tumour measurement after infusion, so no change is shown.")
    return styled(
        alt.hconcat(*panels, spacing=30).resolve_scale(color="shared"),
        description=(
            "Waterfall of best change in tumour size from baseline, coloured by best overall "
            "response. " + "; ".join(words)
        ),
    )


def _rows(arm: ArmResult) -> list[dict[str, object]]:
    """Return one bar per measured patient; many bars overlap a little so that no gap shimmers.

    Of more patients than can be told apart every second, third … is drawn.
    """
    measured = np.flatnonzero(np.isfinite(arm.best_change))
    overlap = -0.15 if measured.size <= _SEPARATE else 0.6
    order = measured[np.argsort(-arm.best_change[measured], kind="stable")]
    order = order[evenly(order.size)]
    return [
        {
            "rank": rank + 1,
            "left": float(rank),
            "right": rank + 1 + overlap,
            "change": number(arm.best_change[patient]),
            "response": _CODES.get(int(arm.best_response[patient]), "NE"),
        }
        for rank, patient in enumerate(order)
    ]


def _panel(rows: list[dict[str, object]], partial_decrease: float, cut: float, title: str) -> Chart:
    codes = list(_CODES.values())
    y_scale = alt.Scale(domain=[-100, cut], clamp=True, nice=False)
    y_axis = alt.Axis(values=[-100, -75, -50, -25, 0, 25, 50, 75, 100], grid=True)
    bars = (
        alt.Chart(inline(rows))
        .mark_rect(opacity=1)
        .encode(
            x=alt.X(
                "left:Q",
                title="Patient, sorted by best change",
                axis=alt.Axis(labels=False, ticks=False, domain=False, grid=False),
                scale=alt.Scale(domain=[0, len(rows)], nice=False, clamp=True),
            ),
            x2="right:Q",
            y=alt.Y("change:Q", title="Best change in tumour size (%)", scale=y_scale, axis=y_axis),
            y2=alt.datum(0),
            color=alt.Color(
                "response:N",
                title="Best overall response",
                sort=codes,
                scale=alt.Scale(domain=codes, range=[RESPONSE_COLOURS[code] for code in codes]),
                legend=alt.Legend(orient="bottom", symbolType="square"),
            ),
        )
    )
    lines: list[dict[str, object]] = [{"level": partial_decrease}]
    limit = (
        alt.Chart(inline(lines))
        .mark_rule(color=INK, strokeDash=[5, 4], opacity=0.8)
        .encode(y=alt.Y("level:Q", scale=y_scale, axis=y_axis))
    )
    return alt.layer(bars, limit, title=title)
