"""The text of a table of records: a header and rows of equal length, or the reasons why not."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from progenitor.errors import Problem

__all__ = ["RecordText", "read_text"]

_CANONICAL: Final = frozenset(
    {
        "ID",
        "TIME",
        "AMT",
        "EVID",
        "CMT",
        "RATE",
        "DUR",
        "ADDL",
        "II",
        "SS",
        "MDV",
        "DV",
        "DATE",
        "DAT1",
        "DAT2",
        "DAT3",
        "CONT",
        "XVID",
    }
)
_LONGEST_CELL: Final = 10_000
_LARGEST: Final = 1_000_000_000


@final
@dataclass(frozen=True, slots=True)
class RecordText:
    """Cells of a table with the line each row begins on.

    Parameters
    ----------
    file
        Name for messages.
    header
        Column names as written.
    names
        Column names, those with a meaning in capitals, those to be ignored empty.
    rows
        Cells without surrounding spaces.
    lines
        Line of the file each row begins on, from 1.
    """

    file: str
    header: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def problem(self, row: int, column: str, message: str, fix: str) -> Problem:
        """Make a problem of one cell."""
        return Problem(message, fix, self.file, self.lines[row], column)

    def column(self, name: str) -> tuple[str, ...] | None:
        """Cells of a column; None without it."""
        if name not in self.names:
            return None
        place = self.names.index(name)
        return tuple(row[place] for row in self.rows)


def read_text(
    path: Path,
    ignore: Sequence[str],
    problems: list[Problem],
    *,
    besides: frozenset[str] = frozenset(),
) -> RecordText | None:
    """Read a comma-separated file; None when nothing of it can be used.

    Parameters
    ----------
    path
        The file, in UTF-8.
    ignore
        Columns kept as text but given no meaning.
    problems
        Where problems are noted.
    besides
        Further names, in capitals, that have a meaning in capitals or not.
    """
    file = str(path)
    text = _content(path, problems)
    if text is None:
        return None
    return _table(file, text, ignore, problems, _CANONICAL | besides)


def _content(path: Path, problems: list[Problem]) -> str | None:
    """Text of a file that is one, is not too large and is UTF-8."""

    def refuse(message: str, fix: str, line: int | None = None) -> None:
        problems.append(Problem(message, fix, str(path), line))

    try:
        if not path.exists():
            refuse("there is no such file", "check the name")
        elif not path.is_file():
            refuse("is not a file", "give a table as comma-separated text")
        elif (size := path.stat().st_size) > _LARGEST:
            refuse(
                f"has {size:,} bytes", f"give at most {_LARGEST:,}: split the subjects among files"
            )
        else:
            return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        refuse(f"cannot be read ({reason})", "give a readable file")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        refuse("is not UTF-8 text", "save the table as UTF-8 comma-separated text", line)
    return None


def _table(
    file: str,
    text: str,
    ignore: Sequence[str],
    problems: list[Problem],
    known: frozenset[str],
) -> RecordText | None:
    lines, rows = _rows(file, text, problems)
    if not rows:
        problems.append(Problem("is empty", "give a header and a row for each record", file))
        return None
    header, header_line = rows[0], lines[0]
    names = tuple("" if name in ignore else _meaning(name, known) for name in header)
    for place, name in enumerate(names):
        if not header[place]:
            message = f"column {place + 1} has no name"
            problems.append(Problem(message, "name it or remove it", file, header_line))
        elif name and name in names[:place]:
            message = f"column '{name}' comes twice"
            problems.append(Problem(message, "keep one", file, header_line, name))
    if len(rows) == 1:
        problems.append(Problem("has no records", "give a row for each record", file, header_line))
    kept, kept_lines = [], []
    for line, row in zip(lines[1:], rows[1:], strict=True):
        if len(row) == len(header):
            kept.append(row)
            kept_lines.append(line)
        else:
            message = f"has {len(row)} cells where the header has {len(header)}"
            problems.append(Problem(message, "give one cell for each column", file, line))
    return RecordText(file, header, names, tuple(kept), tuple(kept_lines))


def _meaning(name: str, known: frozenset[str]) -> str:
    return name.upper() if name.upper() in known else name


def _rows(file: str, text: str, problems: list[Problem]) -> tuple[list[int], list[tuple[str, ...]]]:
    """Rows that are not blank, with the line each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[int] = []
    rows: list[tuple[str, ...]] = []
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return lines, rows
        except csv.Error as error:
            fix = "write plain comma-separated text; quote cells that hold commas"
            problems.append(Problem(f"cannot be read ({error})", fix, file, reader.line_num))
            return lines, rows
        cells = tuple(cell.strip() for cell in row)
        if max(map(len, cells), default=0) > _LONGEST_CELL:
            message = f"has a cell of more than {_LONGEST_CELL} characters"
            problems.append(Problem(message, "look for a quote that is not closed", file, line))
            return lines, rows
        if any(cells):
            lines.append(line)
            rows.append(cells)
