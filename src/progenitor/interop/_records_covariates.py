"""Columns that are parameters of a model: the value of a record holds until the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.engine import Model
from progenitor.errors import Problem
from progenitor.interop._csv_cells import is_missing
from progenitor.interop._records import RecordTable
from progenitor.interop._records_numbers import parse_number

__all__ = ["Covariates", "covariates_of"]


@final
@dataclass(frozen=True, slots=True)
class Covariates:
    """Parameters of each subject at its first record, and what changes later.

    Parameters
    ----------
    start
        Parameter → value of each subject.
    changes
        Row → parameters that have another value from there on.
    columns
        Parameter → value at each record, for those that are columns.
    subject
        Of each record.
    negative
        Parameters below zero anywhere.
    """

    start: Mapping[str, Float[np.ndarray, " subject"]]
    changes: Mapping[int, Mapping[str, float]]
    columns: Mapping[str, Float[np.ndarray, " row"]]
    subject: tuple[int, ...]
    negative: tuple[str, ...]

    def at(self, row: int, model: Model) -> tuple[float, ...]:
        """Parameters at a record, in the order of the model."""
        subject = self.subject[row]
        return tuple(
            float(
                self.columns[p.name][row] if p.name in self.columns else self.start[p.name][subject]
            )
            for p in model.parameters
        )


def covariates_of(
    table: RecordTable,
    model: Model,
    given: Mapping[str, float | Float[np.ndarray, " subject"]],
    problems: list[Problem],
) -> Covariates:
    """Take every parameter from its column or from what is given.

    Parameters
    ----------
    table
        The records.
    model
        Its parameters are wanted.
    given
        Values that are not in the table.
    problems
        Where problems are noted.
    """
    text, count = table.text, len(table.subjects)
    first = np.searchsorted(table.subject, np.arange(count))
    start: dict[str, Float[np.ndarray, " subject"]] = {}
    columns: dict[str, Float[np.ndarray, " row"]] = {}
    changes: dict[int, dict[str, float]] = {}
    _note_spellings(table, model, problems)
    for parameter in model.parameters:
        name = parameter.name
        if name in text.names and name in given:
            fix = "give it once, or ignore the column"
            message = f"parameter '{name}' is a column and is given besides"
            problems.append(Problem(message, fix, text.file, 1, name))
        elif name in text.names:
            columns[name] = _carried(table, name, problems)
            start[name] = columns[name][first]
            differs = np.diff(columns[name], prepend=columns[name][:1]) != 0
            differs[first] = False
            for row in np.flatnonzero(differs).tolist():
                changes.setdefault(row, {})[name] = float(columns[name][row])
        elif name in given:
            start[name] = _spread(name, given[name], count, problems)
        else:
            message = f"parameter '{name}' [{parameter.unit}] is missing"
            fix = "give its value, or a column of that name"
            problems.append(Problem(message, fix, text.file, 1, name))
    everywhere = {**start, **columns}
    negative = tuple(name for name, values in everywhere.items() if (values < 0).any())
    subject = tuple(table.subject.tolist())
    return Covariates(start, changes, columns, subject, negative)


def _note_spellings(table: RecordTable, model: Model, problems: list[Problem]) -> None:
    known = {parameter.name.lower(): parameter.name for parameter in model.parameters}
    for column in table.text.names:
        name = known.get(column.lower(), column)
        if name != column and name not in table.text.names:
            message = f"column '{column}' is nearly the parameter '{name}'"
            fix = f"name it '{name}', or ignore it"
            problems.append(Problem(message, fix, table.text.file, 1, column))


def _carried(table: RecordTable, name: str, problems: list[Problem]) -> Float[np.ndarray, " row"]:
    """Values of a column; a missing one is that of the record before."""
    text = table.text
    values = np.full(len(text.rows), np.nan)
    for row, cell in enumerate(text.column(name) or ()):
        if not is_missing(cell):
            value = parse_number(cell)
            if value is None:
                message, fix = f"'{cell}' is not a number", "give a number, or . for none"
                problems.append(text.problem(row, name, message, fix))
            values[row] = 0.0 if value is None else value
        elif row > 0 and table.subject[row] == table.subject[row - 1]:
            values[row] = values[row - 1]
        else:
            message = f"{name} is missing at the first record of ID '{_id(table, row)}'"
            problems.append(text.problem(row, name, message, "give its value from there on"))
            values[row] = 0.0
    return values


def _id(table: RecordTable, row: int) -> str:
    return table.subjects[int(table.subject[row])]


def _spread(
    name: str, value: float | Float[np.ndarray, " subject"], count: int, problems: list[Problem]
) -> Float[np.ndarray, " subject"]:
    values = np.asarray(value, dtype=np.float64)
    if values.shape not in {(), (count,)}:
        message = f"parameter '{name}' has shape {values.shape}"
        fix = f"give one number, or one for each of {count} subjects"
        problems.append(Problem(message, fix, field=name))
        return np.zeros(count)
    spread = np.broadcast_to(values, (count,)).copy()
    if not np.isfinite(spread).all():
        bad = spread[~np.isfinite(spread)][0]
        problems.append(Problem(f"parameter '{name}' is {bad}", "give a finite number", field=name))
    return spread
