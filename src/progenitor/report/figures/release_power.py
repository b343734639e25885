"""How sharp the release tests are: probability of passing over what a lot truly is."""

import math
from collections.abc import Mapping, Sequence

import altair as alt

from progenitor.report._numbers import number_text, percent, unit_text
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study import PowerCurve

__all__ = ["release_power"]

_COLUMNS = 3
_LABELS = tuple(f"datum.label === '' ? '' : format(datum.value, '{how}')" for how in ("~f", ".0~e"))
_FOOT = 2


def release_power(
    products: Mapping[str, Sequence[PowerCurve]], *, width: int = 272, height: int = 150
) -> Chart:
    """Draw a panel for each test of each product, with its limit and the lots' own range.

    Parameters
    ----------
    products
        Tests by title of the product.
    width, height
        Size of one panel in pixels.
    """
    rows: list[Chart] = []
    for index, (name, curves) in enumerate(products.items()):
        colour = ARM_COLOURS[index % len(ARM_COLOURS)]
        panels: list[Chart] = [
            _panel(curve, colour, height).properties(width=width, height=height) for curve in curves
        ]
        if panels:
            spacing = {"row": 24, "column": 32}
            rows.append(alt.concat(*panels, columns=_COLUMNS, spacing=spacing, title=name))
    if not rows:
        return blank("No release test has a limit, so there is no power to show.")
    return styled(
        alt.vconcat(*rows, spacing=28),
        description="Probability of passing each release test over the true quality of a lot: "
        + "; ".join(
            f"{name}, {curve.line.title}" for name, curves in products.items() for curve in curves
        ),
    )


def _panel(curve: PowerCurve, colour: str, height: int) -> Chart:
    line = curve.line
    factor, unit = percent(line.unit)
    rows: list[dict[str, object]] = [
        {"truth": number(factor * truth), "chance": number(chance)}
        for truth, chance in zip(curve.truth, curve.chance, strict=True)
    ]
    chance = alt.Chart(inline(rows)).mark_line(color=colour, strokeWidth=2.2, clip=True)
    limit = alt.Chart(inline([{"limit": number(factor * line.limit)}]))
    drawn: list[Chart] = [
        chance.encode(
            x=_truth(curve),
            y=alt.Y(
                "chance:Q",
                title="Probability of passing",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
            ),
        ),
        limit.mark_rule(color=INK, strokeDash=[4, 3], opacity=0.8).encode(x="limit:Q"),
    ]
    marks = [factor * value for value in curve.measured]
    if math.isfinite(marks[0]):
        drawn += _lots(marks, height - _FOOT)
    sign = "≥" if line.at_least else "≤"
    words = f"{line.title[:1].upper()}{line.title[1:]} {sign} {number_text(factor * line.limit)}"
    panel: Chart = alt.layer(*drawn).properties(
        title=alt.TitleParams(f"{words} {unit_text(unit)}", fontWeight="normal")
    )
    return panel


def _truth(curve: PowerCurve) -> alt.X:
    """Return the axis of what lots truly are, wide enough for what they measured."""
    line = curve.line
    factor, unit = percent(line.unit)
    known = [value for value in curve.measured if math.isfinite(value)]
    values = [factor * float(one) for one in (curve.truth[0], curve.truth[-1], *known)]
    scale = alt.Scale(
        type="linear" if line.cells else "log",
        domain=[min(values), max(values)],
        nice=False,
        zero=False,
    )
    lower = line.title[1:2].islower()
    title = f"{line.title[0].lower()}{line.title[1:]}" if lower else line.title
    return alt.X(
        "truth:Q",
        title=f"True {title} ({unit_text(unit)})",
        scale=scale,
        axis=alt.Axis(
            grid=False, tickCount=5, labelOverlap=True, labelExpr=_LABELS[line.unit == "cell"]
        ),
    )


def _lots(marks: Sequence[float], foot: int) -> list[Chart]:
    """Return what lots measured as a bar with a diamond at the foot."""
    row: dict[str, object] = {
        name: number(value) for name, value in zip(("p5", "p50", "p95"), marks, strict=True)
    }
    lots = alt.Chart(inline([row])).encode(y=alt.value(foot))
    return [
        lots.mark_rule(color=INK, strokeWidth=5, opacity=0.35).encode(x="p5:Q", x2="p95:Q"),
        lots.mark_point(color=INK, filled=True, size=45, opacity=1, shape="diamond").encode(
            x="p50:Q"
        ),
    ]
