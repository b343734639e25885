"""Virtual patients of a published model: what both `simulate` commands print and write."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

import typer

from progenitor.cli._file_simulation import solver_options
from progenitor.cli._output import number, percent, table, write_json

if TYPE_CHECKING:
    from progenitor.library import Population, PublishedModel

__all__ = ["Asked", "simulate_library"]


_USUAL: Final = 1_000
_USUAL_TOLERANCE: Final = 1e-6


@final
@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for.

    Parameters
    ----------
    patients
        How many; by default 1,000, or 1 where only the typical one is wanted.
    seed, variant, typical, residual
        See :func:`progenitor.library.simulate_population`.
    changes
        Numbers set by hand.
    end
        Last day, instead of the model's own.
    visits
        Days, comma-separated; empty for the usual ones.
    observable
        Whose kinetics are told; empty for the first.
    lloq
        Lower limit of quantification for the kinetics, if any.
    engine, rtol
        How to solve; the tolerance is that of the engine unless one is given.
    as_json, output
        How to tell, and where to write every patient.
    """

    patients: int | None = None
    seed: int = 1
    variant: str = ""
    typical: bool = False
    residual: bool = False
    changes: Mapping[str, float] | None = None
    end: float | None = None
    visits: str = ""
    observable: str = ""
    lloq: float | None = None
    engine: str = "fast"
    rtol: float | None = None
    as_json: bool = False
    output: Path | None = None

    @property
    def count(self) -> int:
        """How many patients are simulated."""
        if self.patients is None:
            return 1 if self.typical else _USUAL
        return self.patients


def simulate_library(name: str, asked: Asked) -> None:
    """Simulate a published model, tell what a trial would see, and write the patients if asked.

    Parameters
    ----------
    name
        Of the model.
    asked
        Everything else.

    Raises
    ------
    InputError
        Lists everything that is wrong with what was asked.
    """
    from progenitor.cli._table_file import check_target, write_table
    from progenitor.interop import course_table
    from progenitor.library import find_model, metrics_of

    model = find_model(name)
    check_target(asked.output)
    started = time.perf_counter()
    population, visits = _simulated(model, asked)
    observable = asked.observable or population.observables[0]
    limit = float("nan") if asked.lloq is None else asked.lloq
    metrics = metrics_of(population, observable, lower_limit=limit)
    told = _told(asked, population, visits, observable, metrics)
    told["seconds"] = round(time.perf_counter() - started, 3)
    if asked.output is not None:
        write_table(course_table(population), asked.output)
    if asked.as_json:
        write_json(told)
    else:
        _print(told, asked.output)


def _simulated(model: "PublishedModel", asked: Asked) -> "tuple[Population, tuple[float, ...]]":
    """Return patients looked at on visits, and often at first unless visits were asked for."""
    import numpy as np

    from progenitor.errors import InputError, Problem
    from progenitor.library import (
        checked_visits,
        sample_days,
        simulate_population,
        typical_patient,
        visit_days,
    )

    if asked.count < 1:
        raise InputError([Problem(f"--patients is {asked.count}", "give 1 or more")])
    changes = dict(asked.changes or {})
    if asked.end is not None:
        changes[model.end] = asked.end
    numbers = typical_patient(model, variant=asked.variant, changes=changes).numbers
    last = numbers[model.end]
    wanted = _days(asked.visits)
    visits = checked_visits(wanted, last) if wanted else visit_days(last)
    days = visits if wanted else sample_days(visits)
    found = simulate_population(
        model,
        patients=asked.count,
        seed=asked.seed,
        times=np.tile(days, (asked.count, 1)),
        variant=asked.variant,
        changes=changes,
        typical=asked.typical,
        residual=asked.residual,
        options=solver_options(asked.engine, asked.rtol or _USUAL_TOLERANCE),
    )
    return found, visits


def _days(text: str) -> list[float]:
    from progenitor.errors import InputError, Problem

    words = [word.strip() for word in text.split(",") if word.strip()]
    try:
        return [float(word) for word in words]
    except ValueError:
        fix = "write days with commas: --visits 0,7,14,28"
        raise InputError([Problem(f"--visits is '{text}'", fix)]) from None


def _told(
    asked: Asked,
    population: "Population",
    visits: Sequence[float],
    observable: str,
    metrics: Mapping[str, Any],
) -> dict[str, Any]:
    """Arrange everything that is told as plain data."""
    from progenitor.library import PERCENTILES, percentiles_at

    failed = int((population.status != 0).sum())
    percentiles = percentiles_at(population, visits)
    return {
        "model": f"library:{population.model}",
        "variant": asked.variant,
        "seed": asked.seed,
        "typical": asked.typical,
        "residual": asked.residual,
        "simulated": asked.count,
        "failed": failed,
        "days": list(visits),
        "percentiles": {
            shown: {
                "unit": unit,
                **{
                    f"p{rank:g}": row.tolist()
                    for rank, row in zip(PERCENTILES, percentiles[shown], strict=True)
                },
            }
            for shown, unit in zip(population.observables, population.units, strict=True)
        },
        "kinetics_of": observable,
        "kinetics": {
            key: {
                "title": seen.title,
                "unit": seen.unit,
                "n": seen.summary.count,
                "geometric_mean": seen.summary.geometric_mean,
                "cv": seen.summary.geometric_cv,
                "p5": seen.summary.p5,
                "p50": seen.summary.median,
                "p95": seen.summary.p95,
                "share": seen.summary.mean if seen.unit == "1" else None,
            }
            for key, seen in metrics.items()
        },
    }


def _print(told: Mapping[str, Any], output: Path | None) -> None:
    who = "the typical patient" if told["typical"] else f"{told['simulated']} patients"
    variant = f", variant {told['variant']}" if told["variant"] else ""
    scatter = ", with residual error" if told["residual"] else ""
    typer.echo(
        f"{told['model']}{variant}: {who}, seed {told['seed']}{scatter}; {told['failed']} failed; "
        f"{told['seconds']:.1f} s"
    )
    for name, found in told["percentiles"].items():
        typer.echo(f"\n{name} [{found['unit']}]")
        ranks = [key for key in found if key != "unit"]
        columns: Sequence[Sequence[float]] = [told["days"], *(found[key] for key in ranks)]
        rows = [[f"{row[0]:g}", *map(number, row[1:])] for row in zip(*columns, strict=True)]
        table(["day", *ranks], rows)
    typer.echo(f"\nKinetics of {told['kinetics_of']}")
    table(
        ["metric", "unit", "n", "geometric mean", "CV", "5 %", "median", "95 %"],
        [
            [
                seen["title"],
                seen["unit"],
                str(seen["n"]),
                number(seen["geometric_mean"]),
                percent(seen["cv"]),
                *(number(seen[key]) for key in ("p5", "p50", "p95")),
            ]
            for seen in told["kinetics"].values()
        ],
    )
    if output is not None:
        typer.echo(f"\nEvery patient is in {output}")
