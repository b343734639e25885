"""`progenitor export`: a simulated trial for the tools of statisticians and pharmacometricians."""

from pathlib import Path
from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["export"]


Run = Annotated[Path, typer.Argument(metavar="RUN", help="Run folder, as `run` printed it.")]
Adam = Annotated[
    Path | None,
    typer.Option("--adam", metavar="DIR", help="Write ADSL, ADTTE, ADRS, ADPC, define.json."),
]
Nonmem = Annotated[
    Path | None,
    typer.Option("--nonmem", metavar="FILE", help="Write one table of doses and observations."),
]
WhichTrial = Annotated[
    int | None,
    typer.Option(
        "--trial",
        metavar="K",
        help="Which of the trials conducted, from 1; else all patients (or mouse study 1).",
    ),
]
Design = Annotated[
    str | None,
    typer.Option(
        "--design",
        metavar="NAME",
        help="Trial of the study file; default the first dose-finding or randomised one.",
    ),
]
Draw = Annotated[
    int | None,
    typer.Option("--draw", metavar="K", help="All patients of one parameter draw, from 1."),
]


@exits
def export(
    run: Run,
    adam: Adam = None,
    nonmem: Nonmem = None,
    trial: WhichTrial = None,
    design: Design = None,
    draw: Draw = None,
    as_json: AsJson = False,
) -> None:
    """Write a simulated trial as ADaM-shaped data sets or as a NONMEM-shaped table.

    Of an experiment that plans a mouse study, one of its studies; of a study with dose-finding or
    randomised trials, one of those, as it stood when it ended; else its patients. Days stand for
    dates. These are simulated subjects, not a submission.

    For example:
      progenitor export runs/mouse_study_120-0123456789ab --adam adam --trial 3
      progenitor export runs/phase_1_dose_finding-0123456789ab --adam adam --trial 1
      progenitor export runs/phase_2_tscm_vs_cart-0123456789ab --adam adam --trial 7
      progenitor export runs/tscm_vs_cart_dlbcl-0123456789ab --nonmem levels.csv --draw 1
    """
    from progenitor.cli._output import write_json
    from progenitor.cli._table_file import check_new, check_target, write_tables
    from progenitor.errors import InputError, Problem
    from progenitor.interop import adam_files, trial_records
    from progenitor.study import load_exported_trial

    if adam is None and nonmem is None:
        fix = "add --adam DIR, --nonmem FILE, or both"
        raise InputError([Problem("nothing says what to write", fix)])
    check_target(nonmem)
    if adam is not None:
        check_new(adam, folder=True)
    found = load_exported_trial(run, trial=trial, design=design, draw=draw)
    texts: dict[Path, str] = {}
    if adam is not None:
        texts |= {adam / name: text for name, text in adam_files(found).items()}
    if nonmem is not None:
        texts[nonmem] = trial_records(found)
    write_tables(texts)
    written = [str(path) for path in texts]
    if as_json:
        answer = {"trial": found.words, "subjects": len(found.subjects), "files": written}
        write_json(answer | ({"results": dict(found.results)} if found.results else {}))
        return
    typer.echo(f"{found.title}: {found.words}, {len(found.subjects):,} subjects")
    for name in written:
        typer.echo(f"  {name}")
