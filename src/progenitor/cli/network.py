"""`progenitor network`: the cheapest network that returns every therapy in time."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["network"]

NetworkPath = Annotated[Path, typer.Argument(metavar="FILE.yaml", help="Places, journeys, orders.")]
Patients = Annotated[
    int | None,
    typer.Option("--patients", metavar="N", min=1, help="Instead of the number in its demand."),
]
Gap = Annotated[
    float,
    typer.Option("--gap", metavar="SHARE", min=0.0, help="Stop within this share of the optimum."),
]
Seconds = Annotated[
    float | None,
    typer.Option("--seconds", metavar="S", min=0.1, help="Stop with the best found by then."),
]
Figure = Annotated[
    Path | None, typer.Option("--figure", metavar="FILE", help="Draw the map as .svg or .png.")
]


@exits
def network(
    file: NetworkPath,
    patients: Patients = None,
    gap: Gap = 0.0,
    seconds: Seconds = None,
    figure: Figure = None,
    as_json: AsJson = False,
) -> None:
    """Find which plants to keep, and where each patient is served, at the least cost.

    Hubs, plants at the point of care and depots of a banked product are all plants; with
    'failures' the lines must hold remakes too, in all but a share of sampled futures.

    For example:
      progenitor network studies/supply/five_patients.yaml
      progenitor network studies/supply/two_thousand.yaml --json
      progenitor network studies/supply/worldwide_bank.yaml --figure map.svg
    """
    from progenitor.cli._output import write_json
    from progenitor.cli._supply_output import plain_design
    from progenitor.manufacture import design_for_failures, design_network, load_network

    asked = load_network(file, patients=patients)
    start = time.perf_counter()
    limits = {"horizon": asked.horizon, "time_limit": seconds}
    if asked.failures is None:
        design = design_network(asked.network, asked.orders, relative_gap=gap, **limits)  # type: ignore[arg-type]
    else:
        design = design_for_failures(
            asked.network,
            asked.orders,
            asked.failures,
            relative_gap=max(gap, 1e-4),
            **limits,  # type: ignore[arg-type]
        )
    plain = plain_design(design, time.perf_counter() - start)
    if figure is not None:
        from progenitor.report import write_figure
        from progenitor.report.figures import network_map

        write_figure(network_map(design), figure)
    if as_json:
        write_json(plain)
        return
    _show(plain)


def _show(plain: dict[str, Any]) -> None:
    from progenitor.cli._output import paragraph, table

    kept = [one for one in plain["plants"] if one["kept"]]
    paragraph(
        f"{plain['network']}: {plain['cost_per_therapy']:,.2f} USD for each of {plain['patients']} "
        f"therapies with {len(kept)} of {len(plain['plants'])} plants, back after "
        f"{plain['turnaround']['p50']:g} days in the median, 95 % within "
        f"{plain['turnaround']['p95']:g}; {plain['seconds']:.1f} s."
    )
    if plain["remakes_per_patient"]:
        paragraph(
            f"{100 * plain['remakes_per_patient']:.1f} % of lots are made again; lines fall short "
            f"in {100 * plain['futures_short']:.1f} % of sampled futures."
        )
    typer.echo("")
    table(
        ["plant kept", "lines", "most in use", "patients"],
        [[one["name"], *(str(one[key]) for key in ("lines", "peak", "patients"))] for one in kept],
    )
    typer.echo("")
    table(
        ["cost", "USD", "per therapy"],
        [
            [name, f"{value:,.2f}", f"{value / plain['patients']:,.2f}"]
            for name, value in plain["costs"].items()
        ],
    )
