"""CD45RA against CCR7, and CD95, of T cells in a cytometer: density, gates, and shares."""

from typing import Any

import altair as alt
import numpy as np
from jaxtyping import Float

from progenitor.assay import TscmGating
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, styled

__all__ = ["memory_gates", "memory_shares"]

_BINS = 64
_TICKS = (0.0, 1e2, 1e3, 1e4, 1e5)
_NAMES = {
    "naive": "naive", "tscm": "stem memory", "tcm": "central memory", "tem": "effector memory",
    "teff": "effector",
}  # fmt: skip


def memory_gates(found: TscmGating, *, width: int = 330, height: int = 300) -> Chart:
    """Draw how many T cells lie where, and the gates, on logicle scales.

    The left panel holds all T cells, the right one those that are CD45RA+CCR7+.

    Parameters
    ----------
    found
        A gated sample.
    width, height
        Of one panel in pixels.
    """
    if not len(found.shown):
        return blank("No T cells to show.")
    cuts = {name: found.splits[name][0].at for name in ("CD45RA", "CCR7", "CD95")}
    early = (found.shown[:, 0] > cuts["CD45RA"]) & (found.shown[:, 1] > cuts["CCR7"])
    panels = [
        _panel(found, found.shown, ("CD45RA", "CCR7"), "T cells", width, height),
        _panel(found, found.shown[early], ("CD95", "CCR7"), "CD45RA+CCR7+ T cells", width, height),
    ]
    words = ", ".join(f"{name} at {_intensity(found, name):,.0f}" for name in cuts)
    return styled(
        alt.hconcat(*panels, spacing=40),
        description=f"Density of T cells over CD45RA, CCR7 and CD95 with the gates: {words}.",
    )


def memory_shares(
    found: TscmGating, ends: dict[str, tuple[float, float]], *, width: int = 560, height: int = 150
) -> Chart:
    """Draw each phenotype's share with its interval, and the plain share within the gates.

    Parameters
    ----------
    found
        A gated sample.
    ends
        Interval of each share.
    width, height
        In pixels.
    """
    total = found.gated.sum()
    if not total:
        return blank("No T cells to count.")
    rows: list[dict[str, object]] = [
        {
            "name": _NAMES[name],
            "share": 100 * float(found.shares.mean[place]),
            "low": 100 * low,
            "high": 100 * high,
            "gated": 100 * float(found.gated[place] / total),
        }
        for place, (name, (low, high)) in enumerate(ends.items())
    ]
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y("name:N", sort=list(_NAMES.values()), title=None, axis=alt.Axis(domain=False))
    )
    axis = alt.Scale(domainMin=0.0, nice=True)
    chart = alt.layer(
        base.mark_rule(strokeWidth=3, color=ARM_COLOURS[0]).encode(
            x=alt.X("low:Q", title="Share of T cells (%)", scale=axis), x2="high:Q"
        ),
        base.mark_point(filled=True, size=70, color=ARM_COLOURS[0], opacity=1).encode(x="share:Q"),
        base.mark_tick(color=INK, thickness=2, size=16).encode(x="gated:Q"),
    ).properties(width=width, height=height)
    words = "; ".join(
        f"{r['name']} {r['share']:.1f} % ({r['low']:.1f} to {r['high']:.1f})" for r in rows
    )
    return styled(chart, description=f"Shares of T cells with intervals: {words}.")


def _panel(
    found: TscmGating,
    shown: Float[np.ndarray, "event marker"],
    markers: tuple[str, str],
    title: str,
    width: int,
    height: int,
) -> Chart:
    """One density with its gates."""
    columns = [("CD45RA", "CCR7", "CD95").index(marker) for marker in markers]
    ends = [np.percentile(found.shown[:, c], [0.1, 99.9]) for c in columns]
    edges = [np.linspace(low - 0.02, high + 0.02, _BINS + 1) for low, high in ends]
    counts, _, _ = np.histogram2d(shown[:, columns[0]], shown[:, columns[1]], bins=edges)
    rows: list[dict[str, object]] = [
        {"x": float(edges[0][i]), "x2": float(edges[0][i + 1]), "y": float(edges[1][j]),
         "y2": float(edges[1][j + 1]), "n": float(np.sqrt(counts[i, j]))}
        for i, j in zip(*np.nonzero(counts), strict=True)
    ]  # fmt: skip
    axes = [_axis(found, marker, edge) for marker, edge in zip(markers, edges, strict=True)]
    density = alt.Chart(inline(rows)).mark_rect(strokeWidth=0).encode(
        x=alt.X("x:Q", title=markers[0], **axes[0]),
        x2="x2:Q",
        y=alt.Y("y:Q", title=markers[1], **axes[1]),
        y2="y2:Q",
        color=alt.Color("n:Q", scale=alt.Scale(scheme="blues", domainMin=-1.0), legend=None),
    )  # fmt: skip
    gates: list[dict[str, object]] = [
        {"x": found.splits[markers[0]][0].at, "y": found.splits[markers[1]][0].at}
    ]
    line = alt.Chart(inline(gates)).mark_rule(color=ARM_COLOURS[1], strokeWidth=1.8)
    layers = [density, line.encode(x="x:Q")]
    if markers[0] == "CD45RA":
        layers.append(line.encode(y="y:Q"))
    made: Chart = alt.layer(*layers).properties(width=width, height=height, title=title)
    return made


def _axis(found: TscmGating, marker: str, edges: Float[np.ndarray, " edge"]) -> dict[str, Any]:
    """Ticks at round intensities, labelled by them."""
    logicle = found.splits[marker][1].logicle
    places = logicle.of(np.array(_TICKS))
    inside = [
        (float(place), tick)
        for place, tick in zip(places, _TICKS, strict=True)
        if edges[0] <= place <= edges[-1]
    ]
    labels = " : ".join(
        f"abs(datum.value - {place:.6f}) < 1e-4 ? '{tick:g}'" for place, tick in inside
    )
    return {
        "scale": alt.Scale(domain=[float(edges[0]), float(edges[-1])], nice=False, zero=False),
        "axis": alt.Axis(
            values=[place for place, _ in inside], labelExpr=f"{labels} : ''", grid=False
        ),
    }


def _intensity(found: TscmGating, marker: str) -> float:
    at, scale = found.splits[marker]
    return float(scale.logicle.inverse(np.array([at.at]))[0])
