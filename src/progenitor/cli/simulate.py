"""`progenitor simulate`: the course of a model in a file, or patients of a published one."""

from pathlib import Path
from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._file_simulation import Wanted, refuse_together, simulate_file
from progenitor.cli._library_options import (
    Lloq,
    Observable,
    Patients,
    Residual,
    Typical,
    Variant,
    Visits,
)
from progenitor.cli._library_simulation import Asked, simulate_library
from progenitor.cli._model_names import LIBRARY, parameter_changes
from progenitor.cli._options import AsJson

__all__ = ["simulate"]

ModelPath = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="SBML (.xml, .sbml), Antimony (.ant) or library:NAME."),
]
End = Annotated[float | None, typer.Option("--end", metavar="T", help="Time of the last output.")]
Points = Annotated[
    int | None,
    typer.Option("--points", metavar="N", help="How many outputs, first and last included."),
]
Start = Annotated[
    float,
    typer.Option("--start", metavar="T", help="First output; the model itself starts at 0."),
]
Param = Annotated[
    list[str] | None,
    typer.Option("--param", "-p", metavar="ID=VALUE", help="Change a parameter; repeatable."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE.csv", help="Where to write; default stdout."),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FILE.csv", help="Doses and times as NONMEM has them."),
]
Amounts = Annotated[bool, typer.Option("--amounts", help="Species as amounts.")]
Engine = Annotated[str, typer.Option("--engine", metavar="NAME", help="fast or reference.")]
Rtol = Annotated[
    float | None,
    typer.Option("--rtol", metavar="R", help="Relative tolerance; default 1e-10, library 1e-6."),
]
Stochastic = Annotated[
    bool, typer.Option("--stochastic", help="Random runs in whole numbers: mean and sd.")
]
Runs = Annotated[int, typer.Option("--runs", metavar="N", min=2, help="How many random runs.")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", min=0, help="Of the random runs.")]
AllRuns = Annotated[bool, typer.Option("--all-runs", help="Every run, not their mean and sd.")]


@exits
def simulate(
    model: ModelPath,
    end: End = None,
    points: Points = None,
    start: Start = 0.0,
    param: Param = None,
    data: Data = None,
    output: Output = None,
    amounts: Amounts = False,
    engine: Engine = "fast",
    rtol: Rtol = None,
    stochastic: Stochastic = False,
    runs: Runs = 1_000,
    seed: Seed = 1,
    all_runs: AllRuns = False,
    patients: Patients = None,
    variant: Variant = "",
    visits: Visits = "",
    observable: Observable = "",
    lloq: Lloq = None,
    residual: Residual = False,
    typical: Typical = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a model and write its course as CSV: time, then every species and parameter.

    Columns are the ids of the model, times are in its own unit. A species is what its id means in
    the model's own formulas, for most models its concentration; --amounts gives amounts. Points
    include the first and the last: --end 10 --points 11 gives 0, 1, … 10.

    With --stochastic every reaction happens at random moments and amounts are whole numbers; there
    is a column ID-mean and a column ID-sd for each id, or with --all-runs a column run.

    With --data every subject of a table of doses and observations is simulated (ID, TIME, AMT,
    EVID, CMT, RATE, DUR, ADDL, II, SS; CMT is a species, other columns parameters), and the table
    comes back with the ids beside it; --end and --points are not needed.

    For example:
      progenitor simulate model.xml --end 100 --points 101 --output course.csv
      progenitor simulate model.ant --end 28 --points 29 --param dose=200 --param k=0.1
      progenitor simulate model.xml --end 50 --points 51 --stochastic --runs 10000 --seed 7
      progenitor simulate library:stein_2019 --patients 1000 --json
    """
    changes = parameter_changes(param or [])
    asked = Asked(
        *(patients, seed, variant, typical, residual, changes, end, visits, observable, lloq),
        *(engine, rtol, as_json, output),
    )
    wanted = Wanted(
        *(changes, start, end, points, data, output, amounts, engine, rtol, stochastic, runs),
        *(seed, all_runs),
    )
    if model.startswith(LIBRARY):
        of_files = {"points": points, "data": data, "amounts": amounts, "stochastic": stochastic}
        refuse_together({**of_files, "all-runs": all_runs}, model, "it is for models in files")
        simulate_library(model, asked)
        return
    of_library: dict[str, object] = {"patients": patients, "variant": variant, "visits": visits}
    of_library |= {"observable": observable, "lloq": lloq, "residual": residual}
    of_library |= {"typical": typical, "json": as_json}
    refuse_together(of_library, model, f"it is for models of the library, {LIBRARY}NAME")
    simulate_file(Path(model), wanted)
