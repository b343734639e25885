"""`progenitor run`: a study from the making of the cells to the readout."""

import math
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson, Seed, StudyPath

__all__ = ["ENDPOINTS", "OPTIONAL", "run"]

ENDPOINTS = {
    "lots_released": "Lots released",
    "vein_to_vein": "Vein to vein",
    "cmax": "Cmax in blood",
    "tmax": "Tmax",
    "objective_response": "Objective response",
    "complete_response": "Complete response",
    "pfs_12_months": "12-month PFS",
    "crs_grade_3": "CRS grade ≥3",
    "icans_grade_3": "ICANS grade ≥3",
    "gvhd_grade_2": "GvHD grade ≥2",
    "persistence_12_months": "Persistence at 12 months",
}
"""Rows of the summary table: endpoint and its words."""

OPTIONAL = ("complete_response", "icans_grade_3", "gvhd_grade_2")
"""Rows left out where no arm has them."""


@exits
def run(
    study: StudyPath,
    seed: Seed = None,
    jobs: Annotated[
        int,
        typer.Option("--jobs", metavar="N", min=0, help="Processors to use; 0 means all of them."),
    ] = 0,
    draws: Annotated[
        int | None, typer.Option("--draws", metavar="N", help="Parameter draws.")
    ] = None,
    patients: Annotated[
        int | None, typer.Option("--patients", metavar="N", help="Virtual patients per draw.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run of the same study.")
    ] = False,
    runs_dir: Annotated[
        Path, typer.Option("--runs-dir", metavar="DIR", help="Folder that holds the runs.")
    ] = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Run a study: make the cells, treat the patients, read out the trials, write the report.

    A file that begins with `experiment:` gives cells as they are, in any arm, disease and host.

    Same study, same seed, same numbers, on any number of processors. Ctrl-C stops within two
    seconds and keeps what is finished; --resume goes on from there.

    For example:
      progenitor run studies/tscm_vs_cart_dlbcl.yaml
      progenitor run studies/tscm_vs_cart_dlbcl.yaml --draws 5 --patients 10     a quick look
      progenitor run studies/tscm_vs_cart_dlbcl.yaml --jobs 8 --resume
      progenitor run studies/car_t_dose_in_dlbcl.yaml --draws 5 --patients 10    an experiment
      progenitor run studies/tscm_vs_cart_dlbcl.yaml --json > answer.json
    """
    from progenitor.cli._experiment_output import plain_experiment, show_experiment
    from progenitor.cli._output import write_json
    from progenitor.evidence import default_catalogue
    from progenitor.study import Experiment, load_any_study

    catalogue = default_catalogue()
    loaded = load_any_study(study, catalogue=catalogue).with_options(
        seed=seed, draws=draws, patients=patients
    )
    experiment = isinstance(loaded, Experiment)
    result = _simulate(
        loaded,
        catalogue=catalogue,
        runs_dir=runs_dir,
        seed=loaded.seed,
        jobs=jobs or len(os.sched_getaffinity(0)),
        resume=resume,
    )
    path = None
    if loaded.file.outputs.report:
        from progenitor.report import write_experiment_report, write_report

        write = write_experiment_report if experiment else write_report
        path = write(result, result.run_dir / "report.html")
    if as_json:
        write_json((plain_experiment if experiment else _plain)(result, path))
    else:
        (show_experiment if experiment else _show)(result, path)


def _simulate(study: Any, **options: Any) -> Any:
    """Run with a progress bar; after Ctrl-C say how to go on."""
    from progenitor.cli._progress import progress_bar
    from progenitor.study import Experiment, run_experiment, run_study

    experiment = isinstance(study, Experiment)
    conduct: Any = run_experiment if experiment else run_study
    try:
        with progress_bar("simulations" if experiment else "patients") as progress:
            return conduct(study, progress=progress, **options)
    except KeyboardInterrupt:
        typer.echo(
            "\nFinished patients are kept: the same command with --resume goes on.", err=True
        )
        raise


def _plain(result: Any, report: Path | None) -> dict[str, Any]:
    """Arrange a result for machines; the keys are promised."""
    return {
        "digest": result.digest,
        "patients": result.patients,
        "failed": result.failed,
        "arms": {
            name: {
                endpoint: {
                    "value": estimate.value,
                    "low": estimate.low,
                    "high": estimate.high,
                    "unit": estimate.unit,
                    "n": estimate.n,
                }
                for endpoint, estimate in arm.endpoints.items()
            }
            for name, arm in result.arms.items()
        },
        **_waiting(result),
        "report": str(report) if report is not None else None,
        "run_dir": str(result.run_dir),
        "seconds": result.seconds,
        "solving_seconds": result.solving_seconds,
        "simulations": result.simulations,
    }


def _waiting(result: Any) -> dict[str, Any]:
    """Tell how lots queued, where they did."""
    queues = {name: arm.queue for name, arm in result.arms.items() if arm.queue is not None}
    if not queues:
        return {}
    return {
        "waiting": {
            name: {
                "facility": queue.facility,
                "per_year": queue.per_year,
                "wait": queue.wait.value,
                "lost": queue.lost.value,
                "lost_in_queue": queue.lost_in_queue.value,
                "demand": {one.name: one.demand.value for one in queue.resources},
                "use": {one.name: one.use.value for one in queue.resources},
            }
            for name, queue in queues.items()
        }
    }


def _show(result: Any, report: Path | None) -> None:
    """Print what is weak, the answer, the table, and where the report is."""
    from progenitor.cli._output import number, paragraph, table

    if result.failed:
        causes = ", ".join(f"{n} {status}" for status, n in result.status_counts.items() if n)
        paragraph(f"{result.failed} of {result.patients} patients failed to simulate: {causes}")
    if result.weaknesses:
        typer.echo("What is weak:")
        for weakness in result.weaknesses:
            paragraph(weakness, bullet="  - ")
    typer.echo("")
    paragraph(result.headline)
    typer.echo("")
    arms = list(result.arms.values())
    paragraph(f"{result.title}: value (90 % interval over {result.draws} draws)")
    table(
        ["", *(arm.title for arm in arms)],
        [
            [_words(endpoint, arms), *(_cell(arm.endpoints.get(endpoint)) for arm in arms)]
            for endpoint in ENDPOINTS
            if endpoint not in OPTIONAL or any(endpoint in arm.endpoints for arm in arms)
        ],
    )
    typer.echo("")
    if result.simulations:
        rate = result.simulations / result.solving_seconds
        typer.echo(
            f"solving  {result.solving_seconds:.1f} s for {result.simulations:,} patients and "
            f"their lots ({number(rate)}/s)"
        )
    typer.echo(f"results  {result.run_dir}  ({result.seconds:.0f} s, digest {result.digest[:12]})")
    if report is not None:
        typer.echo(f"report   {report}")


def _words(endpoint: str, arms: list[Any]) -> str:
    """Name a row; response by what the criteria of the disease call it."""
    found = next((arm.endpoints[endpoint] for arm in arms if endpoint in arm.endpoints), None)
    named = found is not None and endpoint == "objective_response" and found.label != "ORR"
    return found.label if named and found is not None else ENDPOINTS[endpoint]


def _cell(estimate: Any) -> str:
    """Write an estimate with its interval; fractions as percentages."""
    from progenitor.cli._output import number, percent

    if estimate is None:
        return "–"
    fraction = estimate.unit in ("1", "fraction", "")
    value = percent(estimate.value) if fraction else f"{number(estimate.value)} {estimate.unit}"
    if not math.isfinite(estimate.low + estimate.high):
        return value
    write = percent if fraction else number
    low, high = (write(side).removesuffix(" %") for side in (estimate.low, estimate.high))
    return f"{value} ({low}–{high})"
