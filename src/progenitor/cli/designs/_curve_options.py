"""Options that the commands of designs on a one-parameter curve share."""

from typing import Annotated

import typer

__all__ = [
    "Coherent",
    "Enough",
    "Halfwidth",
    "Intercept",
    "Levels",
    "Model",
    "Nlevel",
    "Nu",
    "Patients",
    "Restrict",
    "Safety",
    "Scale",
    "Skeleton",
    "Start",
    "Tox",
]

Model = Annotated[str, typer.Option("--model", metavar="NAME", help="Curve: power or logistic.")]
Scale = Annotated[
    float, typer.Option("--scale", metavar="S", help="Prior standard deviation of beta.")
]
Intercept = Annotated[
    float,
    typer.Option("--intercept", "--intcpt", metavar="A", help="Intercept of the logistic curve."),
]
Skeleton = Annotated[
    str,
    typer.Option(
        "--skeleton", "--prior", metavar="P,P,…", help="Prior guess at each dose, rising."
    ),
]
Levels = Annotated[
    str,
    typer.Option("--levels", "--level", metavar="1,1,2,…", help="Dose of each patient, from 1."),
]
Tox = Annotated[
    str, typer.Option("--tox", metavar="0,0,1,…", help="1 for each patient with a toxicity.")
]
Halfwidth = Annotated[
    float, typer.Option("--halfwidth", metavar="D", help="Half-width of indifference intervals.")
]
Nu = Annotated[
    int | None, typer.Option("--nu", metavar="K", help="Prior guess of the right dose, from 1.")
]
Nlevel = Annotated[
    int | None, typer.Option("--nlevel", metavar="K", help="Number of doses of the skeleton.")
]
Coherent = Annotated[
    bool,
    typer.Option(
        "--coherent/--no-coherent",
        help="Not to escalate after a cohort whose share of toxicities reaches the target.",
    ),
]
Restrict = Annotated[
    bool,
    typer.Option(
        "--restrict/--no-restrict",
        help="Not to skip untried doses nor select one; --no-restrict goes by the curve alone.",
    ),
]
Safety = Annotated[
    float | None,
    typer.Option("--safety", metavar="P", help="Stop if P(dose 1 above target) exceeds this."),
]
Enough = Annotated[
    int | None,
    typer.Option("--enough", metavar="N", help="Stop with so many patients at the next dose."),
]
Patients = Annotated[int, typer.Option("--n", metavar="N", help="Patients of a simulated trial.")]
Start = Annotated[int, typer.Option("--start", "--x0", metavar="K", help="First dose, from 1.")]
