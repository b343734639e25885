"""What is true of each dose level: toxicity, response, and who can get it."""

from typing import Final

import altair as alt

from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study.results import DoseFindingResult

__all__ = ["dose_truth"]

_PANELS: Final = (
    ("toxicity", "Dose-limiting toxicity", ARM_COLOURS[1]),
    ("response", "Objective response", ARM_COLOURS[2]),
    ("feasibility", "Gets the assigned dose", ARM_COLOURS[0]),
)


def dose_truth(found: DoseFindingResult, *, width: int = 215, height: int = 210) -> Chart:
    """Draw shares of infused patients by assigned dose, with 90 % intervals over draws.

    Parameters
    ----------
    found
        A dose-finding trial; its target and its least feasible share are dashed lines.
    width, height
        Size of each panel in pixels.
    """
    if not found.levels:
        return blank("No dose level belongs to the trial.")
    limits = {"toxicity": found.target, "feasibility": found.least_feasible}
    panels = [
        _panel(found, key, colour, limits.get(key)).properties(
            title=title, width=width, height=height
        )
        for key, title, colour in _PANELS
    ]
    words = "; ".join(
        f"{level.label}: toxicity {level.toxicity.value:.0%}, response {level.response.value:.0%}, "
        f"gets the dose {level.feasibility.value:.0%}"
        for level in found.levels
    )
    return styled(
        alt.hconcat(*panels, spacing=24),
        description=f"True toxicity, response and feasibility by dose. {words}.",
    )


def _panel(found: DoseFindingResult, key: str, colour: str, limit: float | None) -> Chart:
    rows: list[dict[str, object]] = []
    for level in found.levels:
        share = getattr(level, key)
        rows.append(
            {
                "dose": level.label,
                "value": number(share.value),
                "low": number(share.low),
                "high": number(share.high),
            }
        )
    order = [level.label for level in found.levels]
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    scale = alt.Scale(domain=[0, 1], nice=False)
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("dose:N", sort=order, title="Assigned dose (CAR⁺ cells)", axis=_ANGLED)
    )
    span = base.mark_rule(strokeWidth=2, color=colour, opacity=0.55).encode(
        y=alt.Y("low:Q", title=None, scale=scale, axis=axis), y2="high:Q"
    )
    y = alt.Y("value:Q", title=None, scale=scale, axis=axis)
    line = base.mark_line(color=colour, strokeWidth=2).encode(y=y)
    point = base.mark_point(color=colour, filled=True, size=70, opacity=1).encode(y=y)
    layers = [span, line, point]
    if limit is not None:
        rule = alt.Chart(inline([{"limit": limit}])).mark_rule(strokeDash=[5, 4], color=INK)
        layers.append(rule.encode(y=alt.Y("limit:Q", title=None, scale=scale, axis=axis)))
    return alt.layer(*layers)


_ANGLED: Final = alt.Axis(labelAngle=-40, grid=False)
