"""Days since the infusion in a table of observations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import Problem
from progenitor.interop._csv_cells import is_missing
from progenitor.interop._records_numbers import number_column
from progenitor.interop._records_text import RecordText

__all__ = ["ObservedTimes", "observed_times"]


@final
@dataclass(frozen=True, slots=True)
class ObservedTimes:
    """When each record was, and what was infused.

    Parameters
    ----------
    day
        Days since the first dose of the subject, or TIME where nobody has a dose (row,).
    doses
        Number of dose records of each subject (subject,).
    amount
        Sum of AMT over the dose records of each subject, NaN without one (subject,).
    """

    day: Float[np.ndarray, " row"]
    doses: Int[np.ndarray, " subject"]
    amount: Float[np.ndarray, " subject"]


def observed_times(
    text: RecordText,
    subjects: Sequence[str],
    subject: Int[np.ndarray, " row"],
    *,
    dose: Bool[np.ndarray, " row"],
    sample: Bool[np.ndarray, " row"],
    unit: float,
    problems: list[Problem],
) -> ObservedTimes:
    """Count days from the first dose, and note samples out of order or taken twice.

    Parameters
    ----------
    text
        The table.
    subjects, subject
        IDs, and the position of each record's.
    dose, sample
        Which records are doses and which are observations.
    unit
        TIME in days.
    problems
        Where problems are noted.
    """
    time = number_column(text, "TIME", np.nan, problems)
    cells = text.column("TIME") or ()
    problems += [
        text.problem(row, "TIME", "TIME is missing", "give the time")
        for row in np.flatnonzero(dose | sample).tolist()
        if cells and is_missing(cells[row])
    ]
    _check_order(text, subject, sample, time, problems)
    amounts = number_column(text, "AMT", np.nan, problems)
    count, total = np.zeros(len(subjects), np.int64), np.full(len(subjects), np.nan)
    first = np.full(len(subjects), np.inf)
    for row in np.flatnonzero(dose).tolist():
        who = int(subject[row])
        if not amounts[row] > 0.0 and "AMT" in text.names:
            fix = "give an amount above 0, or EVID 0 for an observation"
            written = (text.column("AMT") or ())[row] or "empty"
            problems.append(text.problem(row, "AMT", f"AMT is {written} on a dose", fix))
        count[who] += 1
        total[who] = np.nansum([total[who], amounts[row]])
        first[who] = np.fmin(first[who], time[row])
    _check_all_dosed(text, subjects, subject, count, problems)
    zero = np.where(np.isfinite(first), first, 0.0)
    return ObservedTimes((time - zero[subject]) * unit, count, total)


def _check_order(
    text: RecordText,
    subject: Int[np.ndarray, " row"],
    sample: Bool[np.ndarray, " row"],
    time: Float[np.ndarray, " row"],
    problems: list[Problem],
) -> None:
    latest: dict[int, int] = {}
    for row in np.flatnonzero(sample & ~np.isnan(time)).tolist():
        who, now = int(subject[row]), time[row]
        if who in latest and now <= time[latest[who]]:
            before = latest[who]
            line = text.lines[before]
            if now == time[before]:
                message = f"a second sample at TIME {now:g} (the first is in line {line})"
                fix = "keep one, or give their mean; choose among analytes with DVID"
            else:
                message = f"TIME is {now:g} after {time[before]:g} in line {line}"
                fix = "sort the records of each ID by time"
            problems.append(text.problem(row, "TIME", message, fix))
        else:
            latest[who] = row


def _check_all_dosed(
    text: RecordText,
    subjects: Sequence[str],
    subject: Int[np.ndarray, " row"],
    doses: Int[np.ndarray, " subject"],
    problems: list[Problem],
) -> None:
    """Note subjects without a dose in a table where others have one: their day 0 is not known."""
    if not doses.any():
        return
    for who in np.flatnonzero(doses == 0).tolist():
        if is_missing(subjects[who]):
            continue
        row = int(np.flatnonzero(subject == who)[0])
        message = f"ID '{subjects[who]}' has no dose, but others have"
        fix = "give each ID a dose record (EVID 1), from which days are counted, or give none"
        problems.append(text.problem(row, "EVID", message, fix))
