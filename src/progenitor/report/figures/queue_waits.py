"""Days waited in a facility against the order in which patients came."""

from collections.abc import Mapping

import altair as alt

from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.study.results import ArmResult

__all__ = ["queue_waits"]


def queue_waits(
    arms: Mapping[str, ArmResult], *, width: int = 205, height: int = 190, columns: int = 3
) -> Chart:
    """Draw the median and the 5th to 95th percentile of waits, a panel for each arm that queues.

    Parameters
    ----------
    arms
        Arms of a study.
    width, height, columns
        Size of each panel in pixels, and panels beside each other.
    """
    colours, labels = arm_colours(arms), arm_labels(arms)
    queued = {name: arm.queue for name, arm in arms.items() if arm.queue is not None}
    if not queued:
        return blank("No lots queue in a facility.")
    top = max(stratum.wait[2] for queue in queued.values() for stratum in queue.strata)
    y_scale = alt.Scale(domain=[0, max(top, 1.0)], nice=True)
    panels, words = [], []
    for name, queue in queued.items():
        rows: list[dict[str, object]] = [
            {
                "patient": (stratum.first + stratum.last) / 2,
                "low": number(stratum.wait[0]),
                "median": number(stratum.wait[1]),
                "high": number(stratum.wait[2]),
            }
            for stratum in queue.strata
        ]
        x = alt.X(
            "patient:Q",
            title="Patient of the stream",
            scale=alt.Scale(domain=[0, queue.patients], nice=False),
        )
        base = alt.Chart(inline(rows)).encode(x=x)
        y = alt.Y("low:Q", title="Days waited", scale=y_scale)
        band = base.mark_area(color=colours[name], opacity=0.2).encode(y=y, y2="high:Q")
        middle = alt.Y("median:Q", title="Days waited", scale=y_scale)
        line = base.mark_line(color=colours[name], strokeWidth=2.4).encode(y=middle)
        point = base.mark_point(color=colours[name], filled=True, size=50, opacity=1).encode(
            y=middle
        )
        panels.append(
            alt.layer(band, line, point).properties(width=width, height=height, title=labels[name])
        )
        first, last = queue.strata[0].wait[1], queue.strata[-1].wait[1]
        words.append(f"{labels[name]}: median {first:.0f} days at first, {last:.0f} at the end")
    return styled(
        alt.concat(*panels, columns=columns, spacing=28),
        description=f"Wait by order of arrival. {'; '.join(words)}.",
    )
