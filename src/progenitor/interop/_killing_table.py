"""Cell index over time from an impedance instrument, normalised to when effectors were added."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem
from progenitor.interop._records_numbers import number_column
from progenitor.interop._records_text import RecordText, read_text

__all__ = ["KillingTable", "read_killing"]

_HOURS = {"hour": 1.0, "minute": 1 / 60, "day": 24.0}


@final
@dataclass(frozen=True, slots=True)
class KillingTable:
    """Normalised cell index of wells.

    Parameters
    ----------
    times
        Hours since effectors were added, from 0.
    index
        Well → cell index divided by that at time 0.
    ratios
        Well → effectors per target.
    control
        The same index of targets alone; None without.
    start
        Well → cell index when effectors were added.
    """

    times: Float[np.ndarray, " time"]
    index: Mapping[str, Float[np.ndarray, " time"]]
    ratios: Mapping[str, float]
    control: Float[np.ndarray, " time"] | None
    start: Mapping[str, float]


def read_killing(
    path: Path | str,
    *,
    wells: Mapping[str, float],
    control: str = "",
    added: float = 0.0,
    until: float | None = None,
    time_unit: str = "hour",
) -> KillingTable:
    r"""Read a table of cell index: a column TIME, and one for each well or mean of wells.

    Parameters
    ----------
    path
        Comma-separated text in UTF-8 with a header.
    wells
        Column → effectors per target.
    control
        Column of targets without effectors.
    added
        When effectors were added, in the unit of TIME; the first time from then on is 0.
    until
        Last time used; by default the last of the table.
    time_unit
        ``"hour"``, ``"minute"`` or ``"day"``.

    Raises
    ------
    InputError
        Lists columns that are not there, times that do not increase, cells that are no numbers, and
        wells whose index is not above 0 when effectors are added.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "index.csv")
    ...     _ = path.write_text("TIME,B1\n0,1.0\n24,2.0\n48,1.0\n")
    ...     table = read_killing(path, wells={"B1": 0.2}, added=24)
    >>> table.times.tolist(), table.index["B1"].tolist()
    ([0.0, 24.0], [1.0, 0.5])
    """
    problems: list[Problem] = []
    if time_unit not in _HOURS:
        problems.append(Problem(f"unknown unit of time '{time_unit}'",
                                f"one of {', '.join(_HOURS)}", field="--time-unit"))  # fmt: skip
    if not wells:
        problems.append(Problem("no well is named", "write --well NAME=RATIO", field="--well"))
    text = read_text(Path(path), (), problems, besides=frozenset())
    if text is None or problems:
        raise InputError(problems)
    names = [*wells, *([control] if control else [])]
    for name in ("TIME", *names):
        if name not in text.names:
            fix = f"one of {', '.join(text.header)}"
            problems.append(Problem(f"there is no column '{name}'", fix, text.file, 1, name))
    if problems:
        raise InputError(problems)
    hours = number_column(text, "TIME", np.nan, problems) * _HOURS[time_unit]
    begin = added * _HOURS[time_unit]
    end = np.inf if until is None else until * _HOURS[time_unit]
    used = (hours >= begin) & (hours <= end)
    values = {name: _column(text, name, used, problems) for name in names}
    if not np.isfinite(hours).all() or not (np.diff(hours) > 0).all():
        problems.append(Problem("TIME does not increase", "sort the rows by time", text.file,
                                field="TIME"))  # fmt: skip
    elif not used.any():
        message = f"no time from {added:g} {time_unit} on"
        problems.append(Problem(message, "check when effectors were added", text.file))
    else:
        for name, of in values.items():
            if not of[0] > 0:
                message = f"the cell index of {name} is {of[0]:g} when effectors are added"
                problems.append(Problem(message, "add them to living targets, or check --added",
                                        text.file, field=name))  # fmt: skip
    if problems:
        raise InputError(problems)
    times = hours[used]
    start = {name: float(of[0]) for name, of in values.items()}
    index = {name: values[name] / start[name] for name in wells}
    alone = values[control] / start[control] if control else None
    return KillingTable(times - times[0], index, dict(wells), alone, start)


def _column(
    text: RecordText, name: str, used: np.ndarray, problems: list[Problem]
) -> Float[np.ndarray, " time"]:
    """Return the used numbers of a column; note what is missing."""
    values = number_column(text, name, np.nan, problems)
    for row in np.flatnonzero(used & np.isnan(values)):
        problems += [text.problem(int(row), name, "there is no cell index",
                                     "give a number at every time")]  # fmt: skip
    kept: Float[np.ndarray, " time"] = values[used]
    return kept
