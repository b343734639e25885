"""`progenitor init`: a commented study to edit."""

from pathlib import Path
from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["init"]


@exits
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write into.")],
    template: Annotated[
        str, typer.Option("--template", metavar="NAME", help="Study to begin from.")
    ] = "tscm_vs_cart_dlbcl",
    as_json: AsJson = False,
) -> None:
    """Write a commented study to edit.

    For example:
      progenitor init my_study
      progenitor init my_study --template car_t_dose_in_dlbcl      an experiment
    """
    from progenitor.cli._output import write_json
    from progenitor.study import write_template

    path = write_template(folder, name=template)
    if as_json:
        write_json({"study": str(path)})
        return
    typer.echo(f"{path}")
    typer.echo(f"Next: progenitor check {path}")
