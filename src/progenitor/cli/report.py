"""`progenitor report`: the report of a run, written again."""

from pathlib import Path
from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["report"]


@exits
def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder, as `run` printed it.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.html", help="Where to write; default RUN."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the report of a finished run: one HTML file that needs nothing else.

    For example:
      progenitor report runs/tscm_vs_cart_dlbcl-0123456789ab
      progenitor report runs/tscm_vs_cart_dlbcl-0123456789ab -o answer.html
    """
    from progenitor.cli._output import write_json
    from progenitor.report import write_any_report
    from progenitor.study import load_any_result

    path = write_any_report(load_any_result(run), output or run / "report.html")
    if as_json:
        write_json({"report": str(path)})
    else:
        typer.echo(str(path))
