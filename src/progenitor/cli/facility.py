"""`progenitor facility`: lots of a recipe wait for suites, staff and the laboratory."""

from pathlib import Path
from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson, Seed

__all__ = ["facility"]

FacilityPath = Annotated[
    Path | None, typer.Argument(metavar="[FILE.yaml]", help="Facility file, or --recipe.")
]
RecipeName = Annotated[
    str | None, typer.Option("--recipe", metavar="NAME", help="A recipe of the catalogue.")
]
PerYear = Annotated[
    float | None, typer.Option("--per-year", metavar="N", help="Patients a year, at random.")
]
Patients = Annotated[
    int | None, typer.Option("--patients", metavar="N", help="Patients to follow.")
]
Replicates = Annotated[
    int | None, typer.Option("--replicates", metavar="N", help="Independent repetitions.")
]
Suites = Annotated[
    int | None, typer.Option("--suites", metavar="N", help="Clean rooms, instead of the file's.")
]
Figure = Annotated[
    Path | None, typer.Option("--figure", metavar="FILE", help="Draw lots over time, .svg or .png.")
]


@exits
def facility(
    file: FacilityPath = None,
    recipe: RecipeName = None,
    per_year: PerYear = None,
    patients: Patients = None,
    replicates: Replicates = None,
    suites: Suites = None,
    figure: Figure = None,
    seed: Seed = None,
    as_json: AsJson = False,
) -> None:
    """Let lots queue in a facility, and say how long patients wait from vein to vein.

    The days of each lot are those of its recipe; the wait for a slot comes from the queue. Lots
    that fail are made again.

    For example:
      progenitor facility --recipe conventional_car_t --per-year 300
      progenitor facility studies/supply/facility.yaml --suites 8 --json
      progenitor facility studies/supply/facility.yaml --figure queue.svg
    """
    from progenitor.cli._output import write_json
    from progenitor.cli._supply_output import plain_run
    from progenitor.study import load_facility, run_facility_file

    asked = load_facility(
        file,
        recipe=recipe,
        per_year=per_year,
        patients=patients,
        replicates=replicates,
        suites=suites,
        seed=seed,
    )
    run = run_facility_file(asked)
    if figure is not None:
        from progenitor.report import write_figure
        from progenitor.report.figures import facility_gantt

        write_figure(facility_gantt(run), figure)
    plain = {"facility": asked.name, "recipe": asked.recipe, "per_year": asked.per_year,
             **plain_run(run)}  # fmt: skip
    if as_json:
        write_json(plain)
        return
    _show(plain)


def _show(plain: dict[str, Any]) -> None:
    from progenitor.cli._output import number, paragraph, percent, table

    days, wait = plain["vein_to_vein"], plain["wait"]
    paragraph(
        f"{plain['facility']}, {plain['recipe']}: {plain['patients']} patients at "
        f"{plain['per_year']:g} a year, {plain['replicates']} repetitions. Vein to vein "
        f"{days['p50']:.1f} days in the median, 95 % within {days['p95']:.1f} (remakes included); "
        f"of these {wait['mean']:.1f} days are waiting on average, 95 % wait no more than "
        f"{wait['p95']:.1f}. {percent(plain['released_fraction'])} are served, with "
        f"{plain['attempts']:.2f} lots each."
    )
    _show_bottleneck(plain)
    typer.echo("")
    table(
        ["resource", "units", "in use"],
        [
            [name, str(one["units"]), percent(one["utilisation"])]
            for name, one in plain["resources"].items()
        ],
    )
    typer.echo("")
    table(
        ["stage", "needs", "mean wait (d)", "95 %"],
        [
            [one["label"], ", ".join(one["needs"]) or "–", number(one["wait"]["mean"]),
             number(one["wait"]["p95"])]
            for one in plain["stages"]
            if one["needs"]
        ],
    )  # fmt: skip


def _show_bottleneck(plain: dict[str, Any]) -> None:
    """Say for what lots wait longest, and what is used most."""
    from progenitor.cli._output import paragraph, percent

    slowest = max(plain["stages"], key=lambda one: one["wait"]["mean"], default=None)
    if slowest is None or not slowest["wait"]["mean"] > 0:
        paragraph("Nobody waits.")
        return
    name, busiest = max(plain["resources"].items(), key=lambda one: one[1]["utilisation"])
    paragraph(
        f"Lots wait longest for {slowest['label']} ({', '.join(slowest['needs'])}): "
        f"{slowest['wait']['mean']:.1f} days on average. Most in use: {name}, "
        f"{percent(busiest['utilisation'])} of its time, nights and days off included."
    )
