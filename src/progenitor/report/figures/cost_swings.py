"""What each number does to the cost of a dose."""

from collections.abc import Sequence

import altair as alt

from progenitor.manufacture import CostSwing
from progenitor.report._numbers import count_text
from progenitor.report.figures._palette import INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled

__all__ = ["cost_swings"]

_GROUPED = "replace(format(datum.value, ',.0f'), regexp(',', 'g'), '\u202f')"
_LOW, _HIGH = "#56b4e9", "#d55e00"


def cost_swings(middle: float, swings: Sequence[CostSwing], *, width: int = 560) -> Chart:
    """Draw what each number does to the cost of a dose on its own, widest first.

    Parameters
    ----------
    middle
        Cost with every number in the middle; US dollars.
    swings
        From :func:`~progenitor.manufacture.cost_tornado`.
    width
        Width of the plotting area in pixels.
    """
    wide = [one for one in swings if one.width > 0]
    if not wide:
        return blank("No number changes the cost of a dose.")
    rows: list[dict[str, object]] = [
        {"name": one.name.capitalize(), "start": number(middle), "end": number(end), "at": at}
        for one in wide
        for at, end in (("low value", one.at_low), ("high value", one.at_high))
    ]
    order = [one.name.capitalize() for one in wide]
    bars = (
        alt.Chart(inline(rows))
        .mark_bar(height=13)
        .encode(
            y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)),
            x=alt.X(
                "start:Q",
                title="Cost per dose (US$)",
                axis=_axis(),
                scale=alt.Scale(zero=False),
            ),
            x2="end:Q",
            color=alt.Color(
                "at:N",
                title=None,
                scale=alt.Scale(domain=["low value", "high value"], range=[_LOW, _HIGH]),
                legend=alt.Legend(orient="top", symbolType="square"),
            ),
        )
    )
    centre: list[dict[str, object]] = [{"middle": number(middle)}]
    rule = alt.Chart(inline(centre)).mark_rule(color=INK, opacity=0.8).encode(x="middle:Q")
    return styled(
        alt.layer(bars, rule).properties(width=width, height=alt.Step(20)),
        description=(
            f"Cost of a dose of {count_text(round(middle))} US dollars when each number alone is "
            f"low or high; widest: {wide[0].name}."
        ),
    )


def _axis() -> alt.Axis:
    return alt.Axis(labelExpr=_GROUPED, tickCount=6)
