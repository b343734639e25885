"""How a published model is shown: its card, for people and for machines."""

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import typer

from progenitor.cli._output import number, paragraph, table

if TYPE_CHECKING:
    from progenitor.engine import Model
    from progenitor.library import PublishedModel

__all__ = ["card", "card_text"]


def card(published: "PublishedModel", model: "Model") -> dict[str, Any]:
    """Arrange all there is to say about a published model as plain data.

    Parameters
    ----------
    published
        The model as the library has it.
    model
        Its equations.
    """
    from progenitor.evidence import default_catalogue
    from progenitor.interop import equations_text
    from progenitor.library import number_rows, regimen_text, residual_text

    catalogue = default_catalogue()
    about = catalogue.table(published.name)
    return {
        "title": about.title,
        "source": catalogue.source(about.source).reference,
        "reproduces": published.reproduces,
        "stochastic": published.stochastic,
        "equations": equations_text(model).splitlines(),
        "parameters": [dataclasses.asdict(row) for row in number_rows(published, catalogue)],
        "variants": [
            {"name": name, "title": title, "values": dict(values)}
            for name, (title, values) in about.variants.items()
        ],
        "observables": [
            {
                "name": shown.name,
                "unit": shown.unit,
                "expression": shown.expression,
                "title": shown.title,
                "scatter": residual_text(shown.name, published.residuals),
            }
            for shown in model.observables
        ],
        "regimens": [regimen_text(regimen) for regimen in published.regimens],
        "reported": [
            {
                "symbol": symbol,
                "title": record.title,
                "value": record.reported[0].value if record.reported else None,
                "unit": record.reported[0].unit if record.reported else record.unit,
            }
            for symbol, record in about.observed.items()
        ],
        "notes": about.notes,
    }


def card_text(published: "PublishedModel", model: "Model") -> None:
    """Print all there is to say about a published model.

    Parameters
    ----------
    published
        The model as the library has it.
    model
        Its equations.
    """
    said = card(published, model)
    typer.echo(f"library:{published.name}\n{said['title']}")
    paragraph(said["source"])
    typer.echo(f"hash: {model.content_hash[:12]}")
    paragraph(f"reproduces: {said['reproduces']}", bullet="")
    if said["stochastic"]:
        paragraph("The paper simulates whole individuals; this is their mean field.")
    typer.echo("\nEquations")
    for line in said["equations"]:
        typer.echo(f"  {line}")
    _list("Given", said["regimens"])
    _table("Observed", said["observables"], ("name", "unit", "title", "scatter"))
    _table("Parameters", said["parameters"], _NUMBER)
    _variants(said["variants"])
    _table("Reported by the paper, never fitted", said["reported"], ("title", "value", "unit"))
    if said["notes"]:
        typer.echo("\nPaper and code")
        paragraph(said["notes"], bullet="  ")
    typer.echo(f"\nprogenitor models simulate library:{published.name} runs it.")


_NUMBER = ("symbol", "written", "value", "unit", "spread", "source", "state", "trust")


def _list(title: str, lines: list[str]) -> None:
    if lines:
        typer.echo(f"\n{title} ({len(lines)})")
        for line in lines:
            paragraph(line, bullet="  ")


def _table(title: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    if rows:
        kept = [name for name in columns if any(row[name] not in ("", None) for row in rows)]
        typer.echo(f"\n{title} ({len(rows)})")
        table(kept, [[_cell(row[name]) for name in kept] for row in rows])


def _variants(variants: list[dict[str, Any]]) -> None:
    lines = [
        f"{one['name']}: {one['title']} ("
        + ", ".join(f"{symbol} = {value:g}" for symbol, value in one["values"].items())
        + ")"
        for one in variants
    ]
    _list("Variants", lines)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:g}" if math.isfinite(value) else number(value)
    return str(value)
