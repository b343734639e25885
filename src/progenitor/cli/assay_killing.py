"""`progenitor assay killing`: an impedance killing assay, fitted with the CARRGO form."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.assay import KillingFit

__all__ = ["killing"]

Table = Annotated[Path, typer.Argument(metavar="FILE.csv", help="TIME, and a column per well.")]
Well = Annotated[
    list[str],
    typer.Option("--well", metavar="NAME=RATIO", help="Effectors per target; repeatable."),
]
Control = Annotated[
    str, typer.Option("--control", metavar="NAME", help="Column of targets without effectors.")
]
Added = Annotated[
    float, typer.Option("--added", metavar="T", help="When effectors were added; default 0.")
]
Until = Annotated[float | None, typer.Option("--until", metavar="T", help="Last time used.")]
TimeUnit = Annotated[
    str, typer.Option("--time-unit", metavar="U", help="Of TIME: hour, minute or day.")
]


@exits
def killing(
    table: Table,
    well: Well,
    control: Control = "",
    added: Added = 0.0,
    until: Until = None,
    time_unit: TimeUnit = "hour",
    as_json: AsJson = False,
) -> None:
    """Fit growth, killing, stimulation and death to cell index, and say if the form is wrong.

    The index is divided by its value when effectors were added. Fitted is
    dx/dt = rho x (1 - x/K) - kappa1 x y, dy/dt = kappa2 x y - theta y (CARRGO, Sahoo 2020).
    Residuals that keep their sign or resemble the one before, numbers at the far end of their
    range, and a death that would have to be negative flag a form that does not describe the data.
    Numbers that the data cannot tell are named.

    For example:
      progenitor assay killing index.csv --well B1=0.25 --control A1 --added 24
      progenitor assay killing index.csv --well B1=0.25 --well C1=0.125 --control A1 --json
    """
    from progenitor.assay import fit_killing
    from progenitor.cli._output import write_json
    from progenitor.errors import InputError, Problem
    from progenitor.interop import read_killing

    ratios: dict[str, float] = {}
    problems = []
    for word in well:
        name, _, value = word.rpartition("=")
        try:
            ratios[name] = float(value)
        except ValueError:
            ratios[name] = float("nan")
        if not name or not 0 < ratios[name] < float("inf"):
            problems.append(Problem(f"'{word}' is not NAME=RATIO", "write --well B1=0.25",
                                    field="--well"))  # fmt: skip
    if problems:
        raise InputError(problems)
    read = read_killing(
        table, wells=ratios, control=control, added=added, until=until, time_unit=time_unit
    )
    answers = [
        {"well": name, "ratio": ratios[name], "index_at_start": read.start[name]}
        | _plain(fit_killing(read.times, of, ratio=ratios[name], control=read.control))
        for name, of in read.index.items()
    ]
    if as_json:
        write_json({"file": str(table), "control": control or None, "wells": answers})
        return
    for answer in answers:
        _show(answer)


def _plain(fit: "KillingFit") -> dict[str, Any]:
    return {
        "numbers": fit.numbers,
        "errors": fit.errors,
        "residual": fit.residual,
        "misspecified": fit.misspecified,
        "faults": list(fit.faults),
        "untold": list(fit.untold),
        "runs_p": fit.tests.runs_p,
        "correlation": fit.tests.correlation,
        "killed_at_end": float(1 - fit.observed[-1]),
        "times": fit.times.tolist(),
        "observed": fit.observed.tolist(),
        "fitted": fit.fitted.tolist(),
    }


def _show(answer: dict[str, Any]) -> None:
    from progenitor.cli._output import number, paragraph, table

    verdict = (
        "the form does not describe these data" if answer["misspecified"] else "no fault found"
    )
    typer.echo(f"{answer['well']} (ratio {answer['ratio']:g}): {verdict}")
    units = {"growth": "1/h", "capacity": "index", "killing": "1/(index h)",
             "stimulation": "1/(index h)", "death": "1/h"}  # fmt: skip
    table(
        ["number", "value", "error", "unit"],
        [
            [name, number(value), number(answer["errors"][name]), units[name]]
            for name, value in answer["numbers"].items()
        ],
    )
    for fault in [*answer["faults"], *answer["untold"]]:
        paragraph(fault, bullet="  - ")
    typer.echo("")
