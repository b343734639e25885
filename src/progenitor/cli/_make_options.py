"""Arguments of `progenitor make`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Attempts",
    "Dossier",
    "Lots",
    "OffTargetTable",
    "ProductName",
    "RecipeName",
    "SpecificationName",
    "StudyOrNone",
]

StudyOrNone = Annotated[
    Path | None, typer.Argument(metavar="[STUDY]", help="Study file (YAML), or --recipe.")
]
RecipeName = Annotated[
    str | None,
    typer.Option("--recipe", metavar="NAME", help="A recipe of the catalogue, without a study."),
]
ProductName = Annotated[
    str | None,
    typer.Option("--product", metavar="NAME", help="One product of the study; default all."),
]
SpecificationName = Annotated[
    str | None,
    typer.Option("--specification", metavar="NAME", help="Judge the lots by this specification."),
]
OffTargetTable = Annotated[
    Path | None,
    typer.Option("--off-targets", metavar="FILE", help="Table of off-target sites of an edit."),
]
Attempts = Annotated[
    int,
    typer.Option(
        "--attempts",
        metavar="N",
        min=1,
        max=5,
        help="Lots begun for one patient at most; from 2 on, says what becomes of failures.",
    ),
]
Dossier = Annotated[
    Path | None,
    typer.Option(
        "--dossier", metavar="DIR", help="Write certificates, genealogy and RO-Crate of some lots."
    ),
]
Lots = Annotated[
    int, typer.Option("--lots", metavar="N", min=1, max=100_000, help="Lots of each product.")
]
