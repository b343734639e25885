"""What can be wrong with single records and their order, before a model is known."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import Problem

if TYPE_CHECKING:
    from progenitor.interop._records import RecordTable

__all__ = ["MOST_ADDITIONAL", "check_rows"]

MOST_ADDITIONAL: Final = 10_000
_AGREE: Final = 1e-6
_APART: Final = 1e-8
_DOSES: Final = (1, 4)
_OTHERS: Final = (0, 2, 3)

_Rows = Float[np.ndarray, " row"]
_Where = Bool[np.ndarray, " row"]
_Report = Callable[[_Where, str, str, str], None]


def check_rows(
    table: "RecordTable", rates: _Rows, lasting: _Rows, additional: _Rows, problems: list[Problem]
) -> None:
    """Note every record that contradicts itself or those around it.

    Parameters
    ----------
    table
        What was read.
    rates, lasting, additional
        RATE, DUR and ADDL as written.
    problems
        Where problems are noted.
    """
    text = table.text

    def report(where: _Where, name: str, message: str, fix: str) -> None:
        shown = text.column(name)
        for row in np.flatnonzero(where):
            value = shown[row] if shown is not None else "missing"
            problems.append(text.problem(int(row), name, message.format(value or "empty"), fix))

    dose = np.isin(table.event, _DOSES)
    _check_doses(table, dose, rates, lasting, report)
    _check_repeats(table, dose, additional, report)
    for name, values in (
        ("AMT", table.amount),
        ("RATE", rates),
        ("DUR", lasting),
        ("ADDL", additional),
        ("SS", np.maximum(table.steady, 0)),
    ):
        stray = np.isin(table.event, _OTHERS) & (np.nan_to_num(values) != 0)
        message = f"{name} is {{}} on a record that is not a dose"
        report(stray, name, message, "make it 0, or EVID 1")
    _check_columns(table, problems)
    _check_order(table, problems)


def _check_doses(
    table: "RecordTable",
    dose: _Where,
    rates: _Rows,
    lasting: _Rows,
    report: _Report,
) -> None:
    still = (table.steady > 0) & (table.amount == 0)
    report(
        dose & still,
        "AMT",
        "AMT is {} with SS: the steady state of an endless infusion is not computed",
        "give an infusion that begins long before",
    )
    report(
        dose & (table.amount <= 0) & ~still,
        "AMT",
        "AMT is {} on a dose",
        "give an amount above 0; EVID 0 observes, EVID 3 resets without a dose",
    )
    modelled = np.isin(rates, (-1.0, -2.0))
    report(
        dose & (rates < 0) & ~modelled,
        "RATE",
        "RATE is {}",
        "give a rate above 0, or 0 for a bolus",
    )
    report(
        dose & modelled & ~(lasting > 0),
        "RATE",
        "RATE is {}: rates and durations that a model computes are not supported",
        "give the duration of the infusion in a column DUR",
    )
    report(dose & (lasting < 0), "DUR", "DUR is {}", "give a time above 0, or 0 for a bolus")
    both = dose & (rates > 0) & (lasting > 0)
    given = table.amount / np.where(both, rates, 1.0)
    report(
        both & (np.abs(given - lasting) > _AGREE * lasting),
        "DUR",
        "DUR is {}, which is not AMT/RATE",
        "give one of RATE and DUR",
    )


def _check_repeats(table: "RecordTable", dose: _Where, additional: _Rows, report: _Report) -> None:
    whole = (additional == np.round(additional)) & (additional >= 0)
    fits = np.isnan(additional) | (whole & (additional <= MOST_ADDITIONAL))
    report(
        dose & ~fits,
        "ADDL",
        "ADDL is {}",
        f"give a whole number from 0 to {MOST_ADDITIONAL}",
    )
    report(dose & (table.interval < 0), "II", "II is {}", "give the time between doses, above 0")
    alone = dose & (table.interval == 0)
    report(
        alone & (additional > 0), "II", "II is {} with ADDL", "give the time between doses, above 0"
    )
    report(
        alone & (table.steady > 0) & (table.amount != 0),
        "II",
        "II is {} with SS",
        "give the time between doses, above 0",
    )


def _check_columns(table: "RecordTable", problems: list[Problem]) -> None:
    text = table.text
    if "AMT" not in text.names and np.isin(table.event, _DOSES).any():
        message = "column AMT is missing, but there are doses"
        problems.append(Problem(message, "name a column AMT", text.file, 1, "AMT"))
    for name in ("DATE", "DAT1", "DAT2", "DAT3"):
        if name in text.names:
            message = f"column {name}: dates are not read"
            fix = "give TIME as the time since the first record, and ignore this column"
            problems.append(Problem(message, fix, text.file, 1, name))
    for row, cell in enumerate(text.column("CONT") or ()):
        if cell not in {"", ".", "0", "NA"}:
            fix = "put each record on one line"
            problems.append(text.problem(row, "CONT", "continued records are not read", fix))


def _check_order(table: "RecordTable", problems: list[Problem]) -> None:
    text, time = table.text, table.time
    known = set(np.flatnonzero(np.isnan(time)))
    for row, cell in enumerate(text.column("TIME") or ()):
        if row in known and cell in {"", ".", "NA"}:
            problems.append(text.problem(row, "TIME", "TIME is missing", "give the time"))
    latest = -np.inf
    for row, now in enumerate(time.tolist()):
        same = row > 0 and table.subject[row] == table.subject[row - 1]
        latest = latest if same else -np.inf
        if np.isnan(now):
            continue
        step = now - latest
        shown = f"TIME is {now:g} after {latest:g}"
        if step < 0 and table.event[row] in (3, 4):
            fix = "let TIME run on after a reset: add the time of the reset to all that follow"
            problems.append(text.problem(row, "TIME", shown, fix))
        elif step < 0:
            fix = "sort the records of each ID by time"
            problems.append(text.problem(row, "TIME", shown, fix))
        elif 0 < step < _APART * max(1.0, abs(now)):
            message = f"TIME is {now!r}, which cannot be told from {latest!r} before it"
            problems.append(text.problem(row, "TIME", message, "give both the same time"))
        latest = max(latest, now)
