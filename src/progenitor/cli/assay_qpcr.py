"""`progenitor assay qpcr`: copies from cycles."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.assay import StandardCurve
    from progenitor.interop import QpcrTable

__all__ = ["qpcr"]

Table = Annotated[Path, typer.Argument(metavar="FILE.csv", help="Wells and standards.")]
Lloq = Annotated[
    float, typer.Option("--lloq", metavar="X", help="Lower limit of quantification, copies/ug.")
]
PerMass = Annotated[
    bool, typer.Option("--per-mass-only", help="Copies per microgram only: needs no WBC.")
]


@exits
def qpcr(
    table: Table, lloq: Lloq = 0.0, per_mass_only: PerMass = False, as_json: AsJson = False
) -> None:
    """Turn cycles into copies per microgram of DNA and per microlitre of blood.

    Columns SAMPLE, ROLE (standard or sample), CQ, COPIES (of standards), NG (of DNA in a reaction)
    and WBC (cell/uL). A line is fitted through the standards; copies/uL = copies/ug x WBC x DNA of
    a cell, so a white cell count is needed. Rows of one sample are replicate wells.

    For example:
      progenitor assay qpcr plate.csv --lloq 50
      progenitor assay qpcr plate.csv --lloq 50 --json
      progenitor assay qpcr plate.csv --per-mass-only
    """
    from progenitor.assay import fit_standard_curve
    from progenitor.cli._output import write_json
    from progenitor.errors import InputError, Problem
    from progenitor.evidence import default_catalogue
    from progenitor.interop import read_qpcr

    if not lloq >= 0:
        raise InputError(
            [Problem(f"a limit of {lloq:g} is none", "give 0 or more", field="--lloq")]
        )
    read = read_qpcr(table, volume=not per_mass_only)
    curve = fit_standard_curve(read.standard_copies, read.standard_cycles)
    used = default_catalogue().parameter("assay/dna_mass_per_cell").used
    dna = float(used.median) if used is not None else float("nan")
    rows = _samples(read, curve, lloq, None if per_mass_only else dna)
    answer = {
        "file": str(table),
        "curve": {
            "slope": curve.slope, "intercept": curve.intercept, "r_squared": curve.r_squared,
            "efficiency": curve.efficiency, "efficiency_interval": curve.efficiency_interval,
            "standards": curve.points, "faults": list(curve.faults),
        },
        "lloq": lloq,
        "dna_per_cell_ug": dna,
        "samples": rows,
    }  # fmt: skip
    if as_json:
        write_json(answer)
        return
    _show(answer)


def _samples(
    read: "QpcrTable", curve: "StandardCurve", lloq: float, dna: float | None
) -> list[dict[str, Any]]:
    """Arrange copies of every sample; per microlitre where the DNA of a cell is given."""
    import numpy as np

    from progenitor.assay import copies_per_volume

    rows: list[dict[str, Any]] = []
    for place, name in enumerate(read.samples):
        cycle = read.cycles[place : place + 1]
        per_ug = 1e3 / float(read.nanograms[place])
        found = curve.levels(cycle, wells=int(read.wells[place]))
        ends = [float(of[0]) * per_ug for of in (found.value, found.low, found.high)]
        below = bool(found.below[0]) or ends[0] < lloq
        outside = bool(np.isfinite(cycle[0])) and not (
            curve.range[0] <= found.value[0] <= curve.range[1]
        )
        row: dict[str, Any] = {
            "sample": name, "cq": float(cycle[0]), "wells": int(read.wells[place]),
            "copies_per_ug": ends[0], "low": ends[1], "high": ends[2], "below_lloq": below,
            "outside_standards": outside,
        }  # fmt: skip
        if dna is not None:
            white = np.full(3, read.white_cells[place])
            volume = copies_per_volume(np.array(ends), white, dna_per_cell=dna)
            row["wbc"] = float(white[0])
            row |= dict(zip(("copies_per_ul", "low_per_ul", "high_per_ul"), volume.tolist(),
                            strict=True))  # fmt: skip
        rows.append(row)
    return rows


def _show(answer: dict[str, Any]) -> None:
    from progenitor.cli._output import number, paragraph, table

    curve = answer["curve"]
    low, high = (100 * end for end in curve["efficiency_interval"])
    typer.echo(
        f"standards: Cq = {curve['intercept']:.3f} {curve['slope']:+.3f} log10(copies), R² "
        f"{curve['r_squared']:.4f}, efficiency {100 * curve['efficiency']:.1f} % "
        f"({low:.0f} to {high:.0f} %)"
    )
    for fault in curve["faults"]:
        paragraph(fault, bullet="  - ")
    volume = "copies_per_ul" in answer["samples"][0] if answer["samples"] else False
    head = ["sample", "Cq", "copies/ug", "95 % interval", *(["copies/uL"] if volume else []), ""]
    rows = []
    for row in answer["samples"]:
        limit = "below the limit" if row["below_lloq"] else ""
        limit = limit or ("outside the standards" if row["outside_standards"] else "")
        rows.append(
            [
                row["sample"], number(row["cq"]), number(row["copies_per_ug"]),
                f"{number(row['low'])} to {number(row['high'])}",
                *([number(row["copies_per_ul"])] if volume else []), limit,
            ]
        )  # fmt: skip
    table(head, rows)
