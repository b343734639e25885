"""Plans and results of experiments as CSV, for people who try settings at the bench."""

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, final

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem
from progenitor.inference._search_space import SearchGoal, SearchRange

__all__ = ["plan_table", "read_results"]

_HEAD: Final = re.compile(r"\s*([^\s(]+)\s*(?:\((.*)\))?\s*\Z")
_NOTE: Final = ("experiment", "note")
_FAILED: Final = "failed"

_Rows = tuple[Mapping[str, float], ...]


def plan_table(
    settings: Sequence[Mapping[str, float]],
    ranges: Sequence[SearchRange],
    goals: Sequence[SearchGoal],
) -> str:
    """Write settings to be tried as CSV with empty columns for the results.

    Parameters
    ----------
    settings
        From :meth:`ProcessSearch.ask`.
    ranges, goals
        Of the search; every column is headed by a name and a unit.

    Examples
    --------
    >>> days = SearchRange("harvest_day", 4.0, 10.0, "day")
    >>> print(plan_table([{"harvest_day": 6.5}], [days], [SearchGoal("yield", "cell")]), end="")
    experiment,harvest_day (day),yield (cell),note
    1,6.5,,
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    heads = [f"{name} ({unit})" for name, unit in _units(ranges, goals).items()]
    writer.writerow(["experiment", *heads, "note"])
    for number, tried in enumerate(settings, start=1):
        values = [f"{tried[item.name]:.4g}" for item in ranges]
        writer.writerow([number, *values, *[""] * len(goals), ""])
    return text.getvalue()


def read_results(
    path: Path | str, ranges: Sequence[SearchRange], goals: Sequence[SearchGoal]
) -> tuple[_Rows, _Rows]:
    """Read settings that were tried, and their results, from CSV.

    Columns are headed by names, with or without units, in any order; ``experiment`` and ``note``
    are for people. A row without any result is one not yet tried and is left out; a row whose
    results are ``failed`` is one that failed.

    Parameters
    ----------
    path
        The file, such as a plan of :func:`plan_table` filled in.
    ranges, goals
        Of the search.

    Returns
    -------
    tuple
        Settings and results, row by row.

    Raises
    ------
    InputError
        Listing every unknown, repeated or missing column, wrong unit and value that is no number.
    """
    name = str(path)
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fix = "name a CSV file such as --ask writes"
        raise InputError([Problem(f"cannot be read: {error}", fix, file=name)]) from error
    rows = list(csv.reader(io.StringIO(text)))
    reader = _Reader(name, _units(ranges, goals))
    columns = reader.columns(rows[0] if rows else [])
    settings, results = [], []
    for line, row in enumerate(rows[1:] if columns else [], start=2):
        if not any(text.strip() for text in row):
            continue
        cells = {key: row[place].strip() if place < len(row) else "" for key, place in columns}
        if not any(cells[goal.name] for goal in goals):
            continue
        settings.append({item.name: reader.number(cells, item.name, line) for item in ranges})
        results.append(
            {
                goal.name: math.nan
                if cells[goal.name].lower() == _FAILED
                else reader.number(cells, goal.name, line)
                for goal in goals
            }
        )
    if reader.problems:
        raise InputError(reader.problems)
    return tuple(settings), tuple(results)


def _units(ranges: Sequence[SearchRange], goals: Sequence[SearchGoal]) -> dict[str, str]:
    """Name of every column → unit, settings first."""
    return {item.name: item.unit for item in ranges} | {goal.name: goal.unit for goal in goals}


@final
@dataclass(frozen=True, slots=True)
class _Reader:
    """Read one table and collect what is wrong with it."""

    file: str
    units: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def columns(self, head: Sequence[str]) -> list[tuple[str, int]]:
        """Name and place of every column wanted; empty where the head is wrong."""
        found: dict[str, int] = {}
        for place, text in enumerate(head):
            match = _HEAD.match(text)
            name, unit = (match.group(1), match.group(2)) if match else (text, None)
            if name in _NOTE:
                continue
            if name not in self.units:
                self.refuse(f"unknown column '{text}'", suggestion(name, self.units), 1)
            elif name in found:
                self.refuse(f"column '{name}' appears twice", "leave one of them out", 1)
            elif unit not in {None, self.units[name]}:
                fix = f"give it in {self.units[name]}"
                self.refuse(f"column '{name}' is in {unit}", fix, 1)
            found.setdefault(name, place)
        for name in self.units:
            if name not in found:
                self.refuse(f"column '{name}' is missing", f"add it, in {self.units[name]}", 1)
        return [] if self.problems else [(name, found[name]) for name in self.units]

    def number(self, cells: Mapping[str, str], name: str, line: int) -> float:
        try:
            value = float(cells[name])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            fix = f"write a number in {self.units[name]}, or 'failed' as the result"
            self.refuse(f"'{cells[name]}' in column '{name}' is not a number", fix, line)
        return value

    def refuse(self, message: str, fix: str, line: int) -> None:
        self.problems.append(Problem(message, fix, file=self.file, line=line))
