"""One composed picture of a run, for a README or a slide."""

from pathlib import Path

import altair as alt

from progenitor.report._draw import png
from progenitor.report._select import cells_band, lower_limit
from progenitor.report.figures import kinetics, survival, waterfall
from progenitor.report.figures._style import Chart, bare, styled
from progenitor.study.results import RunResult

__all__ = ["compose_picture", "write_picture"]

_LARGEST = 250_000
_SCALES = (2.0, 1.75, 1.5, 1.25, 1.0)


def write_picture(result: RunResult, path: Path) -> Path:
    """Write kinetics over published values, survival and response as one PNG of at most 250 kB.

    Parameters
    ----------
    result
        A finished run.
    path
        Where to write; an existing file is replaced.
    """
    chart = compose_picture(result)
    for scale in _SCALES:
        image = png(chart, ink="#1d2733", background="#ffffff", scale=scale)
        if len(image) <= _LARGEST:
            break
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(image)
    return path


def compose_picture(result: RunResult) -> Chart:
    """Return the composed chart that :func:`write_picture` draws."""
    top = kinetics(
        result.arms,
        result.comparisons,
        band=cells_band(result.arms),
        lower_limit=lower_limit(result.ledger),
        width=1120,
        height=250,
    )
    left = survival(result.arms, "infused", width=400, height=210)
    right = waterfall(result.arms, width=640, height=210)
    below = alt.hconcat(bare(left), bare(right), spacing=40).resolve_scale(color="independent")
    chart = styled(
        alt.vconcat(bare(top), below, spacing=30).resolve_scale(
            color="independent", shape="independent", fill="independent"
        ),
        description=f"{result.title}: kinetics over published values, survival and response.",
    )
    chart.padding = 16
    return chart
