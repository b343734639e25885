"""What `progenitor run` prints of an experiment: for people, and for machines."""

import math
from pathlib import Path
from typing import Any

import typer

from progenitor.cli._animal_output import plain_animal_trial, show_animal_trial

__all__ = ["plain_experiment", "show_experiment"]


def plain_experiment(result: Any, report: Path | None) -> dict[str, Any]:
    """Arrange the result of an experiment for machines; the keys are promised.

    Parameters
    ----------
    result
        A finished experiment.
    report
        Where its report is.
    """
    return {
        "digest": result.digest,
        "subjects": result.subjects,
        "failed": result.failed,
        "arms": {
            name: {readout: _numbers(one) for readout, one in arm.readouts.items()}
            for name, arm in result.arms.items()
        },
        "comparisons": [
            {
                "readout": pair.readout,
                "first": pair.first,
                "second": pair.second,
                "measure": pair.measure,
                **_numbers(pair.estimate),
            }
            for pair in result.pairs
        ],
        "expectations": [
            {"statement": one.statement, "met": one.met, "share_of_draws": one.share}
            for one in result.expectations
        ],
        **(
            {}
            if result.animal_trial is None
            else {"animal_trial": plain_animal_trial(result.animal_trial)}
        ),
        "report": str(report) if report is not None else None,
        "run_dir": str(result.run_dir),
        "seconds": result.seconds,
        "solving_seconds": result.solving_seconds,
        "simulations": result.simulations,
    }


def show_experiment(result: Any, report: Path | None) -> None:
    """Print what is weak, the answer, readouts by arm, expectations, and where the report is.

    Parameters
    ----------
    result
        A finished experiment.
    report
        Where its report is.
    """
    from progenitor.cli._output import paragraph, table

    typer.echo("What is weak:")
    for weakness in result.weaknesses:
        paragraph(weakness, bullet="  - ")
    typer.echo("")
    paragraph(result.headline)
    typer.echo("")
    paragraph(f"{result.title}: value (90 % interval over {result.draws} draws)")
    rows = []
    for readout, title in result.readout_titles.items():
        for place, arm in enumerate(result.arms.values()):
            rows.append([title if place == 0 else "", arm.title, _cell(arm.readouts[readout])])
    table(["", "", ""], rows)
    for one in result.expectations:
        paragraph(f"{'met   ' if one.met else 'MISSED'}  {one.statement}")
    if result.animal_trial is not None:
        show_animal_trial(result.animal_trial)
    typer.echo("")
    typer.echo(f"solving  {result.solving_seconds:.1f} s for {result.simulations:,} simulations")
    typer.echo(f"results  {result.run_dir}  ({result.seconds:.0f} s, digest {result.digest[:12]})")
    if report is not None:
        typer.echo(f"report   {report}")


def _numbers(estimate: Any) -> dict[str, Any]:
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "unit": estimate.unit,
        "n": estimate.n,
    }


def _cell(estimate: Any) -> str:
    """Write an estimate with its interval; shares as percentages."""
    from progenitor.cli._output import number, percent

    if not math.isfinite(estimate.value):
        return "–"
    share = estimate.unit == "1"
    write = percent if share else number
    value = write(estimate.value) if share else f"{write(estimate.value)} {estimate.unit}".strip()
    if not math.isfinite(estimate.low + estimate.high):
        return value
    low, high = (write(side).removesuffix(" %") for side in (estimate.low, estimate.high))
    return f"{value} ({low} to {high})"
