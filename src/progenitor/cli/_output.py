"""What commands print: tables and lines for people, JSON for machines."""

import json
import math
import sys
import textwrap
from collections.abc import Mapping, Sequence
from shutil import get_terminal_size
from typing import Any

import typer

__all__ = ["number", "paragraph", "percent", "table", "write_json"]


def write_json(content: Any) -> None:
    """Print plain data as JSON; numbers that are not finite become null."""
    typer.echo(json.dumps(_finite(content), indent=2, ensure_ascii=False, allow_nan=False))


def number(value: float) -> str:
    """Write a number with three significant digits, without an exponent where it can be read.

    Examples
    --------
    >>> [number(value) for value in (0.01234, 27.31, 451234.0, 2.5e7, float("nan"))]
    ['0.0123', '27.3', '451,000', '2.5e+07', '–']
    """
    if not math.isfinite(value):
        return "–"
    if value == 0.0 or 1e-3 <= abs(value) < 1e6:
        digits = 3 - 1 - (math.floor(math.log10(abs(value))) if value else 0)
        return f"{round(value, digits):,.{max(digits, 0)}f}"
    return f"{value:.3g}"


def percent(fraction: float) -> str:
    """Write a fraction as a percentage.

    Examples
    --------
    >>> percent(0.4231), percent(float("nan"))
    ('42 %', '–')
    """
    return f"{100.0 * fraction:.0f} %" if math.isfinite(fraction) else "–"


def paragraph(text: str, *, bullet: str = "") -> None:
    """Print text wrapped to the width of the terminal."""
    typer.echo(
        textwrap.fill(
            text,
            width=min(get_terminal_size().columns, 100),
            initial_indent=bullet,
            subsequent_indent=" " * len(bullet),
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: drawn on a terminal, plain aligned columns anywhere else."""
    if sys.stdout.isatty():
        _rich_table(header, rows)
        return
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    for row in (header, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def _rich_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in header:
        drawn.add_column(Text(column), overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    Console().print(drawn)


def _finite(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {str(key): _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content
