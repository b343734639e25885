"""The `progenitor` command: its subcommands, and how it starts and ends."""

import collections
import contextlib
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from progenitor import __version__
from progenitor.cli._compiling import announce_compiling
from progenitor.cli._help import keep_examples
from progenitor.cli.assay import assay
from progenitor.cli.check import check
from progenitor.cli.designs import design
from progenitor.cli.doctor import doctor
from progenitor.cli.evidence import evidence
from progenitor.cli.export import export
from progenitor.cli.facility import facility
from progenitor.cli.fit import fit
from progenitor.cli.flow import flow
from progenitor.cli.forecast import forecast
from progenitor.cli.init import init
from progenitor.cli.kinetics import kinetics
from progenitor.cli.make import make
from progenitor.cli.models import models
from progenitor.cli.network import network
from progenitor.cli.recall import recall
from progenitor.cli.report import report
from progenitor.cli.run import run
from progenitor.cli.simulate import simulate
from progenitor.cli.vpc import vpc

__all__ = ["app", "main"]

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
"""Linear algebra uses one thread, so that sums come out the same on any number of cores."""

_HELP = """
From the progenitor cell to the trial readout: make, give and follow engineered immune cells.

A first answer in three commands:
  progenitor init my_study                              a commented study to edit
  progenitor check my_study/tscm_vs_cart_dlbcl.yaml     every problem, with its fix
  progenitor run my_study/tscm_vs_cart_dlbcl.yaml       results and a report

Research use only; nothing here is medical advice.
"""

app = typer.Typer(
    name="progenitor",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(wanted: bool) -> bool:
    if wanted:
        typer.echo(f"progenitor {__version__}")
        raise typer.Exit
    return wanted


@app.callback(help=keep_examples(_HELP))
def _progenitor(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", is_eager=True, callback=_show_version),
    ] = False,
) -> None:
    """Show the help of all commands, or the version."""


for _command in (
    init,
    check,
    make,
    facility,
    network,
    recall,
    run,
    report,
    simulate,
    kinetics,
    vpc,
    fit,
    export,
    doctor,
):
    app.command()(_command)
app.add_typer(assay, name="assay")
app.add_typer(flow, name="flow")
app.add_typer(models, name="models")
app.add_typer(evidence, name="evidence")
app.add_typer(design, name="design")
app.add_typer(forecast, name="forecast")


_INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        Words after ``progenitor``; by default those of this process.

    Returns
    -------
    int
        0 when all is well, 2 when something a person wrote is wrong, 1 for any other failure,
        130 after Ctrl-C.
    """
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    announce_compiling()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="progenitor")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if code == _INTERRUPTED:
            _keep_exit_code()
        return code
    except KeyboardInterrupt:
        _keep_exit_code()
        return _INTERRUPTED
    return 0


def _keep_exit_code() -> None:
    """Let a process that was interrupted end with its code instead of dying of the signal.

    Python remembers a Ctrl-C that came while it ran code given as text, as imports of data classes
    do, and kills itself by the signal at the end even if the interruption was dealt with. It
    forgets when it next runs such a text, which the making of a named tuple does.
    """
    collections.namedtuple("_Ended", ())  # noqa: PYI024 - made for what Python does meanwhile
