"""`progenitor evidence`: the ledger of every number, its source and how far to trust it."""

from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["evidence"]

evidence = typer.Typer(
    help="The ledger: every number, its source, and how far to trust it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

State = Annotated[
    str | None,
    typer.Option("--state", help="assumed, provisional, checked, disputed or stale."),
]


@evidence.command("list")
@exits
def list_(
    subject: Annotated[
        str, typer.Argument(help="Subject, such as t_cell, or the beginning of an id.")
    ] = "",
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """List the numbers of the catalogue with their trust.

    For example:
      progenitor evidence list
      progenitor evidence list t_cell
      progenitor evidence list --state assumed --json
    """
    from progenitor.cli._output import table, write_json
    from progenitor.evidence import Ledger, default_catalogue

    catalogue = default_catalogue()
    ids = sorted(name for name in catalogue.parameters if name.startswith(subject))
    rows = [row for row in Ledger.of(catalogue, ids).rows if state in (None, row.state)]
    if as_json:
        write_json([_plain(row) for row in rows])
        return
    table(
        ["id", "used", "trust", "state"],
        [[row.id, row.used, row.trust, row.state] for row in rows],
    )
    typer.echo(f"{len(rows)} of {len(catalogue.parameters)} numbers")


@evidence.command()
@exits
def show(
    number: Annotated[str, typer.Argument(metavar="ID", help="Id, as `list` prints it.")],
    as_json: AsJson = False,
) -> None:
    """Show one number: what was reported, what is used, and why.

    For example:
      progenitor evidence show t_cell/effector_division_rate
    """
    from progenitor.cli._output import paragraph, write_json
    from progenitor.evidence import Ledger, cite, default_catalogue

    catalogue = default_catalogue()
    parameter = catalogue.parameter(number)
    (row,) = Ledger.of(catalogue, [number]).rows
    if as_json:
        write_json(_plain(row) | {"reason": parameter.reason, "notes": parameter.notes, "reading": parameter.reading})
        return
    typer.echo(f"{row.id}\n{row.title}\n")
    paragraph(row.used, bullet="used      ")
    paragraph(row.reported or "nothing", bullet="reported  ")
    paragraph(f"{row.trust}, {row.state}, {row.role}", bullet="trust     ")
    if parameter.reading:
        paragraph(parameter.reading, bullet="settled   ")
    for text in (parameter.reason, parameter.notes):
        if text:
            paragraph(text, bullet="          ")
    for reference in cite(catalogue, [number]):
        paragraph(reference, bullet="source    ")


@evidence.command()
@exits
def audit(
    most: Annotated[int, typer.Option("--most", min=1, help="How many to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the weak numbers (trust C or D), those that most leans on first.

    For example:
      progenitor evidence audit
      progenitor evidence audit --most 50 --json
    """
    from progenitor.cli._output import table, write_json
    from progenitor.evidence import audit as weak_records
    from progenitor.evidence import default_catalogue

    rows = weak_records(default_catalogue())
    if as_json:
        write_json([_plain(row) for row in rows[:most]])
        return
    table(
        ["id", "trust", "leaning", "why it is weak"],
        [[row.id, row.trust, str(row.leaning), row.why] for row in rows[:most]],
    )
    typer.echo(f"{min(most, len(rows))} of {len(rows)} weak numbers")


@evidence.command("cite")
@exits
def cite_(
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]…", help="Ids; default everything.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the references behind numbers.

    For example:
      progenitor evidence cite
      progenitor evidence cite t_cell/effector_division_rate
    """
    from progenitor.cli._output import paragraph, write_json
    from progenitor.evidence import cite, default_catalogue

    catalogue = default_catalogue()
    references = cite(catalogue, numbers or sorted(catalogue.parameters))
    if as_json:
        write_json(references)
        return
    for reference in references:
        paragraph(reference)


def _plain(row: Any) -> dict[str, Any]:
    """Arrange a row of the ledger for machines."""
    import dataclasses

    return {name.name: getattr(row, name.name) for name in dataclasses.fields(row)}
