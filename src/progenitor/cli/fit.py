"""`progenitor fit`: fit the free numbers of a body to published building records."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.inference import Fit, FitRow

__all__ = ["fit"]

FitPath = Annotated[Path, typer.Argument(metavar="FILE.yaml", help="A fit, as in studies/fits.")]
Draws = Annotated[
    int | None, typer.Option("--draws", metavar="N", min=20, help="Draws in each round.")
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="Of all draws.")]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE.html", help="Write a report with figures.")
]
Predict = Annotated[
    bool, typer.Option("--predict", help="Fit nothing: the catalogue's medians beside the records.")
]


@exits
def fit(
    path: FitPath,
    draws: Draws = None,
    seed: Seed = None,
    predict: Predict = False,
    report: Report = None,
    as_json: AsJson = False,
) -> None:
    """Fit a body to published numbers, and propose new medians; the catalogue is never edited.

    The file names a body, what it is given, the numbers that are free (with the priors of the
    catalogue) and the building records they are fitted to, each with how it is read from simulated
    patients. Draws of the priors are weighted by how near their patients come (adaptive importance
    sampling); the effective sample size says how many draws the answer rests on. Records kept for
    verification are refused as targets: they may stand beside, where they are predicted.

    For example:
      progenitor fit studies/fits/axicel_in_dlbcl.yaml --report fit.html
      progenitor fit studies/fits/axicel_in_dlbcl.yaml --draws 500 --seed 2 --json
      progenitor fit studies/fits/axicel_in_dlbcl.yaml --predict
    """
    from dataclasses import replace

    from progenitor.cli._output import write_json
    from progenitor.cli._table_file import check_target
    from progenitor.evidence import default_catalogue
    from progenitor.inference import (
        fit_body,
        load_fit,
        plain_fit,
        plain_fit_rows,
        predict_body,
        proposal,
    )

    check_target(report)
    _refuse_report_of_nothing(report, predict=predict)
    catalogue = default_catalogue()
    file = load_fit(path, catalogue, fitted=not predict)
    file = replace(
        file,
        seed=file.seed if seed is None else seed,
        sampling=replace(file.sampling, draws=draws or file.sampling.draws),
    )
    if predict:
        rows = predict_body(file, catalogue)
        if as_json:
            write_json({"fit": file.name, "body": file.body_name, "rows": plain_fit_rows(rows)})
        else:
            _show_rows(rows)
        return
    found = fit_body(file, catalogue)
    proposed = proposal(found, catalogue)
    if report is not None:
        from progenitor.report import write_fit_report

        write_fit_report(found, report, proposed=proposed, source=path)
    if as_json:
        write_json(plain_fit(found, proposed))
    else:
        _show(found, proposed, report)


def _refuse_report_of_nothing(report: Path | None, *, predict: bool) -> None:
    from progenitor.errors import InputError, Problem

    if report is not None and predict:
        fix = "leave one of the two out"
        problem = Problem("a report is made of a fit, and --predict fits nothing", fix)
        raise InputError([problem])


def _show(found: "Fit", proposed: str, report: Path | None) -> None:
    """Print the answer, what is weak, the numbers, the records and the proposal."""
    from progenitor.cli._output import number, paragraph, table
    from progenitor.inference import fit_headline

    typer.echo(f"{found.file.title} ({found.file.body_name})")
    paragraph(fit_headline(found))
    for weakness in found.weaknesses:
        paragraph(weakness, bullet="  - ")
    typer.echo("\nFree numbers: median of the typical patient, 5 to 95 % of what is not known")
    rows = []
    for one in found.numbers:
        shown = [
            f"{number(middle)} ({number(low)}–{number(high)})"
            for low, middle, high in (one.prior, one.posterior)
        ]
        rows.append([one.number.record.id, *shown, f"{one.shift:+.2f}", f"{one.shrinkage:.0%}"])
    table(["number", "prior", "posterior", "moved (sd)", "shrinkage"], rows)
    typer.echo("")
    _show_rows(found.rows)
    if proposed:
        typer.echo("\nProposal, for a person to enter with 'calibrated: true' and a reason:")
        typer.echo(proposed, nl=False)
    if report is not None:
        typer.echo(f"written: {report}")


def _show_rows(rows: "tuple[FitRow, ...]") -> None:
    from progenitor.cli._output import number, table

    typer.echo("Published and ours: fitted here, building (fitted elsewhere) or predicted")
    body = []
    for row in rows:
        low, middle, high = row.ours
        body.append(
            [
                row.target.parameter_id,
                row.stands,
                number(row.target.value),
                number(middle)
                if low == high
                else f"{number(middle)} ({number(low)}–{number(high)})",
                number(row.ratio),
            ]
        )
    table(["record", "", "published", "ours", "ratio"], body)
