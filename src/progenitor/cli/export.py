"""`progenitor export`: a simulated trial for the tools of statisticians and pharmacometricians."""

from pathlib import Path
from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["export"]


@exits
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder, as `run` printed it.")],
    adam: Annotated[
        Path | None,
        typer.Option("--adam", metavar="DIR", help="Write ADSL, ADTTE, ADRS, ADPC, define.json."),
    ] = None,
    nonmem: Annotated[
        Path | None,
        typer.Option("--nonmem", metavar="FILE", help="Write one table of doses and observations."),
    ] = None,
    trial: Annotated[
        int | None,
        typer.Option(
            "--trial",
            metavar="K",
            help="Which mouse study (default the first) or parameter draw (default all), from 1.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a simulated trial as ADaM-shaped data sets or as a NONMEM-shaped table.

    Of an experiment that plans a mouse study, one of its studies; of a study with products, its
    patients. Days stand for dates. These are simulated subjects, not a submission.

    For example:
      progenitor export runs/mouse_study_120-0123456789ab --adam adam --trial 3
      progenitor export runs/tscm_vs_cart_dlbcl-0123456789ab --nonmem levels.csv --trial 1
    """
    from progenitor.cli._output import write_json
    from progenitor.cli._table_file import check_target, write_table
    from progenitor.errors import InputError, Problem
    from progenitor.interop import adam_files, trial_records
    from progenitor.study import load_exported_trial

    if adam is None and nonmem is None:
        fix = "add --adam DIR, --nonmem FILE, or both"
        raise InputError([Problem("nothing says what to write", fix)])
    check_target(nonmem)
    if adam is not None:
        _make_folder(adam)
    found = load_exported_trial(run, trial=trial)
    written = []
    if adam is not None:
        for name, text in adam_files(found).items():
            write_table(text, adam / name)
            written.append(str(adam / name))
    if nonmem is not None:
        write_table(trial_records(found), nonmem)
        written.append(str(nonmem))
    if as_json:
        write_json({"trial": found.words, "subjects": len(found.subjects), "files": written})
        return
    typer.echo(f"{found.title}: {found.words}, {len(found.subjects):,} subjects")
    for name in written:
        typer.echo(f"  {name}")


def _make_folder(path: Path) -> None:
    from progenitor.errors import InputError, Problem

    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot be made: {error.strerror or error}"
        raise InputError([Problem(message, "choose another folder", str(path))]) from None
