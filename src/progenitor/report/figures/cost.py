"""What a lot costs, line by line."""

from collections.abc import Mapping

import altair as alt

from progenitor.report._numbers import count_text
from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study.results import ArmResult

__all__ = ["cost_lines"]

_FAILED = "failed lots"
_GROUPED = "replace(format(datum.value, ',.0f'), regexp(',', 'g'), '\u202f')"


def cost_lines(arms: Mapping[str, ArmResult], *, width: int = 560) -> Chart:
    """Draw the cost lines of each arm side by side, dearest first, in US dollars per released dose.

    Parameters
    ----------
    arms
        Arms by name; ``cost_lines`` holds US dollars per released dose, failed lots last.
    width
        Width of the plotting area in pixels.
    """
    labels, colours = arm_labels(arms), arm_colours(arms)
    lines: dict[str, float] = {}
    for arm in arms.values():
        for line, cost in arm.cost_lines.items():
            lines[line] = max(lines.get(line, 0.0), cost)
    if not lines:
        return blank("No cost was recorded for any lot.")
    order = sorted(lines, key=lambda line: (line == _FAILED, -lines[line]))
    rows: list[dict[str, object]] = [
        {
            "arm": labels[name],
            "line": line.replace("_", " ").capitalize(),
            "cost": number(cost),
            "text": count_text(round(cost)),
        }
        for name, arm in arms.items()
        for line, cost in arm.cost_lines.items()
    ]
    titles = [line.replace("_", " ").capitalize() for line in order]
    return styled(
        _bars(rows, titles, labels, colours).properties(width=width, height=alt.Step(15)),
        description="Cost lines in US dollars per released dose. "
        + "; ".join(
            f"{labels[name]}: total {count_text(round(sum(arm.cost_lines.values())))}"
            for name, arm in arms.items()
        ),
    )


def _bars(
    rows: list[dict[str, object]],
    titles: list[str],
    labels: Mapping[str, str],
    colours: Mapping[str, str],
) -> Chart:
    arm_order = list(labels.values())
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y(
            "line:N",
            sort=titles,
            title=None,
            axis=alt.Axis(domain=False, ticks=False),
            scale=alt.Scale(paddingInner=0.28),
        ),
        yOffset=alt.YOffset("arm:N", sort=arm_order, scale=alt.Scale(domain=arm_order)),
        x=alt.X(
            "cost:Q",
            title="Cost per released dose (US$)",
            axis=alt.Axis(labelExpr=_GROUPED, tickCount=6),
            scale=alt.Scale(zero=True),
        ),
    )
    bars = base.mark_bar().encode(
        color=alt.Color(
            "arm:N",
            title=None,
            scale=alt.Scale(domain=arm_order, range=list(colours.values())),
            legend=alt.Legend(orient="top", symbolType="square"),
        )
    )
    values = base.mark_text(align="left", dx=5, fontSize=11).encode(text="text:N")
    return alt.layer(bars, values)
