"""`progenitor evidence`: the ledger of every number, its source and how far to trust it."""

from typing import Annotated, Any

import typer

from progenitor.cli._evidence_groups import GROUPS, Of, group_ids
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
    of: Of = "",
    as_json: AsJson = False,
) -> None:
    """List the numbers of the catalogue with their trust.

    Numbers of published models are listed when their model or --of library is asked for.

    For example:
      progenitor evidence list
      progenitor evidence list t_cell
      progenitor evidence list stein_2019
      progenitor evidence list --state assumed --json
      progenitor evidence list --of library --state disputed
    """
    from progenitor.cli._output import table, write_json
    from progenitor.evidence import Ledger, default_catalogue

    catalogue = default_catalogue()
    known = group_ids(of or ("all" if subject else "own"))
    ids = sorted(name for name in known if name.startswith(subject))
    rows = [row for row in Ledger.of(catalogue, ids).rows if state in (None, row.state)]
    if as_json:
        write_json([_plain(row) for row in rows])
        return
    table(
        ["id", "used", "trust", "state"],
        [[row.id, row.used, row.trust, row.state] for row in rows],
    )
    others = "" if of or subject else "; --of library lists those of published models"
    typer.echo(f"{len(rows)} of {len(catalogue.parameters)} numbers{others}")


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
        write_json(
            _plain(row)
            | {"reason": parameter.reason, "notes": parameter.notes, "reading": parameter.reading}
        )
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
    of: Of = "all",
    as_json: AsJson = False,
) -> None:
    """Count numbers by review state, and list the weak ones, those that most leans on first.

    Weak is trust C or D; leaning is how many bodies, recipes, studies and published models use it.

    For example:
      progenitor evidence audit
      progenitor evidence audit --of answer
      progenitor evidence audit --most 50 --json
    """
    from progenitor.cli._output import table, write_json
    from progenitor.evidence import audit as weak_records
    from progenitor.evidence import default_catalogue
    from progenitor.study import leaning

    catalogue, asked = default_catalogue(), group_ids(of)
    rows = [row for row in weak_records(catalogue, leaning(catalogue)) if row.id in asked]
    counts = _counts()
    if as_json:
        write_json({"counts": counts, "weak": [_plain(row) for row in rows[:most]]})
        return
    states = list(counts["all"])
    table(
        ["numbers", *states],
        [
            [GROUPS[group], *(str(counted[state]) for state in states)]
            for group, counted in counts.items()
        ],
    )
    typer.echo()
    table(
        ["id", "trust", "leaning", "why it is weak"],
        [[row.id, row.trust, str(row.leaning), row.why] for row in rows[:most]],
    )
    typer.echo(f"{min(most, len(rows))} of {len(rows)} weak numbers")


def _counts() -> dict[str, dict[str, int]]:
    """Count numbers by review state, group by group."""
    from progenitor.evidence import Ledger, default_catalogue

    counts = {}
    for group in GROUPS:
        ledger = Ledger.of(default_catalogue(), group_ids(group))
        counted = {str(state): number for state, number in ledger.counts.items()}
        counts[group] = counted | {"in all": len(ledger.rows)}
    return counts


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
