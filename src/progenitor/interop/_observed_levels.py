"""Levels in a table of observations: measured, below the limit of quantification, or missing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import Problem
from progenitor.interop._csv_cells import is_missing
from progenitor.interop._records_numbers import number_column, parse_number, whole_column
from progenitor.interop._records_text import RecordText

__all__ = ["ObservedLevels", "observed_levels"]

_BELOW: Final = frozenset(
    {"BLQ", "BQL", "BLOQ", "BLLOQ", "LLOQ", "<LLOQ", "<LOQ", "<BLQ", "<QL", "<LLQ"}
)
_BOUND: Final = re.compile(r"<\s*=?\s*(\S+)")
_NO_LOGS: Final = "give levels, not their logarithms, and none below 0"


@final
@dataclass(frozen=True, slots=True)
class ObservedLevels:
    """What each record says of the level.

    Parameters
    ----------
    level
        DV as a number, NaN without one (row,).
    below
        Whether it was below the limit of quantification (row,).
    limit
        The limit, NaN where it is not known (row,).
    """

    level: Float[np.ndarray, " row"]
    below: Bool[np.ndarray, " row"]
    limit: Float[np.ndarray, " row"]


def observed_levels(
    text: RecordText,
    rows: Iterable[int],
    *,
    lower_limit: float | None,
    limit_column: str,
    problems: list[Problem],
) -> ObservedLevels:
    """Read DV, BLQ, CENS and the limit of some records, and note whatever contradicts itself.

    Parameters
    ----------
    text
        The table.
    rows
        Records of observations; the others are not looked at.
    lower_limit
        Limit of quantification of all records, None for the column's.
    limit_column
        Column that holds the limit; empty for none.
    problems
        Where problems are noted.
    """
    limit = np.full(len(text.rows), np.nan if lower_limit is None else lower_limit)
    if limit_column:
        limit = _limits(text, limit_column, problems)
    flags = {
        name: whole_column(text, name, known, fix, problems)
        for name, known, fix in (
            ("BLQ", (0, 1), "give 1 below the limit of quantification and 0 above"),
            ("CENS", (0, 1), "give 1 below the limit of quantification and 0 above"),
        )
        if name in text.names
    }
    reader = _Reader(text, limit, flags, problems)
    level, below = np.full(limit.shape, np.nan), np.zeros(limit.shape, dtype=bool)
    for row in rows:
        level[row], below[row] = reader.read(row)
    return ObservedLevels(level, below, limit)


def _limits(text: RecordText, column: str, problems: list[Problem]) -> Float[np.ndarray, " row"]:
    limit = number_column(text, column, np.nan, problems)
    for row in np.flatnonzero(limit <= 0.0).tolist():
        fix = "give the assay's limit, above 0, in the unit of DV"
        message = f"limit of quantification is {limit[row]:g}"
        problems.append(text.problem(row, column, message, fix))
        limit[row] = np.nan
    return limit


@final
@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one record after the other; may fill in limits that only DV tells."""

    text: RecordText
    limit: Float[np.ndarray, " row"]
    flags: dict[str, np.ndarray]
    problems: list[Problem]

    def read(self, row: int) -> tuple[float, bool]:
        """Level and whether it is below the limit."""
        cell = (self.text.column("DV") or ("",) * (row + 1))[row]
        flagged = any(flag[row] == 1 for flag in self.flags.values())
        if is_missing(cell):
            return np.nan, flagged
        if cell.upper().replace(" ", "") in _BELOW:
            return np.nan, self._unless_denied(row, cell)
        if bound := _BOUND.fullmatch(cell):
            self._bound(row, cell, parse_number(bound[1]))
            return np.nan, self._unless_denied(row, cell)
        value = parse_number(cell)
        if value is None:
            shown = cell if len(cell) <= 40 else f"{cell[:37]}..."
            fix = "give a number, BLQ or <limit below the limit of quantification, or . for none"
            self._refuse(row, "DV", f"'{shown}' is not a level", fix)
            return np.nan, False
        return (
            (np.nan, True) if flagged and self._censored(row, value) else self._number(row, value)
        )

    def _number(self, row: int, value: float) -> tuple[float, bool]:
        limit = self.limit[row]
        if value < 0.0:
            self._refuse(row, "DV", f"DV is {value:g}", _NO_LOGS)
            return np.nan, False
        if value < limit:
            return np.nan, self._unless_denied(row, f"{value:g}, below the limit {limit:g}")
        if value == 0.0:
            fix = "give the limit of quantification: a level of 0 is one below it"
            self._refuse(row, "DV", "DV is 0 and no limit of quantification is known", fix)
            return np.nan, False
        return value, False

    def _censored(self, row: int, value: float) -> bool:
        """Whether a number beside a flag can be: at most the limit; by CENS it is the limit."""
        limit = self.limit[row]
        if (
            np.isnan(limit)
            and value > 0.0
            and "CENS" in self.flags
            and self.flags["CENS"][row] == 1
        ):
            self.limit[row] = value
        elif value > limit:
            name = next(name for name, flag in self.flags.items() if flag[row] == 1)
            message = f"{name} is 1, but DV is {value:g} and the limit is {limit:g}"
            self._refuse(row, name, message, "make it 0, or correct DV or the limit")
        return True

    def _bound(self, row: int, cell: str, bound: float | None) -> None:
        """Take the limit from a cell such as ``<50``."""
        known = self.limit[row]
        if bound is None or bound <= 0.0:
            fix = "write the limit after <, such as <50"
            self._refuse(row, "DV", f"'{cell[:40]}' names no limit of quantification", fix)
        elif np.isnan(known):
            self.limit[row] = bound
        elif abs(bound - known) > 1e-9 * known:
            fix = "give one limit for the sample"
            self._refuse(row, "DV", f"DV is '{cell[:40]}', but the limit is {known:g}", fix)

    def _unless_denied(self, row: int, shown: str) -> bool:
        """Note a flag that says 0 of a sample that is below the limit."""
        for name, flag in self.flags.items():
            written = (self.text.column(name) or ())[row]
            others = [other for other in self.flags.values() if other is not flag]
            if flag[row] == 0 and not is_missing(written) and all(o[row] != 1 for o in others):
                fix = "make it 1, or correct DV or the limit"
                self._refuse(row, name, f"{name} is 0, but DV is {shown}", fix)
        return True

    def _refuse(self, row: int, column: str, message: str, fix: str) -> None:
        self.problems.append(self.text.problem(row, column, message, fix))
