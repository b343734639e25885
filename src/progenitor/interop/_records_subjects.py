"""Whose record is whose."""

from collections.abc import Iterable

import numpy as np
from jaxtyping import Int

from progenitor.errors import Problem
from progenitor.interop._csv_cells import is_missing
from progenitor.interop._records_numbers import parse_number
from progenitor.interop._records_text import RecordText

__all__ = ["plain_name", "subjects_of"]


def plain_name(cell: str) -> str:
    """Return the name in a cell: whole numbers are the same however they are written.

    Examples
    --------
    >>> plain_name("07"), plain_name("7.0"), plain_name("7a")
    ('7', '7', '7a')
    """
    number = parse_number(cell)
    return cell if number is None or number != int(number) else str(int(number))


def subjects_of(
    text: RecordText, rows: Iterable[int], problems: list[Problem]
) -> tuple[tuple[str, ...], Int[np.ndarray, " row"]]:
    """Return IDs in order, and the position of each record's; IDs in two blocks are noted.

    Parameters
    ----------
    text
        The table; records that are not among ``rows`` have position 0.
    rows
        Which records count, in order.
    problems
        Where problems are noted.
    """
    cells, subject = text.column("ID"), np.zeros(len(text.rows), np.int64)
    if cells is None:
        return (), subject
    known: dict[str, int] = {}
    last_row: dict[str, int] = {}
    before = None
    for row in rows:
        name = plain_name(cells[row])
        if is_missing(name):
            problems.append(text.problem(row, "ID", "ID is missing", "say whose record it is"))
        elif name != before and name in known:
            message = f"ID '{name}' comes again after other IDs (last in line "
            message += f"{text.lines[last_row[name]]})"
            fix = "put the records of one ID together, or give it another ID"
            problems.append(text.problem(row, "ID", message, fix))
        subject[row] = known.setdefault(name, len(known))
        last_row[name] = row
        before = name
    return tuple(known), subject
