"""Records of doses and observations in the shape that NONMEM made common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine import Model
from progenitor.errors import InputError, Problem
from progenitor.interop._records_check import MOST_ADDITIONAL, check_rows
from progenitor.interop._records_numbers import number_column, whole_column
from progenitor.interop._records_subjects import subjects_of
from progenitor.interop._records_text import RecordText, read_text

if TYPE_CHECKING:
    from progenitor.interop._record_simulation import RecordSimulation

__all__ = ["RecordTable", "read_records"]


@final
@dataclass(frozen=True, slots=True)
class RecordTable:
    """Checked records; make one with :func:`read_records`.

    Parameters
    ----------
    text
        The table as it was written.
    time_unit
        Unit of TIME, DUR, II and of the time in RATE; empty for that of the model.
    subjects
        IDs in the order of the file.
    subject
        Position of each record's ID in ``subjects``.
    time
        TIME.
    event
        EVID: 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose.
    amount
        AMT, in the unit of the compartment.
    duration
        Time an infusion takes; 0 for a dose given at once.
    additional, interval
        ADDL and II: how many equal doses follow, and how far apart they are.
    steady
        SS: 0; 1 for amounts at steady state; 2 for steady state added to what is there.
    compartment
        CMT as written; empty where there is none.

    Examples
    --------
    See :func:`read_records`.
    """

    text: RecordText
    time_unit: str
    subjects: tuple[str, ...]
    subject: Int[np.ndarray, " row"]
    time: Float[np.ndarray, " row"]
    event: Int[np.ndarray, " row"]
    amount: Float[np.ndarray, " row"]
    duration: Float[np.ndarray, " row"]
    additional: Int[np.ndarray, " row"]
    interval: Float[np.ndarray, " row"]
    steady: Int[np.ndarray, " row"]
    compartment: tuple[str, ...]

    def to_simulation(
        self,
        model: Model,
        parameters: Mapping[str, float | Float[np.ndarray, " subject"]] | None = None,
        *,
        default_compartment: str = "",
    ) -> "RecordSimulation":
        """Turn the records into what :func:`progenitor.engine.simulate` takes.

        A column with the name of a model parameter gives its value: the value of a record holds
        from its time until that of the next. Additional doses that fall due at a reset or later are
        not given; those at the time of a record come before it. A subject begins at its first
        record.

        Steady state (SS) is reached by as many doses, II apart, as it takes until the amounts at
        the end of an interval change by less than 1e-8 of themselves; with SS=1 they are given
        before the record, in a time that is not counted. Models that have no steady state are
        refused: those in which something multiplies, or that change with time by themselves.

        Parameters
        ----------
        model
            Whose species are the compartments, by name or by number from 1.
        parameters
            Values of parameters that are not columns, for all subjects or for each.
        default_compartment
            Species that doses without CMT go to; not needed when there is only one.

        Raises
        ------
        InputError
            When the records do not fit the model; lists every problem with its line.
        """
        from progenitor.interop._record_simulation import simulation_of

        return simulation_of(self, model, parameters or {}, default_compartment)


def read_records(
    path: Path | str, *, time_unit: str = "", ignore: Sequence[str] = ()
) -> RecordTable:
    r"""Read a table of doses and observations in the shape that NONMEM made common.

    Columns are ID, TIME, AMT, EVID, CMT, RATE, DUR, ADDL, II, SS, MDV and DV, in capitals or not,
    of which ID and TIME must be there; the others may have any name. ``.``, ``NA`` and nothing
    stand for a missing value. Without EVID, records with an amount are doses.

    Parameters
    ----------
    path
        Comma-separated text in UTF-8 with a header; records of one ID together, in order of time.
    time_unit
        Unit of TIME, DUR, II and of the time in RATE, such as ``"hour"``; left out, that of the
        model, which is the day unless the model says otherwise.
    ignore
        Columns that are kept but have no meaning, whatever their name.

    Raises
    ------
    InputError
        Lists everything that is wrong with the file, by line and column.

    References
    ----------
    Beal, Sheiner, Boeckmann, Bauer. NONMEM Users Guide part VI, PREDPP, chapter V: event records.
    ICON, 2018.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "table.csv")
    ...     _ = path.write_text("ID,TIME,AMT,EVID\n7,0,100,1\n7,12,.,0\n")
    ...     table = read_records(path, time_unit="hour")
    >>> table.subjects, table.time.tolist(), table.amount.tolist()
    (('7',), [0.0, 12.0], [100.0, 0.0])
    """
    problems: list[Problem] = []
    text = read_text(Path(path), ignore, problems)
    if text is None:
        raise InputError(problems)
    table = _table(text, time_unit, problems)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    return table


def _table(text: RecordText, time_unit: str, problems: list[Problem]) -> RecordTable:
    for name in ("ID", "TIME"):
        if name not in text.names:
            fix = f"name a column {name}"
            problems.append(Problem(f"column {name} is missing", fix, text.file, 1, name))
    events = whole_column(
        text, "EVID", range(5), "give 0, 1, 2, 3 or 4; other events are not supported", problems
    )
    amounts = number_column(text, "AMT", 0.0, problems)
    steady = whole_column(
        text, "SS", range(3), "give 0, 1 or 2; others are not supported", problems
    )
    rates = number_column(text, "RATE", 0.0, problems)
    if "EVID" not in text.names:
        events = ((amounts != 0) | (steady != 0)).astype(np.int64)
    lasting = number_column(text, "DUR", 0.0, problems)
    additional = number_column(text, "ADDL", 0.0, problems)
    subjects, subject = subjects_of(text, range(len(text.rows)), problems)
    table = RecordTable(
        text=text,
        time_unit=time_unit,
        subjects=subjects,
        subject=subject,
        time=number_column(text, "TIME", np.nan, problems),
        event=events,
        amount=amounts,
        duration=_durations(amounts, rates, lasting),
        additional=np.clip(np.nan_to_num(additional), 0, MOST_ADDITIONAL).astype(np.int64),
        interval=number_column(text, "II", 0.0, problems),
        steady=steady,
        compartment=text.column("CMT") or ("",) * len(text.rows),
    )
    whole_column(text, "MDV", (0, 1, 100, 101), "give 0 or 1", problems)
    number_column(text, "DV", np.nan, problems)
    check_rows(table, rates, lasting, additional, problems)
    return table


def _durations(
    amounts: Float[np.ndarray, " row"],
    rates: Float[np.ndarray, " row"],
    lasting: Float[np.ndarray, " row"],
) -> Float[np.ndarray, " row"]:
    by_rate = amounts / np.where(rates > 0, rates, 1.0)
    return np.where(rates > 0, by_rate, np.maximum(lasting, 0.0))
