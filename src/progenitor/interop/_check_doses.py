"""The doses of a table given to copies of its patients."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from progenitor.evidence import Catalogue
from progenitor.inference import Layout
from progenitor.interop._records import RecordTable, read_records
from progenitor.interop._records_numbers import number_column
from progenitor.interop._records_subjects import plain_name
from progenitor.interop._records_text import RecordText
from progenitor.library import PublishedModel
from progenitor.units import convert

__all__ = ["dose_records", "has_doses", "with_doses"]

_DOSES: Final = (1, 4)
_SAME: Final = 1e-9


def has_doses(text: RecordText) -> bool:
    """Whether any record of a table is a dose."""
    if "EVID" in text.names:
        return bool(np.isin(number_column(text, "EVID", 0.0, []), _DOSES).any())
    return bool((np.nan_to_num(number_column(text, "AMT", 0.0, [])) > 0).any())


def dose_records(
    path: Path | str, header: Sequence[str], *, time_unit: str, ignore: Sequence[str]
) -> RecordTable:
    """Read the doses of a table whose levels were read already.

    Parameters
    ----------
    path, header
        The table, and its column names as written.
    time_unit
        Unit of TIME.
    ignore
        Columns without a meaning; levels, which may be text such as ``<50``, are left out besides.

    Raises
    ------
    InputError
        Lists everything that is wrong with the doses, by line and column.
    """
    levels = [name for name in header if name.upper() == "DV"]
    return read_records(path, time_unit=time_unit, ignore=[*ignore, *levels])


def with_doses(
    layout: Layout,
    records: RecordTable,
    patients: Sequence[str],
    model: PublishedModel,
    catalogue: Catalogue,
    *,
    variant: str,
    dvid: str,
) -> Layout:
    """Return a layout in which patients get the doses of the table, and are looked at around them.

    Parameters
    ----------
    layout
        Days since the first dose of each patient at which it is looked at.
    records
        Doses and observations of the same table.
    patients
        IDs of the rows of the layout.
    model, catalogue, variant
        What is dosed.
    dvid
        Analyte of the observations.

    Raises
    ------
    InputError
        When the doses do not fit the model; lists every problem with its line.
    """
    built = model.model(catalogue)
    typical = model.typical(catalogue, variant)
    own = {
        parameter.name: typical[parameter.name]
        for parameter in built.parameters
        if parameter.name not in records.text.names
    }
    compartment = model.regimens[0].species
    run = records.to_simulation(built, own, default_compartment=compartment)
    order = np.array([records.subjects.index(name) for name in patients], dtype=np.int64)
    rows = [
        _row_of(records, int(order[patient]), layout.times[patient, look], dvid)
        for patient, look in zip(layout.patient.tolist(), layout.look.tolist(), strict=True)
    ]
    return replace(
        layout,
        times=run.times[order],
        look=run.positions[np.array(rows, dtype=np.int64)],
        doses=tuple(item.of(order) for item in run.doses),
    )


def _row_of(records: RecordTable, subject: int, day: float, dvid: str) -> int:
    """Return the record that a sample came from: that of its patient, analyte and time."""
    mine = records.subject == subject
    zero = records.time[mine & np.isin(records.event, _DOSES)].min(initial=np.inf)
    moment = convert(day, "day", records.time_unit) + (zero if np.isfinite(zero) else 0.0)
    near = np.abs(records.time - moment) <= _SAME * max(1.0, abs(moment))
    found = np.flatnonzero(mine & near & (records.event == 0))
    names = records.text.column("DVID")
    if dvid and names is not None:
        found = np.array([row for row in found if plain_name(names[row]) == plain_name(dvid)])
    return int(found[0])
