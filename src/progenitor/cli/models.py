"""`progenitor models`: models that ship or stand in a file: shown, cited, simulated, exported."""

from typing import Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.models_cite import cite
from progenitor.cli.models_export import export
from progenitor.cli.models_show import show
from progenitor.cli.models_simulate import simulate

__all__ = ["models"]

models = typer.Typer(
    help="Models, shipped or in a file: what they are made of, and what they give.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@models.command("list")
@exits
def list_(as_json: AsJson = False) -> None:
    """List the models that ship with Progenitor: bodies, then published models.

    For example:
      progenitor models list
      progenitor models list --json
    """
    from progenitor.body import body_names
    from progenitor.cli._output import table, write_json
    from progenitor.evidence import default_catalogue

    catalogue = default_catalogue()
    bodies = body_names(catalogue)
    published = _published()
    if as_json:
        write_json([{"name": name, "kind": "body"} for name in bodies] + published)
        return
    typer.echo("Bodies, as chassis/disease/host")
    for name in bodies:
        typer.echo(name)
    typer.echo("\nPublished models")
    head = ["name", "year", "numbers", "title"]
    table(head, [[str(row[key]) for key in head] for row in published])
    typer.echo("\nprogenitor models show NAME says more about any of them.")


for _command in (show, cite, simulate, export):
    models.command()(_command)


def _published() -> list[dict[str, Any]]:
    """Arrange every model of the library."""
    from progenitor.cli._model_names import LIBRARY
    from progenitor.evidence import default_catalogue
    from progenitor.library import library_models

    catalogue = default_catalogue()
    return [
        {
            "name": f"{LIBRARY}{name}",
            "kind": "library",
            "title": catalogue.table(name).title,
            "year": catalogue.source(catalogue.table(name).source).year,
            "numbers": len(catalogue.table(name).parameters),
            "reproduces": model.reproduces,
        }
        for name, model in library_models().items()
    ]
