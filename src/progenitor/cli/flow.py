"""`progenitor flow`: what a cytometer says a product is made of."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.flow_simulate import simulate

__all__ = ["flow"]

Sample = Annotated[Path, typer.Argument(metavar="FILE.fcs", help="Sample: FCS 2.0, 3.0 or 3.1.")]
Gate = Annotated[
    str,
    typer.Option("--gate", metavar="G", help="tscm, or a GatingML file (extra: flow)."),
]
ChannelOption = Annotated[
    list[str] | None,
    typer.Option("--channel", metavar="M=NAME", help="Channel of a marker; repeatable."),
]
Threshold = Annotated[
    list[str] | None,
    typer.Option("--threshold", metavar="M=X", help="Gate of a marker, compensated; repeatable."),
]
Fmo = Annotated[
    list[str] | None,
    typer.Option("--fmo", metavar="M=FILE", help="Sample without that stain; repeatable."),
]
Interval = Annotated[
    float, typer.Option("--interval", metavar="P", help="Probability of intervals; default 0.95.")
]
CompositionFile = Annotated[
    Path | None,
    typer.Option("--composition", metavar="FILE.yaml", help="Write what a study can name."),
]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE.html", help="Write a report with figures.")
]


class _FileFirst(TyperGroup):
    """`progenitor flow FILE` is `progenitor flow gate FILE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where a file or an option stands."""
        if args and args[0] not in {*self.commands, "--help", "-h"}:
            args = ["gate", *args]
        return TyperGroup.parse_args(self, ctx, args)


flow = typer.Typer(
    cls=_FileFirst,
    help="Composition of a product from flow cytometry: flow FILE.fcs, or flow simulate.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@flow.command()
@exits
def gate(
    sample: Sample,
    gate: Gate = "tscm",
    channel: ChannelOption = None,
    threshold: Threshold = None,
    fmo: Fmo = None,
    interval: Interval = 0.95,
    composition: CompositionFile = None,
    report: Report = None,
    as_json: AsJson = False,
) -> None:
    """Gate a stem-memory panel and say what the T cells are, with the doubt.

    Cells, single, live, CD3+, CD4 or CD8, then CD45RA, CCR7 and CD95: naive, stem memory, central
    memory, effector memory and effector cells. Gates stand where the densities have valleys, shares
    are corrected for overlap, and intervals hold counting, gates and clouds.

    A study uses the result: write it with --composition, and name the file in a product.

    For example:
      progenitor flow gate lot7.fcs
      progenitor flow lot7.fcs --json
      progenitor flow lot7.fcs --composition lot7.yaml --report lot7.html
      progenitor flow lot7.fcs --channel CD95=R660-A --threshold CCR7=900
      progenitor flow lot7.fcs --fmo CD95=without_cd95.fcs
      progenitor flow lot7.fcs --gate drawn.gatingml
    """
    from progenitor.cli._flow_gates import gate_by_file, gate_by_itself
    from progenitor.cli._table_file import check_target

    check_target(composition)
    check_target(report)
    if gate == "tscm":
        gate_by_itself(
            sample,
            channels=channel or [],
            thresholds=threshold or [],
            fmo=fmo or [],
            interval=interval,
            composition=composition,
            report=report,
            as_json=as_json,
        )
        return
    gate_by_file(Path(gate), sample, composition=composition, as_json=as_json)


flow.command()(simulate)
