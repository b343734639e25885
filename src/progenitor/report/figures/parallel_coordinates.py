"""One line per candidate of a Pareto front through all its settings and objectives."""

import textwrap

import altair as alt

from progenitor.inference import SearchGoal, SearchRange
from progenitor.report._numbers import number_text, percent, unit_text
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study import Candidate, Optimisation

__all__ = ["parallel_coordinates"]

_SHIPPED = "Recipe as shipped"


def parallel_coordinates(found: Optimisation, *, width: int = 960, height: int = 300) -> Chart:
    """Draw settings left and objectives right, every axis over its own range, best on top.

    Parameters
    ----------
    found
        From :func:`progenitor.study.optimise_process`.
    width, height
        Size of the plotting area in pixels.
    """
    if not found.front:
        return blank("No candidate could be judged, so there is no front.")
    axes = [*(_Axis.setting(item, found) for item in found.space.ranges)]
    axes += [_Axis.goal(goal, found) for goal in found.goals]
    first = found.goals[0]
    shown = [(one, f"{place + 1}") for place, one in enumerate(found.front)]
    rows: list[dict[str, object]] = [
        {
            "line": name,
            "place": index,
            "height": number(axis.height(one)),
            "rank": number(percent(first.unit)[0] * one.judged.values[first.name]),
        }
        for one, name in [*shown, (found.reference, _SHIPPED)]
        for index, axis in enumerate(axes)
    ]
    heads: list[dict[str, object]] = [
        {
            "place": index,
            "title": "\n".join(textwrap.wrap(axis.title, 11)),
            "top": axis.text(axis.high),
            "bottom": axis.text(axis.low),
            "kind": "setting" if index < len(found.space.ranges) else "objective",
        }
        for index, axis in enumerate(axes)
    ]
    return styled(
        _chart(rows, heads, first).properties(width=width, height=height),
        description=(
            f"{len(found.front)} candidates of the Pareto front and the recipe as shipped over "
            f"{len(axes)} axes: {', '.join(axis.title for axis in axes)}"
        ),
    )


class _Axis:
    """One axis: what it shows, over which values, and which end is on top."""

    __slots__ = ("high", "low", "of", "title", "unit")

    def __init__(self, title: str, unit: str, ends: tuple[float, float], of: str) -> None:
        self.title, self.unit, self.of = title, unit, of
        self.low, self.high = ends if ends[0] != ends[1] else (ends[0] - 1, ends[0] + 1)

    @classmethod
    def setting(cls, item: SearchRange, found: Optimisation) -> "_Axis":
        shipped = found.reference.settings.get(item.name, item.low)
        ends = (min(item.low, shipped), max(item.high, shipped))
        return cls(item.title or item.name, item.unit, ends, f"settings/{item.name}")

    @classmethod
    def goal(cls, goal: SearchGoal, found: Optimisation) -> "_Axis":
        values = [one.judged.values[goal.name] for one in (*found.front, found.reference)]
        ends = (min(values), max(values))
        ends = ends if goal.maximise else (ends[1], ends[0])
        return cls(goal.title or goal.name, goal.unit, ends, f"goals/{goal.name}")

    def height(self, one: Candidate) -> float:
        kind, _, name = self.of.partition("/")
        value = one.settings[name] if kind == "settings" else one.judged.values[name]
        return (value - self.low) / (self.high - self.low)

    def text(self, value: float) -> str:
        if self.unit == "1" and self.of.startswith("settings/"):
            return number_text(value, digits=2)
        factor, unit = percent(self.unit)
        return f"{number_text(factor * value, digits=3)} {unit_text(unit)}".strip()


def _chart(
    rows: list[dict[str, object]], heads: list[dict[str, object]], first: SearchGoal
) -> Chart:
    x = alt.X("place:Q", axis=None, scale=alt.Scale(domain=[-0.45, len(heads) - 0.55], nice=False))
    y = alt.Y("height:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    lines = alt.Chart(inline(rows)).encode(x=x, y=y, detail="line:N", order="place:Q")
    front = (
        lines.transform_filter(f"datum.line != '{_SHIPPED}'")
        .mark_line(opacity=0.6, strokeWidth=1.5)
        .encode(
            color=alt.Color(
                "rank:Q",
                title=f"Front, by {(first.title or first.name)} "
                f"({unit_text(percent(first.unit)[1])})",
                scale=alt.Scale(scheme="viridis"),
                legend=alt.Legend(
                    orient="bottom",
                    direction="horizontal",
                    gradientLength=260,
                    format=".2~e" if first.unit == "cell" else "~s",
                    tickCount=4,
                    padding=14,
                ),
            )
        )
    )
    shipped = lines.transform_filter(f"datum.line == '{_SHIPPED}'")
    marked = shipped.mark_line(color=ARM_COLOURS[1], strokeWidth=3.2) + shipped.mark_point(
        color=ARM_COLOURS[1], shape="diamond", size=70, filled=True, opacity=1
    )
    base = alt.Chart(inline(heads)).encode(x=x)
    rules = base.mark_rule(color=INK, opacity=0.5).encode(y=alt.value(0), y2=alt.value("height"))
    titles = base.mark_text(
        fontSize=11.5, fontWeight="bold", baseline="top", lineHeight=13, lineBreak="\n"
    ).encode(text="title:N", y=alt.value(-66), color=alt.value(INK))
    top = base.mark_text(fontSize=10.5, baseline="bottom").encode(
        text="top:N", y=alt.value(-6), color=alt.value(INK)
    )
    bottom = (
        base.transform_calculate(foot="0")
        .mark_text(fontSize=10.5, baseline="top", dy=6)
        .encode(text="bottom:N", y=alt.Y("foot:Q", axis=None), color=alt.value(INK))
    )
    chart: Chart = alt.layer(rules, front, marked, titles, top, bottom)
    return chart
