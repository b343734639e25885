r"""Off-target sites found or predicted elsewhere: Cas-OFFinder, CRISPOR and GUIDE-seq tables.

No genome is searched here. Each site gets a relative cutting rate ``r`` against the intended one:
CRISPOR's CFD score; the share of GUIDE-seq reads against the on-target site; and for Cas-OFFinder,
which lists mismatches and no rates, :math:`r = q^m` with ``q`` the cutting kept per mismatch. With
the on-target efficiency ``e``, the load is the expected number of edits elsewhere in a cell,

.. math:: \lambda = e \sum_i r_i .

Formats: Bae 2014 (doi:10.1093/bioinformatics/btu048), Concordet 2018 (doi:10.1093/nar/gky354), Tsai
2015 (doi:10.1038/nbt.3117).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from progenitor.errors import InputError, Problem

__all__ = ["OffTargetSite", "OffTargets", "load_off_targets"]

_Row = dict[str, str]
_CRISPOR: Final = ("chrom", "start", "mismatchCount", "cfdOfftargetScore")
_BULGE: Final = ("Chromosome", "Position", "Mismatches")
_GUIDE_SEQ: Final = ("bi.sum.mi",)
_GUIDE_SEQ_MISMATCHES: Final = (
    "Site_SubstitutionsOnly.NumSubstitutions",
    "Mismatches",
    "mismatches",
)
_PLAIN: Final = ("crRNA", "Chromosome", "Position", "DNA", "Direction", "Mismatches")


@final
@dataclass(frozen=True, slots=True)
class OffTargetSite:
    """One place in the genome that may be cut beside the intended one.

    Parameters
    ----------
    chromosome, position
        Where, as the table says.
    mismatches
        Bases that differ from the guide; 0 is the intended site.
    relative_rate
        Cutting against the intended site, 0 to 1.
    """

    chromosome: str
    position: str
    mismatches: int
    relative_rate: float


@final
@dataclass(frozen=True, slots=True)
class OffTargets:
    """All sites of a table.

    Parameters
    ----------
    tool
        ``"Cas-OFFinder"``, ``"CRISPOR"`` or ``"GUIDE-seq"``.
    sites
        Every site that is not the intended one.
    efficiency
        On-target efficiency the load is for, 0 to 1.
    """

    tool: str
    sites: tuple[OffTargetSite, ...]
    efficiency: float

    @property
    def load(self) -> float:
        """Expected edits elsewhere per cell."""
        return self.efficiency * math.fsum(site.relative_rate for site in self.sites)


def load_off_targets(
    path: Path | str, *, efficiency: float = 1.0, kept_per_mismatch: float = 0.1
) -> OffTargets:
    r"""Read a table of off-target sites; the columns say which tool wrote it.

    Parameters
    ----------
    path
        Tab-separated file.
    efficiency
        On-target efficiency, 0 to 1.
    kept_per_mismatch
        Cutting kept per mismatch, for a table without rates.

    Raises
    ------
    InputError
        When the file cannot be read or is of no known tool, and for every line that is cut short
        or holds no number where one belongs.

    Examples
    --------
    >>> import tempfile
    >>> table = "chrom\tstart\tmismatchCount\tcfdOfftargetScore\nchr1\t10\t3\t0.2\n"
    >>> with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
    ...     _ = file.write(table)
    ...     file.flush()
    ...     found = load_off_targets(file.name, efficiency=0.5)
    >>> found.tool, found.load
    ('CRISPOR', 0.1)
    """
    problems = [
        Problem(f"{name} is {value:g}", "give a share from 0 to 1", field=name)
        for name, value in (("efficiency", efficiency), ("kept_per_mismatch", kept_per_mismatch))
        if not 0 <= value <= 1
    ]
    if problems:
        raise InputError(problems)
    name = str(path)
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fix = "name a tab-separated text file"
        raise InputError([Problem(f"cannot be read: {error}", fix, file=name)]) from error
    tool, header, first, read = _tool(lines, name, kept_per_mismatch)
    sites: list[OffTargetSite] = []
    for number, line in enumerate(lines[first:], start=first + 1):
        if not line.strip() or line.startswith("##"):
            continue
        fields = line.split("\t")
        if len(fields) != len(header):
            message = f"{len(fields)} columns where the table has {len(header)}"
            problems.append(Problem(message, "restore the line", file=name, line=number))
            continue
        try:
            sites.append(read(dict(zip(header, fields, strict=True))))
        except ValueError as error:
            problems.append(Problem(str(error), "give a number", file=name, line=number))
    if problems:
        raise InputError(problems)
    return OffTargets(tool, _relative(tool, sites), efficiency)


def _tool(
    lines: Sequence[str], name: str, kept: float
) -> tuple[str, list[str], int, Callable[[_Row], OffTargetSite]]:
    """Which tool wrote the table, its columns, its first line of data, and how to read one."""
    header = lines[0].lstrip("#").split("\t") if lines else []
    if set(_CRISPOR) <= set(header):
        return "CRISPOR", header, 1, _crispor
    if set(_GUIDE_SEQ) <= set(header):
        return "GUIDE-seq", header, 1, _guide_seq
    if set(_BULGE) <= set(header):
        return "Cas-OFFinder", header, 1, lambda row: _cas_offinder(row, kept)
    if len(header) == len(_PLAIN) and header[-2:-1] in (["+"], ["-"]):
        return "Cas-OFFinder", list(_PLAIN), 0, lambda row: _cas_offinder(row, kept)
    fix = (
        "give an output of Cas-OFFinder, CRISPOR (columns "
        f"{', '.join(_CRISPOR)}) or GUIDE-seq (column {_GUIDE_SEQ[0]})"
    )
    shown = ", ".join(header[:6]) or "nothing"
    raise InputError([Problem(f"the first line holds {shown}", fix, file=name, line=1)])


def _crispor(row: _Row) -> OffTargetSite:
    score = _number(row, "cfdOfftargetScore")
    mismatches = int(_number(row, "mismatchCount"))
    return OffTargetSite(row["chrom"], row["start"], mismatches, min(score, 1.0))


def _cas_offinder(row: _Row, kept: float) -> OffTargetSite:
    mismatches = int(_number(row, "Mismatches"))
    return OffTargetSite(row["Chromosome"], row["Position"], mismatches, kept**mismatches)


def _guide_seq(row: _Row) -> OffTargetSite:
    column = next((name for name in _GUIDE_SEQ_MISMATCHES if name in row), "")
    mismatches = -1 if not row.get(column, "").strip() else int(_number(row, column))
    place = next((row[key] for key in ("Chromosome", "BED Chromosome", "chrom") if key in row), "")
    start = next((row[key] for key in ("Position", "Min.Position", "start") if key in row), "")
    return OffTargetSite(place, start, mismatches, _number(row, "bi.sum.mi"))


def _relative(tool: str, sites: Sequence[OffTargetSite]) -> tuple[OffTargetSite, ...]:
    """Leave out the intended site; GUIDE-seq reads become shares of its reads."""
    intended = [site for site in sites if site.mismatches == 0]
    others = [site for site in sites if site.mismatches != 0]
    if tool != "GUIDE-seq":
        return tuple(others)
    reads = max((site.relative_rate for site in intended or sites), default=0.0)
    return tuple(
        OffTargetSite(
            site.chromosome,
            site.position,
            site.mismatches,
            min(site.relative_rate / reads, 1.0) if reads > 0 else 0.0,
        )
        for site in others
    )


def _number(row: _Row, column: str) -> float:
    text = row[column].strip()
    try:
        value = float(text)
    except ValueError:
        message = f"{column} is '{text}'"
        raise ValueError(message) from None
    if not (math.isfinite(value) and value >= 0):
        message = f"{column} is {text}"
        raise ValueError(message)
    return value
