"""Charts become inline SVG (for the page) or PNG (for a file), without a browser."""

import json
import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

import altair as alt
import vl_convert
from markupsafe import Markup

from progenitor.report._png import packed
from progenitor.report.figures._palette import INK, PAPER
from progenitor.report.figures._style import Chart

__all__ = ["description", "inline_svg", "png", "raw_svg"]

_KEPT: Final = frozenset(
    {
        "svg",
        "g",
        "path",
        "text",
        "tspan",
        "line",
        "rect",
        "circle",
        "defs",
        "clipPath",
        "image",
        "linearGradient",
        "stop",
    }
)
_DROPPED: Final = frozenset(
    {
        "class",
        "role",
        "aria-roledescription",
        "aria-hidden",
        "aria-label",
        "pointer-events",
        "version",
    }
)
_BAR: Final = re.compile(r"M[-\d.,e]+h[-\d.e]+v[-\d.e]+h[-\d.e]+Z")


def raw_svg(chart: Chart) -> str:
    """Return the chart as a stand-alone SVG document; nothing outside the chart is loaded."""
    spec = json.dumps(chart.to_dict(validate=False), allow_nan=False)
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def description(chart: Chart) -> str:
    """Return the words that stand for the chart when it is not seen."""
    return "" if chart.description is alt.Undefined else str(chart.description)


def inline_svg(chart: Chart, name: str) -> Markup:
    """Return the chart as an ``svg`` element for an HTML page, labelled by its description.

    Element names are checked against a short list, attributes that only interactive charts need
    are dropped, and identifiers are counted anew under ``name``: one page holds many drawings, and
    the renderer counts on from whatever it drew before.

    Raises
    ------
    ValueError
        When the drawing holds an element that a still picture does not need.
    """
    root = ET.fromstring(raw_svg(chart))  # noqa: S314 - our own renderer's output, parsed to vet it
    found = [one for element in root.iter() if (one := element.get("id"))]
    ids = {old: f"{name}-{index}" for index, old in enumerate(found)}
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        if element.tag not in _KEPT:
            raise ValueError(f"the drawing {name!r} holds an unexpected element {element.tag!r}")
        _trim(element, ids)
    _collapse(root)
    root.set("role", "img")
    root.set("aria-label", description(chart))
    return Markup(ET.tostring(root, encoding="unicode", short_empty_elements=True))  # noqa: S704


def _trim(element: ET.Element, ids: Mapping[str, str]) -> None:
    for key in list(element.attrib):
        if key.rpartition("}")[2] in _DROPPED:
            del element.attrib[key]
    for key, value in element.attrib.items():
        if key == "id":
            element.set(key, ids[value])
        elif value.startswith("url(#"):
            element.set(key, f"url(#{ids[value[5:-1]]})")
    if element.get("fill") == PAPER:
        element.set("class", "paper")
    if _BAR.fullmatch(element.get("d", "")):
        element.set("shape-rendering", "crispEdges")  # no seams between neighbouring bars


def _collapse(element: ET.Element) -> None:
    """Drop what is never seen: empty paths, hidden foregrounds, and groups they leave empty."""
    for child in list(element):
        _collapse(child)
        hidden = child.get("display") == "none" or (child.tag == "path" and not child.get("d"))
        unseen = child.tag == "path" and child.get("fill") is None and child.get("stroke") is None
        hollow = child.tag == "g" and len(child) == 0
        if hidden or hollow or (unseen and "h0v0h0" in child.get("d", "")):
            element.remove(child)


def png(chart: Chart, *, ink: str, background: str, scale: float) -> bytes:
    """Return the chart as PNG with fixed colours, for places that have no page around it."""
    svg = raw_svg(chart).replace(f'"{INK}"', f'"{ink}"').replace(f'"{PAPER}"', f'"{background}"')
    svg = svg.replace("⁺", "+")  # the fonts that ship with the renderer lack the raised sign
    frame = f'<rect width="100%" height="100%" fill="{background}"/>'
    start = svg.index(">") + 1
    return packed(vl_convert.svg_to_png(svg[:start] + frame + svg[start:], scale=scale))
