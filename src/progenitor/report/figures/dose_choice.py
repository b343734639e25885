"""Which dose trials choose: on mechanistic patients, as planned on paper, ignoring manufacture."""

from typing import Final

import altair as alt

from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study.results import DoseFindingResult, Estimate

__all__ = ["dose_choice"]

_NONE: Final = "none"


def dose_choice(found: DoseFindingResult, *, width: int = 640, height: int = 230) -> Chart:
    """Draw the share of trials that choose each dose, ± twice the Monte Carlo error.

    A diamond marks the share of parameter draws in which the dose is the right one.

    Parameters
    ----------
    found
        A dose-finding trial.
    width, height
        Size of the plotting area in pixels.
    """
    if not found.levels:
        return blank("No dose level belongs to the trial.")
    ways = _ways(found)
    labels = [level.label for level in found.levels]
    rows: list[dict[str, object]] = []
    for way, shares in ways.items():
        for label, share in zip([_NONE, *labels], shares, strict=True):
            rows.append(
                {
                    "dose": label,
                    "way": way,
                    "share": number(share.value),
                    "low": number(max(0.0, share.value - 2 * share.mcse)),
                    "high": number(min(1.0, share.value + 2 * share.mcse)),
                }
            )
    true = [number(1.0 - sum(level.best_feasible for level in found.levels))]
    true += [number(level.best_feasible) for level in found.levels]
    marks: list[dict[str, object]] = [
        {"dose": label, "true": share} for label, share in zip([_NONE, *labels], true, strict=True)
    ]
    words = "; ".join(
        f"{way}: " + ", ".join(f"{share.value:.0%}" for share in shares)
        for way, shares in ways.items()
    )
    return styled(
        _bars(rows, marks, [_NONE, *labels], list(ways)).properties(width=width, height=height),
        description=f"Share of trials choosing no dose, then each dose from the lowest. {words}.",
    )


def _ways(found: DoseFindingResult) -> dict[str, list[Estimate]]:
    """Return the choices of each way of conducting the trial: no dose, then every dose."""
    ways = {
        f"Mechanistic patients ({found.policy.replace('_', ' ')})": [
            found.none,
            *(level.selected for level in found.levels),
        ],
        "Planned on fixed probabilities": [
            found.fixed_none,
            *(level.fixed for level in found.levels),
        ],
    }
    for choice in found.policies:
        if choice.policy == "ignore" and found.policy != "ignore":
            ways["Mechanistic patients, manufacturing ignored"] = [choice.none, *choice.selected]
    return ways


def _bars(
    rows: list[dict[str, object]],
    marks: list[dict[str, object]],
    doses: list[str],
    ways: list[str],
) -> Chart:
    top = max(float(str(row["high"])) for row in rows)
    top = min(1.0, max([top, *(float(str(mark["true"])) for mark in marks)]) + 0.05)
    scale = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(format="%", tickCount=6)
    x = alt.X("dose:N", sort=doses, title="Dose chosen (CAR⁺ cells)", axis=alt.Axis(labelAngle=0))
    offset = alt.XOffset("way:N", sort=ways)
    base = alt.Chart(inline(rows)).encode(x=x, xOffset=offset)
    colour = alt.Color(
        "way:N",
        title=None,
        sort=ways,
        scale=alt.Scale(
            domain=ways, range=[ARM_COLOURS[0], "#a9b0b7", ARM_COLOURS[1]][: len(ways)]
        ),
        legend=alt.Legend(orient="top", columns=1, symbolType="square"),
    )
    bars = base.mark_bar().encode(
        y=alt.Y("share:Q", title="Share of trials", scale=scale, axis=axis), color=colour
    )
    error = base.mark_rule(color=INK, strokeWidth=1.3, opacity=0.8).encode(
        y=alt.Y("low:Q", scale=scale), y2="high:Q"
    )
    right = (
        alt.Chart(inline(marks))
        .mark_point(shape="diamond", size=120, color=INK, filled=False, strokeWidth=1.8, opacity=1)
        .encode(x=x, y=alt.Y("true:Q", scale=scale, title="Share of trials"))
    )
    return alt.layer(bars, error, right)
