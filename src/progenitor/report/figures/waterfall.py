"""Waterfall of each patient's best change in tumour size."""

from collections.abc import Mapping

import altair as alt
import numpy as np

from progenitor.report.figures._palette import INK, RESPONSE_COLOURS, arm_labels
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.report.figures._thinning import evenly
from progenitor.study.results import LUGANO, ArmResult, ResponseWords

__all__ = ["waterfall"]

_SEPARATE = 80


def waterfall(
    arms: Mapping[str, ArmResult],
    *,
    response: ResponseWords = LUGANO,
    cut: float = 100.0,
    width: int = 1000,
    height: int = 270,
) -> Chart:
    """Draw the best change of each patient, sorted, coloured by best overall response.

    Parameters
    ----------
    arms
        Arms by name; ``best_change`` in % of baseline, NaN without a visit after baseline.
    response
        Criteria: names of the codes, what has changed, and the change of a partial response.
    cut
        Growth beyond this % is drawn as a bar of this height.
    width, height
        Size of all panels together, in pixels.
    """
    labels = arm_labels(arms)
    panels: list[Chart] = []
    words: list[str] = []
    for name, arm in arms.items():
        rows = _rows(arm, response)
        if not rows:
            continue
        measured = int(np.isfinite(arm.best_change).sum())
        title = f"{labels[name]} (n = {measured} of {arm.best_change.size})"
        panels.append(
            _panel(rows, response, cut, title).properties(
                width=width / len(arms) - 70, height=height
            )
        )
        words.append(f"{labels[name]}: {measured} patients")
    if not panels:
        return blank("No patient had a tumour measurement after infusion, so no change is shown.")
    return styled(
        alt.hconcat(*panels, spacing=30).resolve_scale(color="shared"),
        description=(
            f"Waterfall of best change in {response.change} from baseline, coloured by best "
            "overall response. " + "; ".join(words)
        ),
    )


def _rows(arm: ArmResult, response: ResponseWords) -> list[dict[str, object]]:
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
            "response": response.codes[int(arm.best_response[patient])],
        }
        for rank, patient in enumerate(order)
    ]


def _panel(rows: list[dict[str, object]], response: ResponseWords, cut: float, title: str) -> Chart:
    codes = list(reversed(response.codes))
    title_of_y = f"Best change in {response.change} (%)"
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
            y=alt.Y("change:Q", title=title_of_y, scale=y_scale, axis=y_axis),
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
    lines: list[dict[str, object]] = [{"level": response.partial}]
    limit = (
        alt.Chart(inline(lines))
        .mark_rule(color=INK, strokeDash=[5, 4], opacity=0.8)
        .encode(y=alt.Y("level:Q", scale=y_scale, axis=y_axis))
    )
    return alt.layer(bars, limit, title=title)
