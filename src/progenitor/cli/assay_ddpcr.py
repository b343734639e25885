"""`progenitor assay ddpcr`: copies from droplets."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.interop import DropletTable

__all__ = ["ddpcr"]

Table = Annotated[Path, typer.Argument(metavar="FILE.csv", help="Droplets of each sample.")]
Volume = Annotated[
    float | None,
    typer.Option(
        "--droplet-volume", metavar="NL", help="Of a droplet in nanolitres; else the catalogue's."
    ),
]
Copies = Annotated[
    float, typer.Option("--reference-copies", metavar="N", help="Of the reference gene in a cell.")
]
Lloq = Annotated[
    float, typer.Option("--lloq", metavar="X", help="Lower limit of quantification, copies/ug.")
]


@exits
def ddpcr(
    table: Table,
    droplet_volume: Volume = None,
    reference_copies: Copies = 2.0,
    lloq: Lloq = 0.0,
    as_json: AsJson = False,
) -> None:
    """Turn positive droplets into copies, with the interval of the count.

    Columns SAMPLE, POSITIVE and DROPLETS; with REFERENCE_POSITIVE vector copies per cell; with
    NG_PER_UL of DNA copies/ug, and with WBC (cell/uL) copies/uL of blood.

    For example:
      progenitor assay ddpcr droplets.csv
      progenitor assay ddpcr droplets.csv --droplet-volume 1 --json
    """
    from progenitor.cli._output import write_json
    from progenitor.errors import InputError, Problem
    from progenitor.evidence import shipped_number
    from progenitor.interop import read_droplets

    if droplet_volume is None:
        droplet_volume = shipped_number("assay/droplet_volume")
    problems = [
        Problem(f"{option} is {value:g}", "give more than 0", field=option)
        for option, value in (
            ("--droplet-volume", droplet_volume), ("--reference-copies", reference_copies),
        )
        if not 0 < value < float("inf")
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    read = read_droplets(table)
    rows = _samples(read, droplet_volume, reference_copies, lloq)
    if as_json:
        write_json({"file": str(table), "droplet_volume_nl": droplet_volume, "samples": rows})
        return
    _show(rows)


def _samples(
    read: "DropletTable", volume: float, reference_copies: float, lloq: float
) -> list[dict[str, Any]]:
    """Arrange copies of every sample, in every unit its columns allow."""
    import numpy as np

    from progenitor.assay import copies_per_volume, digital_count
    from progenitor.evidence import default_catalogue

    count = digital_count(read.positive, read.droplets)
    conc = count.concentration(volume)
    referred = read.reference_positive >= 0
    copies = np.full((3, len(read.samples)), np.nan)
    if referred.any():
        target = digital_count(read.positive[referred], read.droplets[referred])
        other = digital_count(read.reference_positive[referred], read.reference_droplets[referred])
        copies[:, referred] = reference_copies * target.ratio_to(other)
    per_ug = conc / np.where(read.nanograms_per_volume > 0, read.nanograms_per_volume, np.nan) * 1e3
    used = default_catalogue().parameter("assay/dna_mass_per_cell").used
    dna = float(used.median) if used is not None else float("nan")
    rows: list[dict[str, Any]] = []
    for place, name in enumerate(read.samples):
        row: dict[str, Any] = {
            "sample": name, "positive": int(read.positive[place]),
            "droplets": int(read.droplets[place]), "saturated": bool(count.saturated[place]),
            "copies_per_droplet": _ends(count.mean[place], count.low[place], count.high[place]),
            "copies_per_ul_reaction": _ends(*conc[:, place]),
        }  # fmt: skip
        if referred[place]:
            row["copies_per_cell"] = _ends(*copies[:, place])
        if np.isfinite(read.nanograms_per_volume[place]):
            row["copies_per_ug"] = _ends(*per_ug[:, place])
            row["below_lloq"] = bool(per_ug[0, place] < lloq)
            if np.isfinite(read.white_cells[place]):
                white = np.full(3, read.white_cells[place])
                blood = copies_per_volume(per_ug[:, place], white, dna_per_cell=dna)
                row["copies_per_ul_blood"] = _ends(*blood)
        rows.append(row)
    return rows


def _ends(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": float(value), "low": float(low), "high": float(high)}


def _show(rows: list[dict[str, Any]]) -> None:
    from progenitor.cli._output import number, table

    wanted = {
        "copies_per_droplet": "copies/droplet", "copies_per_ul_reaction": "copies/uL reaction",
        "copies_per_cell": "copies/cell", "copies_per_ug": "copies/ug",
        "copies_per_ul_blood": "copies/uL blood",
    }  # fmt: skip
    there = {key: title for key, title in wanted.items() if any(key in row for row in rows)}

    def cell(row: dict[str, Any], key: str) -> str:
        if key not in row:
            return "–"
        of = row[key]
        return f"{number(of['value'])} ({number(of['low'])} to {number(of['high'])})"

    table(
        ["sample", "positive", "droplets", *there.values()],
        [
            [row["sample"], str(row["positive"]), str(row["droplets"]),
             *(cell(row, key) for key in there)]
            for row in rows
        ],
    )  # fmt: skip
