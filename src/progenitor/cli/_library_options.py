"""Options of the two commands that simulate published models."""

from typing import Annotated

import typer

__all__ = ["Lloq", "Observable", "Patients", "Residual", "Typical", "Variant", "Visits"]

Patients = Annotated[
    int | None, typer.Option("--patients", metavar="N", help="How many; default 1000.")
]
Variant = Annotated[
    str,
    typer.Option("--variant", metavar="V", help="A named set of numbers, as `models show` lists."),
]
Visits = Annotated[
    str, typer.Option("--visits", metavar="D,D,…", help="Days; default often, then rarely.")
]
Observable = Annotated[
    str, typer.Option("--observable", metavar="NAME", help="Whose kinetics; default the first.")
]
Lloq = Annotated[
    float | None,
    typer.Option("--lloq", metavar="X", help="Lower limit of quantification for the kinetics."),
]
Residual = Annotated[
    bool, typer.Option("--residual", help="Let observations scatter as the paper says.")
]
Typical = Annotated[bool, typer.Option("--typical", help="Only the typical patient.")]
