"""One figure as a file that looks the same wherever it is shown."""

from pathlib import Path
from typing import Final

from progenitor.errors import InputError, Problem
from progenitor.report._draw import png, raw_svg
from progenitor.report.figures._palette import INK, PAPER
from progenitor.report.figures._style import Chart

__all__ = ["write_figure"]

_DARK: Final = "#1d2733"
_WHITE: Final = "#ffffff"
_SCALE: Final = 2.0


def write_figure(chart: Chart, path: Path) -> Path:
    """Write a figure as SVG or PNG, dark on white.

    Parameters
    ----------
    chart
        One of :mod:`progenitor.report.figures`.
    path
        Ends with ``.svg`` or ``.png``; an existing file is replaced.

    Raises
    ------
    InputError
        When it ends otherwise.

    Examples
    --------
    >>> from progenitor.report.figures import model_courses
    >>> write_figure(model_courses([]), Path("figure.gif"))
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: figure.gif: '.gif' is not drawn. Fix: give .svg or .png
    """
    if path.suffix not in {".svg", ".png"}:
        fix = "give .svg or .png"
        raise InputError([Problem(f"'{path.suffix}' is not drawn", fix, str(path))])
    if path.suffix == ".png":
        path.write_bytes(png(chart, ink=_DARK, background=_WHITE, scale=_SCALE))
        return path
    svg = raw_svg(chart).replace(f'"{INK}"', f'"{_DARK}"').replace(f'"{PAPER}"', f'"{_WHITE}"')
    frame = f'<rect width="100%" height="100%" fill="{_WHITE}"/>'
    start = svg.index(">") + 1
    path.write_text(svg[:start] + frame + svg[start:], encoding="utf-8")
    return path
