"""What every HTML page of ours shares: templates, filters, style and drawn figures."""

import importlib.resources
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, final

import jinja2
from altair.utils import schemapi
from markupsafe import Markup

from progenitor.report._draw import description, inline_svg
from progenitor.report._links import linked
from progenitor.report._numbers import count_text, number_text
from progenitor.report.figures._style import Chart, is_blank

__all__ = ["Drawing", "drawings", "render_page"]


@final
@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure as the page holds it: the picture, or the words that say why there is none."""

    svg: Markup
    absent: str


def drawings(charts: Callable[[], Mapping[str, Chart]]) -> dict[str, Drawing]:
    """Return every figure drawn; schema checks are for tests, and cost seconds here.

    Parameters
    ----------
    charts
        Makes the figures, by the name under which the template calls them.
    """
    with schemapi.debug_mode(arg=False):
        made = charts()
    return {
        name: Drawing(inline_svg(chart, name), description(chart) if is_blank(chart) else "")
        for name, chart in made.items()
    }


def render_page(template: str, **content: Any) -> str:
    """Return a page as HTML text that loads nothing from elsewhere; every text is escaped.

    Parameters
    ----------
    template
        File among the templates of this package.
    content
        What the template names.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("progenitor.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["linked"] = linked
    environment.filters["number"] = number_text
    environment.filters["count"] = count_text
    environment.filters["fact"] = _fact
    css = importlib.resources.files("progenitor.report").joinpath("templates/report.css")
    style = Markup(css.read_text(encoding="utf-8"))  # noqa: S704 - a file of this package
    return environment.get_template(template).render(css=style, **content)


def _fact(value: object) -> str:
    """Return a fact of the solver as text; floating-point numbers to two figures."""
    if isinstance(value, float):
        return number_text(value, digits=2)
    return "–" if value is None else str(value)
