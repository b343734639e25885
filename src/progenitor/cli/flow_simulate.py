"""`progenitor flow simulate`: synthetic panels whose truth is known."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["simulate"]

Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE.fcs", help="Where to write the sample.")
]
Events = Annotated[
    int | None, typer.Option("--events", metavar="N", help="Events; else drawn, 5,000 to 80,000.")
]
Shares = Annotated[
    str,
    typer.Option(
        "--shares", metavar="A,B,C,D,E", help="naive, tscm, tcm, tem, teff; else drawn from seed."
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Seed; default 1.")]


@exits
def simulate(
    output: Output = Path("panel.fcs"),
    events: Events = None,
    shares: Shares = "",
    seed: SeedOption = 1,
    as_json: AsJson = False,
) -> None:
    """Write a synthetic stem-memory panel, and print what is truly in it.

    Shares, spillover, noise, autofluorescence, dead cells, doublets, debris and brightness are
    drawn from the seed: the same seed gives the same file. Truth is printed as the shares drawn
    from, and as the live single T cells that are really there.

    For example:
      progenitor flow simulate
      progenitor flow simulate --seed 7 --events 20000 -o panel.fcs --json
      progenitor flow simulate --shares 0.3,0.05,0.3,0.2,0.15 -o panel.fcs
    """
    from dataclasses import replace

    from progenitor.assay import PanelTruth, synthetic_panel
    from progenitor.cli._output import percent, table, write_json
    from progenitor.cli._table_file import check_target
    from progenitor.interop import write_fcs
    from progenitor.product import MEMORY_PHENOTYPES

    check_target(output)
    truth = PanelTruth.drawn(seed, events=events)
    if shares:
        truth = replace(truth, shares=_shares(shares))
    panel = synthetic_panel(truth, seed=seed)
    write_fcs(panel.events, output)
    total = sum(panel.counts.values())
    answer = {
        "file": str(output),
        "seed": seed,
        "events": truth.events,
        "t_cells": total,
        "truth": {
            name: {
                "share": truth.shares[place],
                "events": panel.counts[name],
                "realised": panel.counts[name] / total if total else None,
            }
            for place, name in enumerate(MEMORY_PHENOTYPES)
        },
        "tscm_fraction": panel.counts["tscm"] / total if total else None,
        "settings": {key: value for key, value in asdict(truth).items() if key != "shares"},
    }
    if as_json:
        write_json(answer)
        return
    typer.echo(f"{output}: {truth.events} events, {total} live single T cells (seed {seed})")
    rows = [
        [name, percent(truth.shares[place]), str(panel.counts[name])]
        for place, name in enumerate(MEMORY_PHENOTYPES)
    ]
    table(["phenotype", "drawn from", "events"], rows)


def _shares(text: str) -> tuple[float, ...]:
    """Read five shares."""
    from progenitor.errors import InputError, Problem

    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        fix = "write five shares that add to 1, such as 0.3,0.05,0.3,0.2,0.15"
        raise InputError(
            [Problem(f"'{text}' is no list of shares", fix, field="--shares")]
        ) from None
