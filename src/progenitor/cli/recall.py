"""`progenitor recall`: who received cells from a lot."""

from pathlib import Path
from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["recall"]


@exits
def recall(
    genealogy: Annotated[
        Path, typer.Argument(metavar="FILE", help="Genealogy (JSON lines) of a dossier.")
    ],
    batch: Annotated[
        str, typer.Argument(metavar="BATCH", help="A lot, a collection, a bag or a vector batch.")
    ],
    as_json: AsJson = False,
) -> None:
    """Say who received cells from a batch, or from anything made with it.

    The log is verified first: an event that was changed, left out or moved is refused.

    For example:
      progenitor make --recipe car_gmp --lots 20 --dossier lots
      progenitor recall lots/genealogy.jsonl VECTOR-1
      progenitor recall lots/genealogy.jsonl COL-3 --json
    """
    from progenitor.cli._output import paragraph, write_json
    from progenitor.documents import suggestion
    from progenitor.errors import InputError, Problem
    from progenitor.manufacture import load_genealogy

    log = load_genealogy(genealogy)
    known = dict.fromkeys(name for event in log.events for name in (event.batch, *event.parents))
    if batch not in known:
        fix = suggestion(batch, known)
        raise InputError([Problem(f"unknown batch '{batch}'", fix, file=str(genealogy))])
    answer = {
        "batch": batch,
        "recipients": list(log.recipients(batch)),
        "made_with_it": list(log.descendants(batch)),
        "made_from": list(log.ancestors(batch)),
        "events": len(log.history(batch)),
    }
    if as_json:
        write_json(answer)
        return
    people = ", ".join(log.recipients(batch)) or "nobody"
    typer.echo(f"Cells from {batch} were received by {people}.")
    paragraph(f"Made with it: {', '.join(log.descendants(batch)) or 'nothing'}.")
    paragraph(f"Made from: {', '.join(log.ancestors(batch)) or 'nothing'}.")
