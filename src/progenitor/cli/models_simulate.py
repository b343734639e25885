"""`progenitor models simulate`: virtual patients of a published model."""

from pathlib import Path
from typing import Annotated

import typer

from progenitor.cli._exits import exits
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
from progenitor.cli._options import AsJson

__all__ = ["simulate"]

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A model of the library, such as library:stein_2019.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="S", min=0, help="Of everything random.")]
Param = Annotated[
    list[str] | None,
    typer.Option("--param", "-p", metavar="ID=VALUE", help="Set a number; repeatable."),
]
End = Annotated[float | None, typer.Option("--end", metavar="T", help="Day of the last visit.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE.csv", help="Write every patient's course too."),
]


@exits
def simulate(
    name: Name,
    patients: Patients = None,
    seed: Seed = 1,
    variant: Variant = "",
    param: Param = None,
    end: End = None,
    visits: Visits = "",
    observable: Observable = "",
    lloq: Lloq = None,
    residual: Residual = False,
    typical: Typical = False,
    as_json: AsJson = False,
    output: Output = None,
) -> None:
    """Simulate virtual patients of a published model and say what a trial would see.

    Prints percentiles of every observable on visit days, and kinetics without a compartment model
    (geometric mean, coefficient of variation, 5, 50 and 95 %), from samples on every half day of
    four weeks and then on visits; with --visits from those alone. Patients that fail are counted.

    For example:
      progenitor models simulate library:stein_2019
      progenitor models simulate library:stein_2019 --patients 200 --seed 7 --json
      progenitor models simulate library:stein_2019 --variant tocilizumab --end 28
      progenitor models simulate library:kimmel_2021 --typical --param tumour_growth_rate=0.2
      progenitor models simulate library:stein_2019 --residual --output patients.csv
    """
    from progenitor.cli._model_names import parameter_changes

    asked = Asked(
        patients=patients,
        seed=seed,
        variant=variant,
        typical=typical,
        residual=residual,
        changes=parameter_changes(param or []),
        end=end,
        visits=visits,
        observable=observable,
        lloq=lloq,
        as_json=as_json,
        output=output,
    )
    simulate_library(name, asked)
