"""Every pair of objectives: what was tried, the Pareto front, and the recipe as shipped."""

from itertools import combinations

import altair as alt

from progenitor.inference import SearchGoal
from progenitor.report._numbers import percent, unit_text
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study import Candidate, Optimisation

__all__ = ["goal_title", "pareto_plots"]

_COLUMNS = 3
_GROUPED = "replace(datum.label, regexp(',', 'g'), '\u202f')"
_MARKS = ("Pareto front", "Recipe as shipped")


def goal_title(goal: SearchGoal) -> str:
    """Return the printed name of an objective with its unit.

    Examples
    --------
    >>> goal_title(SearchGoal("stemness", "1", title="Stem memory share"))
    'Stem memory share (%)'
    """
    return f"{goal.title or goal.name} ({unit_text(percent(goal.unit)[1])})"


def pareto_plots(found: Optimisation, *, width: int = 262, height: int = 200) -> Chart:
    """Draw each pair of objectives with the errors of the front.

    Parameters
    ----------
    found
        From :func:`progenitor.study.optimise_process`.
    width, height
        Size of one panel in pixels.
    """
    if not found.front or len(found.goals) < 2:
        return blank("No candidate could be judged by two objectives, so there is no front.")
    panels: list[Chart] = [
        _panel(found, x, y).properties(width=width, height=height)
        for x, y in combinations(found.goals, 2)
    ]
    return styled(
        alt.concat(*panels, columns=_COLUMNS, spacing={"row": 26, "column": 30}),
        description=(
            f"{len(found.front)} settings on the Pareto front and the recipe as shipped, by pairs "
            f"of objectives: {', '.join(goal.title or goal.name for goal in found.goals)}"
        ),
    )


def _panel(found: Optimisation, x: SearchGoal, y: SearchGoal) -> Chart:
    axes = {
        axis: alt.Axis(tickCount=5, labelExpr=_expression(goal), labelOverlap=True)
        for axis, goal in (("x", x), ("y", y))
    }
    rows: list[dict[str, object]] = [_row(one, x, y, _MARKS[0]) for one in found.front]
    rows.append(_row(found.reference, x, y, _MARKS[1]))
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("x:Q", title=_better(x), scale=alt.Scale(zero=False, nice=True), axis=axes["x"]),
        y=alt.Y("y:Q", title=_better(y), scale=alt.Scale(zero=False, nice=True), axis=axes["y"]),
    )
    across = base.mark_rule(color=INK, opacity=0.18).encode(x="x_low:Q", x2="x_high:Q")
    along = base.mark_rule(color=INK, opacity=0.18).encode(y="y_low:Q", y2="y_high:Q")
    points = base.mark_point(filled=True, opacity=0.95, stroke=INK, strokeWidth=0.6).encode(
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=list(_MARKS), range=list(ARM_COLOURS[:2])),
            legend=alt.Legend(orient="top"),
        ),
        shape=alt.Shape(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=list(_MARKS), range=["circle", "diamond"]),
            legend=alt.Legend(orient="top"),
        ),
        size=alt.condition(f"datum.kind == '{_MARKS[1]}'", alt.value(170), alt.value(46)),
    )
    layers: Chart = alt.layer(across, along, points)
    return layers


def _row(one: Candidate, x: SearchGoal, y: SearchGoal, kind: str) -> dict[str, object]:
    row: dict[str, object] = {"kind": kind}
    for axis, goal in (("x", x), ("y", y)):
        value, error = (
            percent(goal.unit)[0] * of[goal.name] for of in (one.judged.values, one.judged.errors)
        )
        row |= {
            axis: number(value),
            f"{axis}_low": number(value - error),
            f"{axis}_high": number(value + error),
        }
    return row


def _better(goal: SearchGoal) -> str:
    return f"{goal_title(goal)} {'→' if goal.maximise else '←'}"


def _expression(goal: SearchGoal) -> str:
    """Return how an axis writes its numbers: cells by powers of ten, dollars in thousands."""
    if goal.unit == "cell":
        return "format(datum.value, '.2~e')"
    if goal.unit == "USD":
        return "format(datum.value / 1000, '~f') + ' k'"
    return _GROUPED
