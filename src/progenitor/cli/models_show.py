"""`progenitor models show`: what a model is made of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.engine import Event, Model, Reaction

__all__ = ["show"]

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="As `list` prints it, or an SBML or .ant file.")
]
AsC = Annotated[bool, typer.Option("--c", help="The program that is compiled, as readable C.")]
AsLatex = Annotated[bool, typer.Option("--latex", help="The equations as LaTeX, nothing else.")]


@exits
def show(name: Name, c: AsC = False, latex: AsLatex = False, as_json: AsJson = False) -> None:
    """Show what a model is made of: species, parameters, rules, reactions, events.

    Of a published model it shows the equations, every number with its source and trust, variants,
    what is given and observed, and where paper and code disagree.

    For example:
      progenitor models show conventional_car_t/dlbcl/human_adult
      progenitor models show library:stein_2019
      progenitor models show library:stein_2019 --latex
      progenitor models show model.xml --json
      progenitor models show model.xml --c > model.c
    """
    from progenitor.cli._library_card import card, card_text
    from progenitor.cli._model_names import found_model, in_library
    from progenitor.cli._output import write_json

    published = in_library(name)
    model, values = found_model(name)
    if c or latex:
        typer.echo(_program(model) if c else _equations(model), nl=False)
        return
    parts = _parts(model, values)
    head = {"name": name, "hash": model.content_hash, "time_unit": model.time_unit}
    if published is not None:
        if as_json:
            write_json(head | parts | card(published, model))
        else:
            card_text(published, model)
        return
    if as_json:
        write_json(head | parts)
        return
    unit = "the model's own" if model.time_unit == "1" else model.time_unit
    typer.echo(f"{name}\nunit of time: {unit}\nhash: {model.content_hash[:12]}")
    _tables(parts)


def _program(model: "Model") -> str:
    from progenitor.engine import c_source

    return c_source(model)


def _equations(model: "Model") -> str:
    from progenitor.interop import equations_latex

    return equations_latex(model)


def _tables(parts: Mapping[str, Sequence[dict[str, Any]]]) -> None:
    from progenitor.cli._output import table

    for title, rows in parts.items():
        if rows:
            typer.echo(f"\n{title} ({len(rows)})")
            table(list(rows[0]), [[_cell(value) for value in row.values()] for row in rows])


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
