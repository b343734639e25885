"""Every readout by arm as dots with intervals, one small panel each."""

from collections.abc import Mapping

import altair as alt
import numpy as np

from progenitor.report._numbers import shown, unit_text
from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.report.figures._style import Chart, blank, inline, number, power_label, styled
from progenitor.study.experiment.results import ArmOutcome
from progenitor.study.results import Estimate

__all__ = ["readout_dots"]

_COLUMNS = 2
_WIDE = 30.0
_DEEPEST = 1e-6
_LABEL = power_label("round(log(datum.value) / LN10)")


def readout_dots(
    arms: Mapping[str, ArmOutcome], titles: Mapping[str, str], *, width: int = 255
) -> Chart:
    """Draw each readout in every arm with its 90 % interval over draws.

    An axis that spans more than a factor of thirty is logarithmic; what is zero, or too small for
    it, is drawn at its left end.

    Parameters
    ----------
    arms
        Arms by name.
    titles
        Readout → title.
    width
        Width of a plotting area in pixels.
    """
    labels, colours = arm_labels(arms), arm_colours(arms)
    panels = []
    for key, title in titles.items():
        counted = any(arm.readouts[key].unit == "1" for arm in arms.values())
        found = {name: shown(arm.readouts[key]) for name, arm in arms.items()}
        found = {name: one for name, one in found.items() if number(one.value) is not None}
        if found:
            panels.append(_panel(title, found, labels, colours, width, counted=counted))
    if not panels:
        return blank("No readout of this experiment has a value.")
    return styled(
        alt.concat(*panels, columns=_COLUMNS, spacing={"row": 22, "column": 30}),
        description="Readouts by arm with 90 % intervals: " + "; ".join(titles.values()) + ".",
    )


def _panel(
    title: str,
    found: Mapping[str, Estimate],
    labels: Mapping[str, str],
    colours: Mapping[str, str],
    width: int,
    *,
    counted: bool,
) -> Chart:
    first = next(iter(found.values()))
    unit = unit_text(first.unit)
    scale, axis, foot = _scale(list(found.values()), unit, counted=counted)
    rows: list[dict[str, object]] = [
        {
            "arm": labels[name],
            "value": number(max(one.value, foot) if foot else one.value),
            "low": number(max(one.low, foot) if foot else one.low),
            "high": number(max(one.high, foot) if foot else one.high),
        }
        for name, one in found.items()
    ]
    order = [labels[name] for name in found]
    shade = alt.Color(
        "arm:N",
        legend=None,
        scale=alt.Scale(domain=order, range=[colours[name] for name in found]),
    )
    y = alt.Y(
        "arm:N",
        sort=order,
        title=None,
        axis=alt.Axis(domain=False, ticks=False, grid=False, labelLimit=225, labelPadding=10),
    )
    base = alt.Chart(inline(rows)).encode(y=y, color=shade)
    bars = base.transform_filter("isValid(datum.low) && isValid(datum.high)").mark_rule(
        strokeWidth=3, opacity=0.55
    )
    bars = bars.encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    dots = base.mark_point(filled=True, size=75, opacity=1).encode(
        x=alt.X("value:Q", scale=scale, axis=axis)
    )
    heading = alt.TitleParams(title, fontSize=12.5, limit=430)
    return alt.layer(bars, dots, title=heading).properties(width=width, height=alt.Step(20))


def _scale(found: list[Estimate], unit: str, *, counted: bool) -> tuple[alt.Scale, alt.Axis, float]:
    """Return the scale, its axis, and what is drawn at the left end (0 where nothing is)."""
    ends = np.array([end for one in found for end in (one.value, one.low, one.high)])
    ends = ends[np.isfinite(ends)]
    above = ends[ends > 0.0]
    title = unit or None
    wide = above.size > 0 and not (ends < 0.0).any() and above.max() / above.min() > _WIDE
    if (unit == "%" and counted) or not wide:
        return (
            alt.Scale(zero=True, nice=True, padding=8),
            alt.Axis(title=title, grid=True, tickCount=5),
            0.0,
        )
    low = max(float(above.min()), float(above.max()) * _DEEPEST) / 1.6
    high = float(above.max()) * 1.6
    powers = range(int(np.ceil(np.log10(low))), int(np.floor(np.log10(high))) + 1)
    ticks = [float(f"1e{power}") for power in powers]
    step = max(1, len(ticks) // 5)
    axis = alt.Axis(title=title, grid=True, values=ticks[::step], labelExpr=_LABEL)
    return alt.Scale(type="log", domain=[low, high], nice=False, clamp=True), axis, low
