"""Levels over time in a table that someone else made, ready for a kinetics analysis."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem, UnitError
from progenitor.interop._csv_cells import is_missing
from progenitor.interop._observed_levels import ObservedLevels, observed_levels
from progenitor.interop._observed_times import ObservedTimes, observed_times
from progenitor.interop._records_numbers import number_column, whole_column
from progenitor.interop._records_subjects import plain_name, subjects_of
from progenitor.interop._records_text import RecordText, read_text
from progenitor.kinetics import Profiles
from progenitor.units import convert, dimension, parse_quantity, scale

__all__ = ["Observations", "read_observations"]

_BESIDES: Final = frozenset({"DVID", "BLQ", "CENS", "LLOQ"})
_SKIPPED: Final = (2, 3)


@final
@dataclass(frozen=True, slots=True)
class Observations:
    """Levels of a table, and what was made of its records.

    Parameters
    ----------
    profiles
        Levels of each subject, in days since its first dose.
    notes
        What a reader of the results should know about how the table was read.
    """

    profiles: Profiles
    notes: tuple[str, ...]


def read_observations(
    path: Path | str,
    *,
    lower_limit: float | None = None,
    limit_column: str = "",
    unit: str = "1",
    time_unit: str = "day",
    dvid: str = "",
    volume: str = "",
    dose_unit: str = "cell",
    ignore: Sequence[str] = (),
) -> Observations:
    r"""Read levels over time from a table with a row for each sample.

    Columns, in capitals or not, of which ID, TIME and DV must be there:

    * ID; TIME, counted from the first dose of the ID where there are doses; DV, the level.
    * EVID (0 sample, 1 or 4 dose, others are skipped) and AMT; without EVID, a record with an
      amount is a dose. MDV 1 says that DV is no sample, unless the record is below the limit.
    * DVID, which of several analytes DV is.
    * BLQ or CENS, 1 where the level is below the limit of quantification; LLOQ, the limit. DV may
      also say ``BLQ`` or ``<50``. A DV below the limit is below the limit.

    Parameters
    ----------
    path
        Comma-separated text in UTF-8 with a header; samples of one ID together, in order of time.
    lower_limit
        Lower limit of quantification of all samples, in the unit of DV.
    limit_column
        Column that holds the limit; by default LLOQ, where there is one.
    unit, time_unit
        Units of DV and TIME.
    dvid
        Which analyte, where DVID tells several.
    volume
        Volume into which a dose goes, such as ``"5 L"``: gives the level the dose alone would make.
    dose_unit
        Unit of AMT; matters with a volume.
    ignore
        Columns without a meaning, whatever their name.

    Raises
    ------
    InputError
        Lists everything that is wrong with the file, by line and column.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "levels.csv")
    ...     _ = path.write_text("ID,TIME,DV\n1,0,<5\n1,168,900\n1,336,40\n")
    ...     table = read_observations(path, time_unit="hour", unit="copy/ug")
    >>> table.profiles.time.tolist(), table.profiles.level.tolist()
    ([[0.0, 7.0, 14.0]], [[nan, 900.0, 40.0]])
    """
    problems: list[Problem] = []
    text = read_text(Path(path), ignore, problems, besides=_BESIDES)
    if text is None:
        raise InputError(problems)
    days = _time_scale(time_unit, problems)
    _check_units(unit, volume, dose_unit, problems)
    column = _limit_column(text, lower_limit, limit_column, problems)
    rows = _rows(text, dvid, problems)
    subjects, subject = subjects_of(text, np.flatnonzero(rows.used).tolist(), problems)
    if not rows.sample.any() and text.rows:
        fix = "give a row for each sample, with EVID 0 and without MDV 1"
        problems.append(Problem("there is no sample", fix, text.file, 1))
    times = observed_times(
        text,
        subjects or ("",),
        subject,
        dose=rows.dose,
        sample=rows.sample,
        unit=days,
        problems=problems,
    )
    levels = observed_levels(
        text,
        np.flatnonzero(rows.sample).tolist(),
        lower_limit=lower_limit,
        limit_column=column,
        problems=problems,
    )
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    start = np.full(len(subjects), np.nan)
    if volume:
        size = parse_quantity(volume)
        start = convert(times.amount / size.value, f"{dose_unit}/({size.unit})", unit)
    profiles = _profiles(subjects, subject, rows, times, levels, unit, start)
    return Observations(profiles, tuple(_notes(rows, times, levels, profiles, column)))


@final
@dataclass(frozen=True, slots=True)
class _Rows:
    """Which records are what."""

    dose: Bool[np.ndarray, " row"]
    sample: Bool[np.ndarray, " row"]
    silent: Bool[np.ndarray, " row"]
    other: Bool[np.ndarray, " row"]

    @property
    def used(self) -> Bool[np.ndarray, " row"]:
        """Doses and samples."""
        return np.asarray(self.dose | self.sample)


def _rows(text: RecordText, dvid: str, problems: list[Problem]) -> _Rows:
    for name in ("ID", "TIME", "DV"):
        if name not in text.names:
            message = f"column {name} is missing"
            problems.append(Problem(message, f"name a column {name}", text.file, 1, name))
    events = whole_column(text, "EVID", range(5), "give 0, 1, 2, 3 or 4", problems)
    if "EVID" not in text.names:
        events = (np.nan_to_num(number_column(text, "AMT", 0.0, [])) != 0.0).astype(np.int64)
    silent = whole_column(text, "MDV", (0, 1, 100, 101), "give 0 or 1", problems) % 2 == 1
    for name in ("BLQ", "CENS"):
        for row, cell in enumerate(text.column(name) or ()):
            silent[row] &= cell not in {"1", "1.0"}
    dose = np.isin(events, (1, 4))
    sample = (events == 0) & ~silent
    mine = _of_analyte(text, sample, dvid, problems)
    return _Rows(dose, sample & mine, (events == 0) & silent, np.isin(events, _SKIPPED))


def _of_analyte(
    text: RecordText, sample: Bool[np.ndarray, " row"], dvid: str, problems: list[Problem]
) -> Bool[np.ndarray, " row"]:
    """Which records are of the analyte asked for."""
    everything = np.ones(len(text.rows), dtype=bool)
    cells = text.column("DVID")
    if cells is None:
        if dvid:
            fix = "leave --dvid out, or name the column of analytes DVID"
            message = f"analyte '{dvid}' is asked for, but there is no column DVID"
            problems.append(Problem(message, fix, text.file, 1, "DVID"))
        return everything
    names = np.array([plain_name(cell) for cell in cells], dtype=object)
    known = list(dict.fromkeys(names[sample & (names != "") & (names != ".")].tolist()))
    wanted = plain_name(dvid) if dvid else known[0] if known else ""
    if not dvid and len(known) > 1:
        message = f"there are {len(known)} analytes: {', '.join(map(str, known[:8]))}"
        fix = f"choose one, such as --dvid {known[0]}"
        problems.append(Problem(message, fix, text.file, 1, "DVID"))
    elif dvid and wanted not in known:
        fix = suggestion(wanted, map(str, known))
        problems.append(Problem(f"there is no analyte '{dvid}'", fix, text.file, 1, "DVID"))
        return everything
    if dvid:
        problems += [
            text.problem(row, "DVID", "DVID is missing", "name the analyte")
            for row in np.flatnonzero(sample).tolist()
            if is_missing(cells[row])
        ]
    return np.asarray(names == wanted) if len(known) > 1 else everything


def _limit_column(
    text: RecordText, lower_limit: float | None, column: str, problems: list[Problem]
) -> str:
    """Name the column that holds the limit, empty for none."""
    if lower_limit is not None and not 0.0 < lower_limit < float("inf"):
        fix = "give the assay's limit, above 0, in the unit of DV"
        problems.append(Problem(f"limit of quantification is {lower_limit:g}", fix, text.file))
    if lower_limit is not None and column:
        fix = "give the limit itself or the column that holds it"
        problems.append(Problem("a limit and a column of limits are given", fix, text.file))
        return ""
    if column and column not in text.names:
        named = [name for name in text.names if name]
        upper = column.upper()
        if upper in named:
            return upper
        fix = suggestion(column, named)
        problems.append(Problem(f"there is no column '{column}'", fix, text.file, 1, column))
        return ""
    if not column and lower_limit is None and "LLOQ" in text.names:
        return "LLOQ"
    return column


def _time_scale(unit: str, problems: list[Problem]) -> float:
    """Size of the table's unit of time in days."""
    try:
        if dimension(unit) == dimension("day"):
            return scale(unit) / scale("day")
        message = f"time_unit is '{unit}'"
    except UnitError as error:
        message = f"time_unit: {error}"
    problems.append(Problem(message, "give a unit of time, such as day or hour"))
    return 1.0


def _check_units(unit: str, volume: str, dose_unit: str, problems: list[Problem]) -> None:
    try:
        dimension(unit)
    except UnitError as error:
        problems.append(Problem(f"unit: {error}", "give the unit of DV, such as copy/ug"))
        return
    if not volume:
        return
    try:
        size = parse_quantity(volume)
        if not size.value > 0.0:
            message = f"volume is '{volume}'"
            problems.append(Problem(message, "give a volume above 0, such as '5 L'"))
        convert(1.0, f"{dose_unit}/({size.unit})", unit)
    except UnitError as error:
        fix = "give the volume the dose goes into ('5 L') for levels such as cell/uL, or leave it "
        problems.append(Problem(f"volume: {error}", fix + "out"))


def _profiles(
    subjects: Sequence[str],
    subject: Int[np.ndarray, " row"],
    rows: _Rows,
    times: ObservedTimes,
    levels: ObservedLevels,
    unit: str,
    start: Float[np.ndarray, " subject"],
) -> Profiles:
    """Put the samples of each subject into a row."""
    taken = np.flatnonzero(rows.sample & (levels.below | ~np.isnan(levels.level)))
    who = subject[taken]
    count = np.bincount(who, minlength=len(subjects))
    place = np.arange(taken.size) - (np.cumsum(count) - count)[who]
    shape = len(subjects), max(int(count.max(initial=0)), 1)
    time, level, limit = (np.full(shape, np.nan) for _ in range(3))
    below = np.zeros(shape, dtype=bool)
    time[who, place], level[who, place] = times.day[taken], levels.level[taken]
    limit[who, place], below[who, place] = levels.limit[taken], levels.below[taken]
    return Profiles.of(
        time,
        level,
        lower_limit=limit,
        below=below,
        patients=subjects,
        unit=unit,
        dose_level=start,
    )


def _notes(
    rows: _Rows, times: ObservedTimes, levels: ObservedLevels, profiles: Profiles, column: str
) -> list[str]:
    counts = {
        "samples without a level (DV missing, or MDV 1) were left out": int(
            rows.silent.sum() + (rows.sample & ~levels.below & np.isnan(levels.level)).sum()
        ),
        "samples before the infusion were left out": int(profiles.earlier.sum()),
        "records of other events (EVID 2 or 3) were skipped": int(rows.other.sum()),
        "subjects had several doses: day 0 is the first, and a fold from the dose counts all": int(
            (times.doses > 1).sum()
        ),
    }
    notes = [f"{count} {what}" for what, count in counts.items() if count]
    if times.doses.any():
        notes.insert(0, "days are counted from the first dose of each subject")
    if column:
        notes.append(f"the limit of quantification is that of column {column}")
    return notes
