"""`progenitor forecast run`: a programme file answered."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.evidence import Catalogue
    from progenitor.programme import Forecast

__all__ = ["run"]

ProgrammePath = Annotated[Path, typer.Argument(metavar="PROGRAMME", help="Programme file (YAML).")]
Draws = Annotated[int | None, typer.Option("--draws", metavar="N", help="Parameter draws.")]
Replicates = Annotated[
    int | None, typer.Option("--replicates", metavar="N", help="Simulated worlds of each draw.")
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help="Instead of the file's.")]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE.md", help="Write the answer as a page.")
]
FromRun = Annotated[
    list[str] | None,
    typer.Option(
        "--run",
        metavar="PHASE=RUN[@TRIAL[/ARM]]",
        help="Take the success of a phase from a trial of a finished run of a study.",
    ),
]
AddTo = Annotated[
    Path | None,
    typer.Option("--add-to", metavar="FOLDER", help="Add the answers to a ledger of predictions."),
]


@exits
def run(
    programme: ProgrammePath,
    draws: Draws = None,
    replicates: Replicates = None,
    seed: Seed = None,
    report: Report = None,
    from_run: FromRun = None,
    add_to: AddTo = None,
    as_json: AsJson = False,
) -> None:
    """Answer a programme's question: base rate, model and blend, shown separately.

    The programme file names phases, candidates and reference classes; every number in them is a
    record of the catalogue, with its source or the words that it has none. With --run, a phase is
    as likely to succeed as the trial that a run conducted on its virtual patients, draw by draw.

    For example:
      progenitor forecast run forecasts/programmes/tscm_2030.yaml
      progenitor forecast run forecasts/programmes/tscm_2030.yaml --report tscm.md --json
      progenitor forecast run forecasts/programmes/tscm_2030.yaml --add-to forecasts
      progenitor forecast run forecasts/programmes/tscm_2030.yaml
        --run pivotal=runs/phase_2_tscm_vs_cart-0123456789ab@phase2_single_arm/tscm
    """
    from progenitor.cli._forecast_runs import read_runs, with_runs
    from progenitor.cli._output import write_json
    from progenitor.cli._table_file import check_target
    from progenitor.evidence import default_catalogue
    from progenitor.programme import (
        ProgrammeFile,
        forecast,
        forecast_text,
        load_programme,
        plain_forecast,
    )

    check_target(report)
    catalogue = default_catalogue()
    file = load_programme(programme, catalogue)
    changed = {"draws": draws, "replicates": replicates, "seed": seed}
    asked = {name: value for name, value in changed.items() if value is not None}
    if asked:
        file = ProgrammeFile.model_validate(file.model_dump() | asked)
    file = with_runs(file, from_run or [])
    found = forecast(file, catalogue, read_runs(file))
    text = forecast_text(found, catalogue)
    written = [report] if report is not None else []
    if report is not None:
        report.write_text(text, "utf-8")
    if add_to is not None:
        written += _add(found, catalogue, add_to)
    if as_json:
        write_json(plain_forecast(found, catalogue))
        return
    typer.echo(text)
    for path in written:
        typer.echo(f"written: {path}")


def _add(found: "Forecast", catalogue: "Catalogue", folder: Path) -> list[Path]:
    """Put the base rate, the model's answer and the blend into a ledger."""
    from progenitor import __version__
    from progenitor.programme import Prediction, open_ledger

    ledger = open_ledger(folder)
    version = f"progenitor {__version__}, catalogue {catalogue.content_hash}, seed {found.seed}"
    version += "".join(f"; {phase} {words}" for phase, words in found.simulated.items())
    answers = {
        "base_rate": (found.base_rate.probability, found.base_rate.low, found.base_rate.high),
        "model": (found.model.probability, found.model.low, found.model.high),
        "blend": (found.blend, None, None),
    }
    paths = []
    for basis, (probability, low, high) in answers.items():
        said = {
            "question": found.question,
            "probability": round(probability, 4),
            "low": None if low is None else round(low, 4),
            "high": None if high is None else round(high, 4),
            "date": found.as_of,
            "author": "progenitor",
            "basis": basis,
            "model_version": version,
        }
        paths.append(ledger.add(Prediction.model_validate(said)))
    return paths
