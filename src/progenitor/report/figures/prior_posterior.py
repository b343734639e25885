"""What a fit made of its free numbers: prior and posterior intervals on the scale of the prior."""

from collections.abc import Sequence

import altair as alt

from progenitor.inference import FittedNumber
from progenitor.report._numbers import number_text
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled

__all__ = ["prior_posterior"]


def prior_posterior(numbers: Sequence[FittedNumber], *, width: int = 430) -> Chart:
    """Draw each free number over its prior median: 5 to 95 % before (wide) and after (narrow).

    Parameters
    ----------
    numbers
        Of a fit; those whose prior median is not above 0 are left out.
    width
        Width of the plotting area in pixels.
    """
    shown = [one for one in numbers if one.prior[0] > 0.0 and one.posterior[0] > 0.0]
    if not shown:
        return blank("No free number has a ratio to its prior.")
    table = [_row(one) for one in shown]
    base = alt.Chart(inline(table)).encode(
        y=alt.Y(
            "label:N",
            sort=[str(row["label"]) for row in table],
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=430, labelPadding=12),
        )
    )
    scale = alt.Scale(type="log", nice=False)
    axis = alt.Axis(format="~g", title="Over the median of the prior (logarithmic axis)")
    before = base.mark_rule(strokeWidth=9, color=INK, opacity=0.2).encode(
        x=alt.X("prior_low:Q", scale=scale, axis=axis), x2="prior_high:Q"
    )
    after = base.mark_rule(strokeWidth=3, color=ARM_COLOURS[0]).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
    )
    middle = base.mark_point(
        size=70, shape="diamond", filled=True, opacity=1, color=ARM_COLOURS[0], stroke=INK
    ).encode(x=alt.X("middle:Q", scale=scale, axis=axis))
    text = base.mark_text(align="left").encode(text="text:N", x=alt.value(width + 10))
    equal = (
        alt.Chart(inline([{"one": 1.0}]))
        .mark_rule(color=INK, strokeDash=[4, 3], opacity=0.75)
        .encode(x=alt.X("one:Q", scale=scale, axis=axis))
    )
    chart = alt.layer(before, equal, after, middle, text).properties(
        width=width, height=alt.Step(24)
    )
    words = "; ".join(f"{row['label']}: {row['text']}" for row in table)
    return styled(chart, description=f"Posterior medians of free numbers. {words}.")


def _row(one: FittedNumber) -> dict[str, object]:
    centre, record = one.prior[1], one.number.record
    title = record.title if len(record.title) < 62 else f"{record.title[:61]}…"
    return {
        "label": title,
        "prior_low": number(one.prior[0] / centre),
        "prior_high": number(one.prior[2] / centre),
        "low": number(one.posterior[0] / centre),
        "middle": number(one.posterior[1] / centre),
        "high": number(one.posterior[2] / centre),
        "text": f"{number_text(one.posterior[1])} {record.unit}",
    }
