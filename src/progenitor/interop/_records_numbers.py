"""Numbers in the cells of a table of records."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import Problem
from progenitor.interop._csv_cells import is_missing
from progenitor.interop._records_text import RecordText

__all__ = ["number_column", "parse_number", "whole_column"]

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def parse_number(text: str) -> float | None:
    """Read a plain finite number; None for anything else.

    Examples
    --------
    >>> parse_number("1e3"), parse_number("1_000"), parse_number("nan"), parse_number("1e999")
    (1000.0, None, None, None)
    """
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) < float("inf") else None


def number_column(
    text: RecordText, name: str, default: float, problems: list[Problem]
) -> Float[np.ndarray, " row"]:
    """Numbers of a column, a default where there is none; others are noted and become NaN."""
    cells = text.column(name)
    values = np.full(len(text.rows), default)
    for row, cell in enumerate(cells or ()):
        if is_missing(cell):
            continue
        value = parse_number(cell)
        if value is None:
            problems.append(_not_a_number(text, row, name, cell))
        values[row] = np.nan if value is None else value
    return values


def whole_column(
    text: RecordText, name: str, known: Sequence[int], reasons: str, problems: list[Problem]
) -> Int[np.ndarray, " row"]:
    """Whole numbers of a column, 0 where there is none; others than the known are noted, and -1."""
    numbers = number_column(text, name, 0.0, problems)
    strange = ~np.isin(numbers, known)
    for row in np.flatnonzero(strange & ~np.isnan(numbers)):
        cell = (text.column(name) or ())[row]
        problems.append(text.problem(int(row), name, f"{name} is {cell}", reasons))
    return np.where(strange, -1, numbers).astype(np.int64)


def _not_a_number(text: RecordText, row: int, name: str, cell: str) -> Problem:
    shown = cell if len(cell) <= 40 else cell[:37] + "..."
    if name == "TIME" and _CLOCK.fullmatch(cell):
        return text.problem(
            row,
            name,
            f"'{shown}' is a time of day, which is not read",
            "give the time since the first record as a number, such as 0.5",
        )
    return text.problem(row, name, f"'{shown}' is not a number", "give a number, or . for none")
