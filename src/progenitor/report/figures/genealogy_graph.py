"""Who descends from whom: collections, vector, lots, doses and the patients who received them."""

from collections.abc import Mapping, Sequence

import altair as alt

from progenitor.manufacture import Event
from progenitor.report.figures._palette import ARM_COLOURS, INK
from progenitor.report.figures._style import Chart, blank, inline, styled

__all__ = ["genealogy_graph"]

_VECTOR = "VECTOR"
_COLUMNS = ("Starting material", "Lot", "Dose", "Patient")
_GROUPS = ("Collection", "Vector", "Lot", "Dose", "Patient")


def genealogy_graph(
    products: Mapping[str, Sequence[Event]], *, width: int = 820, row: int = 27, most: int = 40
) -> Chart:
    """Draw batches as points in columns and descent as lines, from donor to patient.

    Parameters
    ----------
    products
        Events of a genealogy, in order, by title of the product.
    width
        Width of the plotting area in pixels.
    row
        Pixels from one batch to the next.
    most
        Batches drawn in a column at most.
    """
    drawn = {name: _placed(events, most) for name, events in products.items() if events}
    if not drawn:
        return blank("No lot was released, so there is nothing to trace.")
    panels = [
        _chart(lines, nodes).properties(
            width=width, height=max(60, row * max(len(names) for names in columns)), title=name
        )
        for name, (columns, lines, nodes) in drawn.items()
    ]
    return styled(
        alt.vconcat(*panels, spacing=26),
        description="Descent: "
        + "; ".join(
            f"{name}, {len(columns[1])} lots from {len(columns[0])} starting materials to "
            f"{len(columns[3])} patients"
            for name, (columns, _, _) in drawn.items()
        ),
    )


def _placed(
    events: Sequence[Event], most: int
) -> tuple[list[list[str]], list[dict[str, object]], list[dict[str, object]]]:
    """Names by column, lines of descent, and points."""
    columns, edges = _columns(events)
    columns = [names[:most] for names in columns]
    deepest = max(len(names) for names in columns)
    places = {
        name: (index, (rank + 0.5) * deepest / len(names))
        for index, names in enumerate(columns)
        for rank, name in enumerate(names)
    }
    lines: list[dict[str, object]] = [
        {"x": places[a][0], "y": places[a][1], "x2": places[b][0], "y2": places[b][1]}
        for a, b in edges
        if a in places and b in places
    ]
    nodes: list[dict[str, object]] = [
        {"x": x, "y": y, "name": name, "kind": _kind(name, x)} for name, (x, y) in places.items()
    ]
    return columns, lines, nodes


def _columns(events: Sequence[Event]) -> tuple[list[list[str]], list[tuple[str, str]]]:
    """Batches by how far they are from the donor, patients last, and who came from whom."""
    parents: dict[str, dict[str, None]] = {}
    patients: dict[str, None] = {}
    edges: dict[tuple[str, str], None] = {}
    for event in events:
        parents.setdefault(event.batch, {}).update(dict.fromkeys(event.parents))
        for parent in event.parents:
            parents.setdefault(parent, {})
            edges[parent, event.batch] = None
        if event.recipient:
            patients[event.recipient] = None
            edges[event.batch, event.recipient] = None
    columns: list[list[str]] = [[], [], [], list(patients)]
    depth: dict[str, int] = {}

    def deep(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((deep(parent) for parent in parents[name]), default=-1)
        return depth[name]

    for name in parents:
        columns[min(deep(name), 2)].append(name)
    columns[0].sort(key=lambda name: name.startswith(_VECTOR))  # below the collections
    return columns, list(edges)


def _kind(name: str, column: int) -> str:
    if column == 0:
        return _GROUPS[1] if name.startswith(_VECTOR) else _GROUPS[0]
    return _GROUPS[column + 1]


def _chart(lines: list[dict[str, object]], nodes: list[dict[str, object]]) -> Chart:
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=[-0.15, 3.55], nice=False),
        axis=alt.Axis(
            orient="top",
            values=[0, 1, 2, 3],
            labelExpr=f"{list(_COLUMNS)}[datum.value]",
            grid=False,
            domain=False,
            ticks=False,
            labelAlign="left",
        ),
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(reverse=True, zero=True, nice=False))
    layers: list[Chart] = []
    if lines:
        layers.append(
            alt.Chart(inline(lines))
            .mark_rule(color=INK, opacity=0.35)
            .encode(x=x, y=y, x2="x2:Q", y2="y2:Q")
        )
    base = alt.Chart(inline(nodes)).encode(x=x, y=y)
    layers.append(
        base.mark_point(filled=True, size=110, opacity=1).encode(
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=list(_GROUPS), range=list(ARM_COLOURS[:5])),
                legend=alt.Legend(orient="bottom"),
            )
        )
    )
    layers.append(
        base.mark_text(align="left", baseline="bottom", dx=7, dy=-2, fontSize=11).encode(
            text="name:N"
        )
    )
    chart: Chart = alt.layer(*layers)
    return chart
