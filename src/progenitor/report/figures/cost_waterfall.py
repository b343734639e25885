"""What a released dose costs, line upon line, and what failed lots add."""

from collections.abc import Mapping

import altair as alt

from progenitor.report._numbers import count_text
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled

__all__ = ["cost_waterfall"]

_GROUPED = "replace(format(datum.value, ',.0f'), regexp(',', 'g'), '\u202f')"
_TOTAL = "Released dose"
_FAILED = "failed lots"


def cost_waterfall(products: Mapping[str, Mapping[str, float]], *, width: int = 520) -> Chart:
    """Draw the cost lines of each product one upon the other, up to the cost of a dose.

    Parameters
    ----------
    products
        Mean cost by line and title of the product, US dollars per released dose.
    width
        Width of the plotting area in pixels.
    """
    shown = {name: lines for name, lines in products.items() if lines}
    if not shown:
        return blank("No lot was released, so no dose has a cost.")
    highest = max(sum(lines.values()) for lines in shown.values())
    panels = [
        _panel(lines, ARM_COLOURS[index % len(ARM_COLOURS)], highest).properties(
            width=width, height=alt.Step(19), title=name
        )
        for index, (name, lines) in enumerate(shown.items())
    ]
    return styled(
        alt.vconcat(*panels, spacing=22),
        description="Cost of a released dose in US dollars, line by line: "
        + "; ".join(
            f"{name}, {count_text(round(sum(lines.values())))}" for name, lines in shown.items()
        ),
    )


def _panel(lines: Mapping[str, float], colour: str, highest: float) -> Chart:
    rows: list[dict[str, object]] = []
    start = 0.0
    for line, amount in lines.items():
        if abs(amount) < 0.5 and line != _FAILED:
            continue
        rows.append(_row(line.replace("_", " ").capitalize(), start, start + amount, amount))
        start += amount
    rows.append(_row(_TOTAL, 0.0, start, start))
    order = [str(row["line"]) for row in rows]
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y("line:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)),
        x=alt.X(
            "start:Q",
            title="US$ per released dose",
            axis=alt.Axis(labelExpr=_GROUPED, tickCount=6),
            scale=alt.Scale(domain=[0, highest * 1.14], nice=False),
        ),
    )
    bars = base.mark_bar(height=13).encode(
        x2="end:Q",
        color=alt.condition(f"datum.line == '{_TOTAL}'", alt.value(INK), alt.value(colour)),
        opacity=alt.condition(f"datum.line == '{_TOTAL}'", alt.value(0.75), alt.value(1)),
    )
    text = base.mark_text(align="left", dx=5, fontSize=11).encode(x="right:Q", text="text:N")
    chart: Chart = alt.layer(bars, text)
    return chart


def _row(line: str, start: float, end: float, amount: float) -> dict[str, object]:
    return {
        "line": line,
        "start": number(start),
        "end": number(end),
        "right": number(max(start, end)),
        "amount": number(amount),
        "text": count_text(round(amount)),
    }
