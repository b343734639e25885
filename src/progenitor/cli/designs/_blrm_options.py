"""Options of the Bayesian logistic regression command."""

from typing import Annotated

import typer

__all__ = [
    "Achieved",
    "CutHigh",
    "CutLow",
    "Cuts",
    "Doses",
    "Grid",
    "Mu",
    "Overdose",
    "Patients",
    "Quadrature",
    "Reference",
    "Rho",
    "Sd",
    "Step",
    "Tox",
    "Toxic",
    "Treated",
]

Doses = Annotated[str, typer.Option("--doses", metavar="D,D,…", help="Dose levels, rising.")]
Reference = Annotated[
    float, typer.Option("--dose-ref", metavar="D", help="Dose at which alpha is the odds.")
]
Mu = Annotated[str, typer.Option("--mu", metavar="A,B", help="Prior means of ln alpha, ln beta.")]
Sd = Annotated[str, typer.Option("--sd", metavar="A,B", help="Their standard deviations.")]
Rho = Annotated[float, typer.Option("--rho", metavar="R", help="Their correlation.")]
Treated = Annotated[
    str, typer.Option("--n", "--npts", metavar="N,N,…", help="Patients at each dose.")
]
Toxic = Annotated[
    str, typer.Option("--y", "--ntox", metavar="Y,Y,…", help="Toxicities at each dose.")
]
Achieved = Annotated[
    str, typer.Option("--achieved", metavar="D,D,…", help="Dose each patient really got.")
]
Tox = Annotated[
    str, typer.Option("--tox", metavar="0,0,1,…", help="1 for each of them with a toxicity.")
]
Grid = Annotated[str, typer.Option("--grid", metavar="D,D,…", help="Doses asked; else the levels.")]
Cuts = Annotated[str, typer.Option("--cuts", metavar="L,H", help="Limits of the target interval.")]
CutLow = Annotated[
    float | None, typer.Option("--cut-lo", metavar="L", help="Lower limit, instead of --cuts.")
]
CutHigh = Annotated[
    float | None, typer.Option("--cut-hi", metavar="H", help="Upper limit, instead of --cuts.")
]
Quadrature = Annotated[
    str,
    typer.Option(
        "--quadrature",
        metavar="NAME",
        help="points counts those of a plain grid, as published tables are made, off by up to "
        "0.003 at the reference dose; cells cuts inside. Simulated trials use cells.",
    ),
]
Overdose = Annotated[
    float, typer.Option("--overdose", metavar="P", help="Greatest probability of being over.")
]
Patients = Annotated[
    int, typer.Option("--patients", metavar="N", help="Patients of a simulated trial.")
]
Step = Annotated[float, typer.Option("--largest-step", metavar="F", help="Greatest rise.")]
