"""Arguments of `progenitor make --optimise`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Ask", "Candidates", "Optimise", "Out", "Report", "Tell"]

Optimise = Annotated[
    bool, typer.Option("--optimise", help="Search the recipe's settings for a Pareto front.")
]
Candidates = Annotated[
    int | None,
    typer.Option(
        "--candidates", metavar="N", min=4, max=5000, help="Settings tried, with --optimise."
    ),
]
Ask = Annotated[
    int | None,
    typer.Option(
        "--ask",
        metavar="N",
        min=1,
        max=1000,
        help="Propose N settings to try at the bench, with --optimise; as CSV.",
    ),
]
Tell = Annotated[
    Path | None,
    typer.Option(
        "--tell", metavar="FILE", help="Results measured at the bench (CSV), with --optimise."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where --ask writes the plan; else to the screen."),
]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Write a page of figures (HTML).")
]
