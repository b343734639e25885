"""`progenitor models`: what a model is made of, shipped or in a file."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.engine import Event, Model, Reaction

__all__ = ["models"]

_FILES = (".xml", ".sbml", ".ant")

models = typer.Typer(
    help="Models, shipped or in a file: what they are made of.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@models.command("list")
@exits
def list_(as_json: AsJson = False) -> None:
    """List the models that ship with Progenitor, as chassis/disease/host.

    For example:
      progenitor models list
      progenitor models list --json
    """
    from progenitor.body import body_names
    from progenitor.cli._output import write_json
    from progenitor.evidence import default_catalogue

    names = body_names(default_catalogue())
    if as_json:
        write_json(names)
        return
    for name in names:
        typer.echo(name)


@models.command()
@exits
def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="As `list` prints it, or an SBML or .ant file.")
    ],
    c: Annotated[
        bool, typer.Option("--c", help="The program that is compiled, as readable C.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what a model is made of: species, parameters, rules, reactions, events.

    For example:
      progenitor models show conventional_car_t/dlbcl/human_adult
      progenitor models show model.xml --json
      progenitor models show model.xml --c > model.c
    """
    from progenitor.cli._output import table, write_json

    model, values = _found(name)
    if c:
        from progenitor.engine import c_source

        typer.echo(c_source(model), nl=False)
        return
    parts = _parts(model, values)
    if as_json:
        write_json({"name": name, "hash": model.content_hash, "time_unit": model.time_unit} | parts)
        return
    unit = "the model's own" if model.time_unit == "1" else model.time_unit
    typer.echo(f"{name}\nunit of time: {unit}\nhash: {model.content_hash[:12]}")
    for title, rows in parts.items():
        if rows:
            typer.echo(f"\n{title} ({len(rows)})")
            table(list(rows[0]), [[_cell(value) for value in row.values()] for row in rows])


def _found(name: str) -> tuple["Model", Mapping[str, float]]:
    """Return a model, and the values of its parameters where the file holds them."""
    if Path(name).suffix.lower() in _FILES:
        from progenitor.interop import read_model

        imported = read_model(Path(name))
        return imported.model, imported.parameters
    from progenitor.body import named_body
    from progenitor.evidence import default_catalogue

    return named_body(default_catalogue(), name).model, {}


def _parts(model: "Model", values: Mapping[str, float]) -> dict[str, Sequence[dict[str, Any]]]:
    """Arrange what a model is made of, kind by kind, as rows of words."""
    return {
        "species": [
            {"name": s.name, "unit": s.unit, "at the start": s.initial, "title": s.title}
            for s in model.species
        ],
        "parameters": [
            {
                "name": p.name,
                "unit": p.unit,
                **({"value": values[p.name]} if p.name in values else {}),
                "title": p.title,
            }
            for p in model.parameters
        ],
        "rules": [
            {"name": r.name, "unit": r.unit, "expression": r.expression} for r in model.rules
        ],
        "reactions": [
            {"name": r.name, "equation": _equation(r), "rate": r.rate} for r in model.reactions
        ],
        "events": [
            {
                "name": e.name,
                "when": e.trigger,
                "after": e.delay,
                "then": _then(e),
                "manner": _manner(e),
            }
            for e in model.events
        ],
        "observables": [
            {"name": o.name, "unit": o.unit, "expression": o.expression, "title": o.title}
            for o in model.observables
        ],
    }


def _cell(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def _equation(reaction: "Reaction") -> str:
    return f"{_side(reaction.reactants.items())} -> {_side(reaction.products.items())}".strip()


def _side(species: Iterable[tuple[str, float]]) -> str:
    return " + ".join(name if number == 1 else f"{number:g} {name}" for name, number in species)


def _then(event: "Event") -> str:
    made = [f"{name} = {text}" for name, text in event.assignments.items()]
    return "; ".join([*made, *(["stop"] if event.stop else [])])


def _manner(event: "Event") -> str:
    """Say how an event differs from one that fires again and again."""
    said = {
        "once": event.once,
        "withdrawn when no longer true": not event.persistent,
        "values from the trigger": event.values_from_trigger,
        "may fire at the start": event.fires_at_start,
    }
    priority = [f"priority {event.priority}"] if event.priority else []
    return ", ".join([*(words for words, holds in said.items() if holds), *priority])
