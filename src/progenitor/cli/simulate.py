"""`progenitor simulate`: the course of an SBML or Antimony model."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from progenitor.cli._exits import exits

if TYPE_CHECKING:
    from progenitor.engine import SolverOptions

__all__ = ["simulate"]

_FINE: Final = 1e-6
"""Share of the usual absolute tolerances."""

ModelPath = Annotated[
    Path, typer.Argument(metavar="MODEL", help="SBML (.xml, .sbml) or Antimony (.ant).")
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
    float, typer.Option("--rtol", metavar="R", help="Relative tolerance of the solver.")
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
    rtol: Rtol = 1e-10,
    stochastic: Stochastic = False,
    runs: Runs = 1_000,
    seed: Seed = 1,
    all_runs: AllRuns = False,
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
    """
    from progenitor.cli._table_file import check_target, write_table
    from progenitor.interop import output_times, read_model, read_records, with_values

    check_target(output)
    changes, options = _changes(param or []), _options(engine, rtol)
    if data is not None:
        _refuse_with_data(end=end, points=points, stochastic=stochastic)
        records = read_records(data)
        imported = read_model(model)
        values = with_values(imported, changes)
        write_table(_beside(imported, records, values, amounts, options), output)
        return
    times = output_times(start, *_asked(end, points))
    imported = read_model(model)
    values = with_values(imported, changes)
    if stochastic:
        text = _at_random(imported, times, values, amounts, runs, seed, all_runs)
    else:
        text = _in_time(imported, times, values, amounts, options)
    write_table(text, output)


def _in_time(
    imported: Any, times: Any, values: Mapping[str, float], amounts: bool, options: Any
) -> str:
    from progenitor.interop import simulate_course

    found = simulate_course(imported, times, parameters=values, amounts=amounts, options=options)
    return found.csv()


def _at_random(
    imported: Any,
    times: Any,
    values: Mapping[str, float],
    amounts: bool,
    runs: int,
    seed: int,
    every: bool,
) -> str:
    from progenitor.interop import simulate_runs

    found = simulate_runs(
        imported, times, parameters=values, runs=runs, seed=seed, amounts=amounts, every=every
    )
    return found.csv()


def _beside(
    imported: Any, records: Any, values: Mapping[str, float], amounts: bool, options: Any
) -> str:
    from progenitor.interop import simulate_records

    return simulate_records(imported, records, parameters=values, amounts=amounts, options=options)


def _asked(end: float | None, points: int | None) -> tuple[float, int]:
    """Return when and how many outputs there are; complain when that was not said."""
    from progenitor.errors import InputError, Problem

    if end is None or points is None:
        missing = [name for name, said in (("--end", end), ("--points", points)) if said is None]
        fix = "write --end 100 --points 101, or give a table with --data"
        raise InputError([Problem(f"missing: {', '.join(missing)}", fix)])
    return end, points


def _refuse_with_data(**said: object) -> None:
    """Complain about options that mean nothing beside a table."""
    from progenitor.errors import InputError, Problem

    problems = [
        Problem(f"--{name} and --data together", f"leave out --{name}: the table says it")
        for name, value in said.items()
        if value not in (None, False)
    ]
    if problems:
        raise InputError(problems)


def _changes(words: Sequence[str]) -> Mapping[str, float]:
    """Read ID=VALUE words; complain about all that are none."""
    from progenitor.errors import InputError, Problem

    changes: dict[str, float] = {}
    problems = []
    for word in words:
        name, _, value = word.partition("=")
        try:
            changes[name.strip()] = float(value)
        except ValueError:
            problems.append(Problem(f"'{word}' is not ID=VALUE", "write --param k=0.1"))
    if problems:
        raise InputError(problems)
    return changes


def _options(engine: str, rtol: float) -> "SolverOptions":
    from progenitor.engine import SolverOptions
    from progenitor.errors import InputError, Problem

    known = ("fast", "reference")
    problems = []
    if engine not in known:
        problems.append(Problem(f"--engine is '{engine}'", f"write {' or '.join(known)}"))
    if not 1e-12 <= rtol <= 1e-2:
        problems.append(Problem(f"--rtol is {rtol}", "give a number from 1e-12 to 1e-2"))
    if problems:
        raise InputError(problems)
    # One course costs nothing, and a model may hold amounts of 1e-12 beside others of 1e12.
    return SolverOptions(rtol=rtol, engine=engine, atol_scale=_FINE)
