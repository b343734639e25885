"""Tables of PCR wells: cycles with standards, or droplets."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import InputError, Problem
from progenitor.interop._csv_cells import is_missing
from progenitor.interop._records_numbers import number_column
from progenitor.interop._records_text import RecordText, read_text

__all__ = ["DropletTable", "QpcrTable", "read_droplets", "read_qpcr"]

_QPCR: Final = frozenset({"SAMPLE", "ROLE", "CQ", "COPIES", "NG", "WBC"})
_DROPLETS: Final = frozenset(
    {
        "SAMPLE",
        "POSITIVE",
        "DROPLETS",
        "REFERENCE_POSITIVE",
        "REFERENCE_DROPLETS",
        "NG_PER_UL",
        "WBC",
    }
)
_UNDETERMINED: Final = frozenset({"UNDETERMINED", "ND", "N/A", "-"})


@final
@dataclass(frozen=True, slots=True)
class QpcrTable:
    """Wells of a qPCR plate, replicates averaged.

    Parameters
    ----------
    standard_copies, standard_cycles
        Copies in each standard well, and its Cq.
    samples
        Names, in the order of the table.
    cycles
        Mean Cq of each sample; NaN where no well amplified.
    wells
        Wells of each sample.
    nanograms
        DNA in a reaction, (sample,); ng.
    white_cells
        Cells per microlitre of blood, (sample,); NaN where not given.
    """

    standard_copies: Float[np.ndarray, " standard"]
    standard_cycles: Float[np.ndarray, " standard"]
    samples: tuple[str, ...]
    cycles: Float[np.ndarray, " sample"]
    wells: Int[np.ndarray, " sample"]
    nanograms: Float[np.ndarray, " sample"]
    white_cells: Float[np.ndarray, " sample"]


@final
@dataclass(frozen=True, slots=True)
class DropletTable:
    """Wells of a digital PCR, replicates added up.

    Parameters
    ----------
    samples
        Names, in the order of the table.
    positive, droplets
        Positive and accepted droplets, (sample,).
    reference_positive, reference_droplets
        The same of a reference gene; −1 where there is none.
    nanograms_per_volume
        DNA in the reaction, ng/µL; NaN where not given.
    white_cells
        Cells per microlitre of blood; NaN where not given.
    """

    samples: tuple[str, ...]
    positive: Int[np.ndarray, " sample"]
    droplets: Int[np.ndarray, " sample"]
    reference_positive: Int[np.ndarray, " sample"]
    reference_droplets: Int[np.ndarray, " sample"]
    nanograms_per_volume: Float[np.ndarray, " sample"]
    white_cells: Float[np.ndarray, " sample"]


def read_qpcr(path: Path | str, *, volume: bool = True) -> QpcrTable:
    """Read a qPCR plate with its standards.

    Columns, in capitals or not: SAMPLE; CQ, empty or ``undetermined`` where nothing amplified;
    ROLE, ``standard`` for standards; COPIES in the reaction of each standard; NG of DNA in the
    reaction of each sample; WBC, white cells per microlitre of blood. Rows of one SAMPLE are
    replicate wells.

    Parameters
    ----------
    path
        Comma-separated text in UTF-8 with a header.
    volume
        Whether copies per microlitre are wanted: then WBC must be there.

    Raises
    ------
    InputError
        Lists everything that is wrong with the file, by line and column.
    """
    problems: list[Problem] = []
    text = _opened(Path(path), _QPCR, ("SAMPLE", "CQ", "ROLE", "COPIES", "NG"), problems)
    if volume and "WBC" not in text.names:
        fix = "add WBC in cell/uL of each sample, or ask for copies/ug only: --per-mass-only"
        problems.append(Problem("there is no column WBC", fix, text.file, 1, "WBC"))
    standard = np.array([cell.lower() == "standard" for cell in text.column("ROLE") or ()])
    cycles = _cycles(text, problems)
    copies, grams, white = (number_column(text, name, np.nan, problems)
                            for name in ("COPIES", "NG", "WBC"))  # fmt: skip
    for row in np.flatnonzero(standard & ~(np.nan_to_num(copies) > 0)):
        problems += [text.problem(int(row), "COPIES", "the standard has no copies above 0",
                                     "give the copies in its reaction")]  # fmt: skip
    for row in np.flatnonzero(~standard & ~(np.nan_to_num(grams) > 0)):
        problems += [text.problem(int(row), "NG", "the sample has no DNA mass above 0",
                                     "give ng of DNA in its reaction")]  # fmt: skip
    if volume and "WBC" in text.names:
        for row in np.flatnonzero(~standard & ~(np.nan_to_num(white, nan=-1.0) >= 0)):
            problems += [text.problem(int(row), "WBC", "the sample has no white cell count",
                                         "give cell/uL, or use --per-mass-only")]  # fmt: skip
    if not problems and not standard.any():
        problems.append(Problem("there is no standard", "give rows with ROLE standard", text.file))
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    names, rows = _grouped(text, ~standard)
    seen = [row[np.isfinite(cycles[row])] for row in rows]
    return QpcrTable(
        copies[standard & np.isfinite(cycles)], cycles[standard & np.isfinite(cycles)], names,
        np.array([cycles[row].mean() if row.size else np.nan for row in seen]),
        np.array([max(1, row.size) for row in seen], dtype=np.int64),
        np.array([grams[row].mean() for row in rows]),
        np.array([white[row].mean() for row in rows]),
    )  # fmt: skip


def read_droplets(path: Path | str) -> DropletTable:
    """Read droplet counts.

    Columns, in capitals or not: SAMPLE; POSITIVE and DROPLETS (accepted); for vector copies per
    cell REFERENCE_POSITIVE and, where it differs, REFERENCE_DROPLETS; for copies per microgram
    NG_PER_UL of DNA in the reaction; for copies per microlitre of blood also WBC. Rows of one
    SAMPLE are replicate wells and are added up.

    Parameters
    ----------
    path
        Comma-separated text in UTF-8 with a header.

    Raises
    ------
    InputError
        Lists everything that is wrong with the file, by line and column.
    """
    problems: list[Problem] = []
    text = _opened(Path(path), _DROPLETS, ("SAMPLE", "POSITIVE", "DROPLETS"), problems)
    counts = {}
    for name in ("POSITIVE", "DROPLETS", "REFERENCE_POSITIVE", "REFERENCE_DROPLETS"):
        values = number_column(text, name, np.nan, problems)
        needed = name in {"POSITIVE", "DROPLETS"}
        wrong = ~((values >= 0) & (values == np.round(values))) & (needed | np.isfinite(values))
        for row in np.flatnonzero(wrong):
            cell = (text.column(name) or ("",) * len(text.rows))[row]
            problems.append(text.problem(int(row), name, f"{name} is '{cell}'",
                                         "give a whole number, 0 or more"))  # fmt: skip
        counts[name] = values
    grams, white = (number_column(text, name, np.nan, problems) for name in ("NG_PER_UL", "WBC"))
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    names, rows = _grouped(text, np.ones(len(text.rows), dtype=bool))
    has = np.isfinite(counts["REFERENCE_POSITIVE"])
    own = np.isfinite(counts["REFERENCE_DROPLETS"])
    reference = np.where(own, counts["REFERENCE_DROPLETS"], counts["DROPLETS"])

    def added(values: Float[np.ndarray, " row"]) -> Int[np.ndarray, " sample"]:
        return np.array([round(float(values[row].sum())) for row in rows], dtype=np.int64)

    every = np.array([bool(has[row].all()) for row in rows])
    return DropletTable(
        names, added(counts["POSITIVE"]), added(counts["DROPLETS"]),
        np.where(every, added(np.nan_to_num(counts["REFERENCE_POSITIVE"])), -1),
        np.where(every, added(reference), -1),
        np.array([grams[row].mean() for row in rows]),
        np.array([white[row].mean() for row in rows]),
    )  # fmt: skip


def _opened(
    path: Path, known: frozenset[str], needed: tuple[str, ...], problems: list[Problem]
) -> RecordText:
    """Read the text of a table, and refuse it where a column is missing."""
    text = read_text(path, (), problems, besides=known)
    if text is None:
        raise InputError(problems)
    there = ", ".join(text.header)
    problems += [
        Problem(f"there is no column {name}", f"add it; columns: {there}", text.file, 1, name)
        for name in needed
        if name not in text.names
    ]
    if any(problem.line == 1 and problem.field in needed for problem in problems):
        raise InputError(problems)
    return text


def _cycles(text: RecordText, problems: list[Problem]) -> Float[np.ndarray, " row"]:
    """Return Cq of each row; NaN where nothing amplified."""
    found = np.full(len(text.rows), np.nan)
    for row, cell in enumerate(text.column("CQ") or ()):
        if is_missing(cell) or cell.upper() in _UNDETERMINED:
            continue
        try:
            found[row] = float(cell)
        except ValueError:
            problems.append(text.problem(row, "CQ", f"CQ is '{cell}'",
                                         "give a cycle, or 'undetermined'"))  # fmt: skip
    return found


def _grouped(
    text: RecordText, kept: np.ndarray
) -> tuple[tuple[str, ...], list[Int[np.ndarray, " well"]]]:
    """Return samples in order, and the rows of each."""
    names = text.column("SAMPLE") or ()
    order = dict.fromkeys(name for name, keep in zip(names, kept, strict=True) if keep)
    every = np.array(names)
    return tuple(order), [np.flatnonzero((every == name) & kept) for name in order]
