"""Columns that tell of patients: their group, and numbers of a model that are known."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from jaxtyping import Float, Int

from progenitor.documents import suggestion
from progenitor.errors import Problem
from progenitor.evidence import PublishedTable
from progenitor.interop._csv_cells import is_missing
from progenitor.interop._records_numbers import parse_number
from progenitor.interop._records_subjects import plain_name
from progenitor.interop._records_text import RecordText

__all__ = ["numbers_of", "strata_of"]

_MOST_STRATA: Final = 8


def strata_of(
    text: RecordText, patients: Sequence[str], column: str, problems: list[Problem]
) -> tuple[tuple[str, ...], Int[np.ndarray, " patient"]]:
    """Name the groups in a column, in order of appearance, and say which each patient is in.

    Parameters
    ----------
    text
        The table.
    patients
        IDs.
    column
        Its name; empty for one group of all.
    problems
        Where problems are noted.
    """
    everyone = np.zeros(len(patients), dtype=np.int64)
    if not column:
        return ("",), everyone
    if column not in text.header:
        fix = suggestion(column, text.header)
        problems.append(Problem(f"there is no column '{column}'", fix, text.file, 1, column))
        return ("",), everyone
    cells = _cells(text, patients, column, problems, needed=True)
    names = [plain_name(cell) for cell in cells]
    known = list(dict.fromkeys(names))
    if len(known) > _MOST_STRATA:
        message = f"column '{column}' divides {len(patients)} patients into {len(known)} groups"
        fix = f"give a column of at most {_MOST_STRATA} groups"
        problems.append(Problem(message, fix, text.file, 1, column))
    return tuple(known), np.array([known.index(name) for name in names], dtype=np.int64)


def numbers_of(
    text: RecordText,
    patients: Sequence[str],
    table: PublishedTable,
    problems: list[Problem],
    *,
    constant: bool,
) -> dict[str, Float[np.ndarray, " patient"]]:
    """Return numbers of a model that the table knows of each patient; NaN where a cell is missing.

    Parameters
    ----------
    text
        The table.
    patients
        IDs.
    table
        Symbols of the model.
    problems
        Where problems are noted.
    constant
        Whether a number that changes within a patient is a problem.
    """
    found: dict[str, Float[np.ndarray, " patient"]] = {}
    for symbol in table.parameters:
        if symbol not in text.names:
            continue
        cells = _cells(text, patients, symbol, problems if constant else [], needed=False)
        values = [np.nan if is_missing(cell) else parse_number(cell) for cell in cells]
        for patient, value in enumerate(values):
            if value is None:
                row = _rows(text, patients[patient])[0]
                message = f"'{cells[patient]}' is not a number"
                fix = "give a number, or . for the model's own"
                problems.append(text.problem(row, symbol, message, fix))
        found[symbol] = np.array([np.nan if value is None else value for value in values])
    return found


def _cells(
    text: RecordText,
    patients: Sequence[str],
    column: str,
    problems: list[Problem],
    *,
    needed: bool,
) -> list[str]:
    """Return what a column says of each patient; note patients of whom it says several things."""
    place = text.header.index(column)
    cells = [row[place] for row in text.rows]
    found = []
    for patient in patients:
        rows = _rows(text, patient)
        said = [row for row in rows if not is_missing(cells[row])]
        other = [row for row in said if plain_name(cells[row]) != plain_name(cells[said[0]])]
        if other:
            message = f"{column} is {cells[other[0]]} after {cells[said[0]]} of the same ID"
            fix = "give one value for each ID"
            problems.append(text.problem(other[0], column, message, fix))
        if needed and not said:
            problems.append(text.problem(rows[0], column, f"{column} is missing", "name the group"))
        found.append(cells[said[0]] if said else "")
    return found


def _rows(text: RecordText, patient: str) -> list[int]:
    return [row for row, cell in enumerate(text.column("ID") or ()) if plain_name(cell) == patient]
