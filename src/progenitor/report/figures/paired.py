"""Forest plot of the differences between arms on the same virtual patients."""

import math
from collections.abc import Mapping

import altair as alt

from progenitor.report._numbers import estimate_text, shown, unit_text
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, power_label, styled
from progenitor.study.results import Estimate

__all__ = ["paired_forest"]

_DECADES = 4
_LABEL = power_label("round(log(datum.value) / LN10)")
_RATIO_UNITS = frozenset({"ratio", "fold", "fold change"})


def paired_forest(paired: Mapping[str, Estimate], *, width: int = 430, lines: int = 1) -> Chart:
    """Draw each paired difference with its 90 % interval; the line of no difference is dashed.

    Endpoints in the same unit share an axis; ratios have a logarithmic axis and meet at 1.

    Parameters
    ----------
    paired
        Differences by endpoint, as :class:`~progenitor.study.results.RunResult` holds them.
    width
        Width of the plotting area in pixels.
    lines
        Lines of the longest label; a line ends at a newline.

    Examples
    --------
    >>> chart = paired_forest({"orr": Estimate(5.0, -2.0, 12.0, "%", "ORR", 500)})
    >>> chart.to_dict()["description"]
    'Forest plot of paired differences with 90 % intervals. ORR: 5.0 % (−2.0 to 12.0).'
    """
    groups: dict[str, list[Estimate]] = {}
    for estimate in map(shown, paired.values()):
        if math.isfinite(estimate.value):
            groups.setdefault(estimate.unit, []).append(estimate)
    if not groups:
        return blank("No endpoint could be compared between the arms on the same patients.")
    panels = [_panel(unit, estimates, width, lines) for unit, estimates in groups.items()]
    words = "; ".join(
        f"{estimate.label}: {estimate_text(estimate)}".replace("\n", ", ")
        for estimates in groups.values()
        for estimate in estimates
    )
    return styled(
        alt.vconcat(*panels, spacing=22),
        description=f"Forest plot of paired differences with 90 % intervals. {words}.",
    )


def _panel(unit: str, estimates: list[Estimate], width: int, lines: int) -> Chart:
    ratio = unit in _RATIO_UNITS and all(estimate.value > 0 for estimate in estimates)
    neutral = 1.0 if ratio else 0.0
    rows: list[dict[str, object]] = [
        {
            "label": estimate.label,
            "value": number(estimate.value),
            "low": number(estimate.low),
            "high": number(estimate.high),
            "text": estimate_text(estimate),
        }
        for estimate in estimates
    ]
    order = [estimate.label for estimate in estimates]
    scale = _log_scale(estimates) if ratio else alt.Scale(zero=True, nice=True, padding=12)
    ticks = _ratio_ticks(scale) if ratio else alt.Undefined
    plain = "toString(datum.value)" if ratio else alt.Undefined
    words = _LABEL if ratio and len(_powers(scale)) > _DECADES else plain
    axis = alt.Axis(
        title=_axis_title(unit, ratio=ratio),
        values=ticks,
        grid=True,
        tickCount=6,
        labelExpr=words,
    )
    labels = alt.Axis(
        domain=False, ticks=False, labelExpr=r"split(datum.label, '\n')", labelLimit=420
    )
    y = alt.Y("label:N", sort=order, title=None, axis=labels)
    base = alt.Chart().encode(y=y)
    span = base.mark_rule(strokeWidth=2.2, color=ARM_COLOURS[0]).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
    )
    point = base.mark_point(
        shape="diamond", size=110, filled=True, color=ARM_COLOURS[0], opacity=1
    ).encode(x=alt.X("value:Q", scale=scale, axis=axis))
    text = base.mark_text(align="left").encode(text="text:N", x=alt.value(width + 14))
    line = (
        alt.Chart(inline([{"neutral": neutral}]))
        .mark_rule(strokeDash=[4, 3], color=INK, opacity=0.75)
        .encode(x=alt.X("neutral:Q", scale=scale, axis=axis))
    )
    return alt.layer(line, span, point, text, data=inline(rows)).properties(
        width=width, height=alt.Step(12 + 15 * lines)
    )


def _log_scale(estimates: list[Estimate]) -> alt.Scale:
    ends = [
        end
        for one in estimates
        for end in (one.value, one.low, one.high)
        if math.isfinite(end) and end > 0
    ]
    return alt.Scale(
        type="log", domain=[min(0.5, *ends) / 1.15, max(2.0, *ends) * 1.15], nice=False
    )


def _ratio_ticks(scale: alt.Scale) -> list[float]:
    """Return 1, 2 and 5 of each decade, or decades alone where there are many."""
    powers = _powers(scale)
    steps = (1, 2, 5) if len(powers) <= _DECADES else (1,)
    if len(powers) > 2 * _DECADES:
        powers = powers[:: math.ceil(len(powers) / (2 * _DECADES))]
    return [float(f"{step}e{power}") for power in powers for step in steps]


def _powers(scale: alt.Scale) -> range:
    low, high = scale.domain
    return range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)


def _axis_title(unit: str, *, ratio: bool) -> str:
    if ratio:
        return "Ratio (logarithmic axis)"
    shown = "percentage points" if unit == "%" else unit_text(unit)
    return f"Difference ({shown})" if shown else "Difference"
