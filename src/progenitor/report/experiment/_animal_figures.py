"""The figures of a planned mouse study: growth curves, survival, effects, power."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import altair as alt
import numpy as np

from progenitor.report.experiment._legend import arm_legend
from progenitor.report.figures._palette import INK
from progenitor.report.figures._ribbons import time_axis
from progenitor.report.figures._style import Chart, decades, inline, number, power_label, styled
from progenitor.report.figures._survival_panel import SurvivalAxes, survival_panel
from progenitor.report.figures.paired import paired_forest
from progenitor.study.experiment.animal_results import AnimalExample, AnimalTrialOutcome, OtherSize

__all__ = ["animal_effects", "animal_growth", "animal_power", "animal_survival"]

_COLUMNS = 3
_LABEL = power_label("round(log(datum.value) / LN10)")
_DAYS = 7


def animal_growth(
    found: AnimalTrialOutcome, labels: Mapping[str, str], colours: Mapping[str, str]
) -> Chart:
    """Draw the measured volume of every mouse by day, one panel each arm, with the humane limit.

    Parameters
    ----------
    found
        The planned study.
    labels, colours
        Arm → title, arm → colour.
    """
    example = found.example
    known = example.volume[np.isfinite(example.volume)]
    ticks, limits = decades(float(known.min()), float(max(known.max(), found.limit)))
    scale = alt.Scale(type="log", domain=list(limits), nice=False, clamp=True)
    axis = alt.Axis(values=ticks, labelExpr=_LABEL, grid=True)
    y = alt.Y("volume:Q", title="Measured volume (mm³)", scale=scale, axis=axis)
    x = time_axis(float(example.days[-1]), "Day")
    panels = []
    for name, label in labels.items():
        mice = [mouse for mouse, arm in enumerate(example.arm) if arm == name]
        base = alt.Chart(inline(_course_rows(example, mice))).encode(x=x, y=y)
        lines = base.mark_line(
            color=colours[name], strokeWidth=1.2, opacity=0.65, clip=True
        ).encode(detail="mouse:N")
        ends = base.mark_point(
            shape="cross", filled=True, size=55, color=colours[name], opacity=1
        ).transform_filter("datum.removed")
        limit = (
            alt.Chart(inline([{"volume": found.limit}]))
            .mark_rule(strokeDash=[5, 3], color=INK, opacity=0.8)
            .encode(y=y)
        )
        panels.append(alt.layer(limit, lines, ends, title=label).properties(width=255, height=190))
    removed = int(example.event.sum())
    return styled(
        alt.concat(*panels, columns=_COLUMNS, spacing={"row": 22, "column": 26}),
        description=f"Measured volume of {len(example.arm)} mice over days by arm; {removed} were "
        f"removed at {found.limit:g} mm³.",
    )


def animal_survival(
    found: AnimalTrialOutcome, labels: Mapping[str, str], colours: Mapping[str, str]
) -> Chart:
    """Draw the share of mice that have not met the humane endpoint, by arm.

    Parameters
    ----------
    found
        The planned study.
    labels, colours
        Arm → title, arm → colour.
    """
    example = found.example
    arm = np.array(example.arm)
    followed = {
        label: (example.time[arm == name], example.event[arm == name])
        for name, label in labels.items()
    }
    last = float(example.days[-1])
    ticks = list(range(0, int(last) + 1, _DAYS))
    axes = SurvivalAxes("Humane endpoint", "Days", "Mice without it", 1.0, ticks, legend=False)
    shades = {label: colours[name] for name, label in labels.items()}
    panel = survival_panel(followed, shades, axes, width=620, height=250)
    return styled(
        alt.vconcat(arm_legend(labels, colours), panel, spacing=14).resolve_scale(
            color="independent"
        ),
        description="Kaplan–Meier curves of mice without the humane endpoint in one study.",
    )


def animal_effects(found: AnimalTrialOutcome, labels: Mapping[str, str]) -> Chart:
    """Draw growth rates against control and hazard ratios of one study.

    Parameters
    ----------
    found
        The planned study.
    labels
        Arm → title.
    """
    pairs = {
        f"{kind} {name}": replace(one, label=labels[name])
        for kind, each in (("growth", found.example.effects), ("hazard", found.example.hazards))
        for name, one in each.items()
    }
    return paired_forest(pairs)


def animal_power(
    found: AnimalTrialOutcome, labels: Mapping[str, str], colours: Mapping[str, str]
) -> Chart:
    """Draw power by the number of donors, a line for each arm, a panel for mice of a donor.

    Dashed lines are what an analysis of mice as independent units would claim.

    Parameters
    ----------
    found
        The planned study.
    labels, colours
        Arm → title, arm → colour.
    """
    panels = []
    for mice in dict.fromkeys(size.per_donor for size in found.sizes):
        sizes = [size for size in found.sizes if size.per_donor == mice]
        panels.append(_power_panel(sizes, list(found.arms), colours).properties(width=255))
    words = "; ".join(
        f"{size.donors} donors × {size.per_donor} mice: "
        + ", ".join(f"{labels[name]} {100 * one.value:.0f} %" for name, one in size.batches.items())
        for size in found.sizes
    )
    shown = {name: label for name, label in labels.items() if name in found.arms}
    legend = arm_legend(shown, {name: colours[name] for name in shown})
    body = alt.concat(*panels, columns=_COLUMNS, spacing={"row": 22, "column": 26})
    return styled(
        alt.vconcat(legend, body, spacing=14).resolve_scale(color="independent"),
        description=f"Power by number of donors. {words}.",
    )


def _course_rows(example: AnimalExample, mice: Sequence[int]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for mouse in mice:
        seen = np.flatnonzero(np.isfinite(example.volume[mouse]))
        for place in seen:
            last = bool(place == seen[-1] and example.event[mouse] == 1.0)
            value = number(example.volume[mouse, place])
            day = number(example.days[place])
            rows.append({"mouse": mouse, "day": day, "volume": value, "removed": last})
    return rows


def _power_panel(
    sizes: Sequence[OtherSize], arms: Sequence[str], colours: Mapping[str, str]
) -> Chart:
    rows: list[dict[str, object]] = []
    for size in sizes:
        for name in arms:
            for who, each in (("batches", size.batches), ("mice", size.mice)):
                share = number(100.0 * each[name].value)
                rows.append({"donors": size.donors, "arm": name, "who": who, "power": share})
    donors = [size.donors for size in sizes]
    x = alt.X(
        "donors:Q",
        title="Donors in each arm",
        scale=alt.Scale(domain=[min(donors) - 0.3, max(donors) + 0.3], nice=False),
        axis=alt.Axis(values=donors, grid=False, format="d"),
    )
    y = alt.Y("power:Q", title="Power (%)", scale=alt.Scale(domain=[0, 100]))
    scale = alt.Scale(domain=list(arms), range=[colours[name] for name in arms])
    base = alt.Chart(inline(rows)).encode(
        x=x,
        y=y,
        color=alt.Color("arm:N", legend=None, scale=scale),
        strokeDash=alt.StrokeDash(
            "who:N",
            legend=None,
            scale=alt.Scale(domain=["batches", "mice"], range=[[1, 0], [4, 4]]),
        ),
        opacity=alt.Opacity(
            "who:N", legend=None, scale=alt.Scale(domain=["batches", "mice"], range=[1.0, 0.55])
        ),
    )
    lines = base.mark_line(strokeWidth=2.2)
    points = base.mark_point(filled=True, size=45).transform_filter("datum.who == 'batches'")
    title = f"{sizes[0].per_donor} mice of each donor"
    return alt.layer(lines, points, title=title).properties(height=190)
