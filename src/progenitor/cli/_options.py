"""Arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["AsJson", "Seed", "StudyPath"]

StudyPath = Annotated[Path, typer.Argument(metavar="STUDY", help="Study file (YAML).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines, nothing else.")]
Seed = Annotated[
    int | None, typer.Option("--seed", metavar="N", help="Seed, instead of the one in the study.")
]
