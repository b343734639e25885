"""`progenitor assay`: PCR and killing assays, from the instrument's table to numbers with doubt."""

import typer

from progenitor.cli.assay_ddpcr import ddpcr
from progenitor.cli.assay_killing import killing
from progenitor.cli.assay_qpcr import qpcr

__all__ = ["assay"]

assay = typer.Typer(
    help="Assays of a product or patient: qpcr, ddpcr, killing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

for _command in (qpcr, ddpcr, killing):
    assay.command()(_command)
