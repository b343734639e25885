"""A network on the map: centres, plants kept and left, and who is served from where."""

import math
from typing import Any, Final

import altair as alt
import numpy as np

from progenitor.manufacture import Centre, NetworkDesign, Plant
from progenitor.report.figures._palette import INK
from progenitor.report.figures._style import Chart, blank, inline, number, styled

__all__ = ["network_map"]

_KINDS = ("centre", "plant kept", "plant not kept")
_COLOURS = ("#0072b2", "#d55e00", "#a9b0b7")
_SHAPES = ("circle", "square", "square")
_SIDES: Final = (("", 17), ("!", -14))
"""Words of centres stand below them, those of plants above."""

_HALO: Final[dict[str, Any]] = {
    "color": "white",
    "stroke": "white",
    "strokeWidth": 3,
    "opacity": 0.8,
}
"""What stands under words, so that lines and marks do not run through them."""


def network_map(design: NetworkDesign, *, width: int = 720, height: int = 380) -> Chart:
    """Draw each centre and plant, joined by lines as wide as the therapies that travel.

    A plant that is kept is labelled with the therapies that it makes.

    Places without latitude and longitude are put in two rows, plants above centres.

    Parameters
    ----------
    design
        From :func:`~progenitor.manufacture.design_network`.
    width, height
        Size of the plotting area in pixels.
    """
    if not len(design.plant):
        return blank("No therapy was ordered.")
    places, mapped = _places(design)
    links = _links(design, places)
    x, y = _axes(mapped=mapped)
    lines = (
        alt.Chart(inline(links))
        .mark_rule(color=INK, opacity=0.45)
        .encode(
            x=x,
            y=y,
            x2="x2:Q",
            y2="y2:Q",
            strokeWidth=alt.StrokeWidth(
                "therapies:Q",
                title="Therapies",
                scale=alt.Scale(range=[1, 7], domainMin=0),
                legend=alt.Legend(orient="bottom", tickCount=3),
            ),
        )
    )
    points = alt.Chart(inline(list(places.values()))).encode(x=x, y=y)
    marks = points.mark_point(filled=True, size=130, opacity=1).encode(
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=list(_KINDS), range=list(_COLOURS)),
            legend=alt.Legend(orient="top"),
        ),
        shape=alt.Shape(
            "kind:N", title=None, scale=alt.Scale(domain=list(_KINDS), range=list(_SHAPES))
        ),
    )
    halos, words = (
        [
            points.transform_filter(f"{sign}(datum.kind == 'centre')")
            .mark_text(dy=dy, fontSize=11, **look)
            .encode(text="words:N")
            for sign, dy in _SIDES
        ]
        for look in (_HALO, {"color": INK})
    )
    return styled(
        alt.layer(lines, *halos, marks, *words).properties(width=width, height=height),
        description=(
            f"{design.network.name}: {design.kept.sum()} of {len(design.kept)} plants serve "
            f"{len(design.plant)} therapies at {design.cost_per_therapy:,.0f} US dollars each."
        ),
    )


def _axes(*, mapped: bool) -> tuple[alt.X, alt.Y]:
    degrees = alt.Axis(grid=True, tickCount=6)
    return (
        alt.X(
            "x:Q",
            title="Longitude (°)" if mapped else None,
            scale=alt.Scale(zero=False, nice=True, padding=30),
            axis=degrees if mapped else None,
        ),
        alt.Y(
            "y:Q",
            title="Latitude (°)" if mapped else None,
            scale=alt.Scale(zero=False, nice=True, padding=30),
            axis=degrees if mapped else None,
        ),
    )


def _places(design: NetworkDesign) -> tuple[dict[str, dict[str, object]], bool]:
    network = design.network
    every: list[Centre | Plant] = [*network.centres, *network.plants]
    mapped = all(math.isfinite(one.latitude + one.longitude) for one in every)
    places: dict[str, dict[str, object]] = {}
    groups: list[tuple[tuple[Centre | Plant, ...], float]] = [
        (network.centres, 0.0),
        (network.plants, 1.0),
    ]
    for group, row in groups:
        for index, one in enumerate(group):
            kind = _KINDS[0]
            if row:
                kind = _KINDS[1] if design.kept[index] else _KINDS[2]
            across = (index + 0.5) / len(group)
            places[f"{row:g} {one.name}"] = {
                "words": _words(design, one.name, index) if row else one.name,
                "kind": kind,
                "x": number(one.longitude if mapped else across),
                "y": number(one.latitude if mapped else row),
            }
    return places, mapped


def _words(design: NetworkDesign, name: str, plant: int) -> str:
    """Name of a plant, and how many it serves if it is kept."""
    served = int((design.plant == plant).sum())
    return f"{name}: {served:,}" if design.kept[plant] else name


def _links(design: NetworkDesign, places: dict[str, dict[str, object]]) -> list[dict[str, object]]:
    pairs, counts = np.unique(
        np.stack([design.orders.centre, design.plant], axis=1), axis=0, return_counts=True
    )
    rows: list[dict[str, object]] = []
    for (centre, plant), count in zip(pairs, counts, strict=True):
        one = places[f"0 {design.network.centres[centre].name}"]
        other = places[f"1 {design.network.plants[plant].name}"]
        rows.append(
            {"x": one["x"], "y": one["y"], "x2": other["x"], "y2": other["y"],
             "therapies": int(count)}
        )  # fmt: skip
    return rows
