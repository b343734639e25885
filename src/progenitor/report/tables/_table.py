"""A table as the report prints it: text already formatted, nothing left to compute."""

from dataclasses import dataclass
from typing import final

__all__ = ["Cell", "Column", "Table"]


@final
@dataclass(frozen=True, slots=True)
class Column:
    """The head of one column; ``numeric`` columns align their figures to the right.

    Neighbouring columns of the same ``group`` stand under one shared head.
    """

    title: str
    numeric: bool = False
    group: str = ""


@final
@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, a second line, small print below, and a mark for what deserves notice.

    ``mark`` is a style name (``"weak"``, or ``"grade-a"`` … ``"grade-d"`` for a trust badge).
    """

    text: str
    second: str = ""
    small: str = ""
    mark: str = ""


@final
@dataclass(frozen=True, slots=True)
class Table:
    """Caption, column heads, and rows whose first cell is the head of the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "There is nothing to list."

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """Shared heads from left to right, each with the number of columns it spans."""
        spans: list[tuple[str, int]] = []
        for column in self.columns:
            if spans and column.group and spans[-1][0] == column.group:
                spans[-1] = (column.group, spans[-1][1] + 1)
            else:
                spans.append((column.group, 1))
        return tuple(spans) if any(title for title, _ in spans) else ()
