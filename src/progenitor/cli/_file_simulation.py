"""The course of a model in a file: in time, at random, or beside a table of doses."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Float

    from progenitor.engine import SolverOptions
    from progenitor.interop import ImportedModel

__all__ = ["Wanted", "refuse_together", "simulate_file", "solver_options"]

_FINE: Final = 1e-6
"""Share of the usual absolute tolerances."""
_TIGHT: Final = 1e-10


@final
@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for; names are those of the options.

    Parameters
    ----------
    changes
        Values set by hand.
    start, end, points
        First and last output, and how many.
    data, output
        A table of doses, and where to write.
    amounts
        Whether species are amounts.
    engine, rtol
        How to solve.
    stochastic, runs, seed, all_runs
        Random runs.
    """

    changes: Mapping[str, float]
    start: float
    end: float | None
    points: int | None
    data: Path | None
    output: Path | None
    amounts: bool
    engine: str
    rtol: float | None
    stochastic: bool
    runs: int
    seed: int
    all_runs: bool


def simulate_file(path: Path, wanted: Wanted) -> None:
    """Simulate the model of a file and write its course.

    Parameters
    ----------
    path
        SBML or Antimony.
    wanted
        Everything else.

    Raises
    ------
    InputError
        Lists what is wrong with the file or with what was asked.
    """
    from progenitor.cli._table_file import check_target, write_table
    from progenitor.interop import (
        output_times,
        read_model,
        read_records,
        simulate_records,
        with_values,
    )

    check_target(wanted.output)
    # One course costs nothing, and a model may hold amounts of 1e-12 beside others of 1e12.
    options = solver_options(wanted.engine, wanted.rtol or _TIGHT, _FINE)
    if wanted.data is not None:
        said = {"end": wanted.end, "points": wanted.points, "stochastic": wanted.stochastic}
        refuse_together(said, "--data together", "the table says it")
        records = read_records(wanted.data)
        imported = read_model(path)
        values = with_values(imported, wanted.changes)
        text = simulate_records(
            imported, records, parameters=values, amounts=wanted.amounts, options=options
        )
    else:
        times = output_times(wanted.start, *_span(wanted))
        imported = read_model(path)
        values = with_values(imported, wanted.changes)
        text = _course(imported, times, values, wanted, options)
    write_table(text, wanted.output)


def refuse_together(said: Mapping[str, object], other: str, why: str) -> None:
    """Complain about options that mean nothing beside something else.

    Parameters
    ----------
    said
        Option → what was said, if anything.
    other
        What they do not go with.
    why
        What makes them needless or impossible.

    Raises
    ------
    InputError
        Lists every option that was said.
    """
    from progenitor.errors import InputError, Problem

    problems = [
        Problem(f"--{name} and {other}", f"leave out --{name}: {why}")
        for name, value in said.items()
        if value not in (None, False, "")
    ]
    if problems:
        raise InputError(problems)


def solver_options(engine: str, rtol: float, atol_scale: float = 1.0) -> "SolverOptions":
    """Return how to solve; complain about everything that cannot be.

    Parameters
    ----------
    engine, rtol
        As asked.
    atol_scale
        Share of the usual absolute tolerances.

    Raises
    ------
    InputError
        When there is no such engine or the tolerance is none.
    """
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
    return SolverOptions(rtol=rtol, engine=engine, atol_scale=atol_scale)


def _course(
    imported: "ImportedModel",
    times: "Float[np.ndarray, ' time']",
    values: Mapping[str, float],
    wanted: Wanted,
    options: "SolverOptions",
) -> str:
    from progenitor.interop import simulate_course, simulate_runs

    if not wanted.stochastic:
        found = simulate_course(
            imported, times, parameters=values, amounts=wanted.amounts, options=options
        )
        return found.csv()
    return simulate_runs(
        imported,
        times,
        parameters=values,
        runs=wanted.runs,
        seed=wanted.seed,
        amounts=wanted.amounts,
        every=wanted.all_runs,
    ).csv()


def _span(wanted: Wanted) -> tuple[float, int]:
    """Return when the last output is and how many there are; complain when that was not said."""
    from progenitor.errors import InputError, Problem

    said = {"--end": wanted.end, "--points": wanted.points}
    missing = [name for name, value in said.items() if value is None]
    if wanted.end is None or wanted.points is None:
        fix = "write --end 100 --points 101, or give a table with --data"
        raise InputError([Problem(f"missing: {', '.join(missing)}", fix)])
    return wanted.end, wanted.points
