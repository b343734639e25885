"""A table of measured levels laid beside a published model, ready for a predictive check."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import InputError, Problem, UnitError
from progenitor.evidence import Catalogue
from progenitor.inference import Layout, Measurements, measurements
from progenitor.interop._check_columns import numbers_of, strata_of
from progenitor.interop._check_doses import dose_records, has_doses, with_doses
from progenitor.interop._observations import read_observations
from progenitor.interop._records_text import RecordText, read_text
from progenitor.kinetics import Profiles
from progenitor.library import PublishedModel
from progenitor.units import convert

__all__ = ["CheckData", "read_check_data"]

_MEANING: Final = frozenset({"DVID", "BLQ", "CENS", "LLOQ"})


@final
@dataclass(frozen=True, slots=True)
class CheckData:
    """Measured levels and how to simulate copies of them.

    Parameters
    ----------
    measured
        Levels in the unit of the model, days in its time.
    layout
        When each patient is looked at, after which doses.
    patients
        Names, in the order of the rows of the layout.
    notes
        What a reader of the results should know about how the table was read.
    """

    measured: Measurements
    layout: Layout
    patients: tuple[str, ...]
    notes: tuple[str, ...]


def read_check_data(
    path: Path | str,
    model: PublishedModel,
    catalogue: Catalogue,
    *,
    observable: str,
    lower_limit: float | None = None,
    limit_column: str = "",
    unit: str = "",
    time_unit: str = "day",
    dvid: str = "",
    stratify: str = "",
    variant: str = "",
    ignore: Sequence[str] = (),
) -> CheckData:
    r"""Read measured levels, doses and covariates for a check of one observable of a model.

    Levels, limits, analytes and samples below the limit are read as
    :func:`progenitor.interop.read_observations` says. Dose records replace the model's own
    regimens, as :meth:`progenitor.interop.RecordTable.to_simulation` says; a model that is given
    nothing has its infusion on day 0, and dose records only say when that is. A column with the
    symbol of one of the model's numbers holds that number of each patient, where it is not missing.

    Parameters
    ----------
    path
        Comma-separated text in UTF-8 with a header.
    model, catalogue, observable
        What DV is compared with.
    lower_limit, limit_column
        Lower limit of quantification, or the column that holds it.
    unit, time_unit
        Units of DV (by default the observable's) and TIME.
    dvid
        Which analyte, where DVID tells several.
    stratify
        Column that divides the patients into groups.
    variant
        Named set of the model's numbers.
    ignore
        Columns without a meaning, whatever their name.

    Raises
    ------
    InputError
        Lists everything that is wrong with the table, by line and column.

    Examples
    --------
    >>> import tempfile
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.library import find_model
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "levels.csv")
    ...     _ = path.write_text("ID,TIME,DV\n1,3,200\n1,9,21000\n2,10,<50\n")
    ...     data = read_check_data(
    ...         path, find_model("stein_2019"), default_catalogue(), observable="level"
    ...     )
    >>> data.measured.time.tolist(), data.measured.censored.tolist(), data.patients
    ([3.0, 9.0, 10.0], [False, False, True], ('1', '2'))
    """
    read = read_observations(
        path,
        lower_limit=lower_limit,
        limit_column=limit_column,
        time_unit=time_unit,
        dvid=dvid,
        ignore=ignore,
    )
    text = read_text(Path(path), ignore, [], besides=_MEANING)
    assert text is not None, "the table was read a moment ago"
    problems: list[Problem] = []
    profiles, limit = read.profiles, _limits(read.profiles, text, problems)
    sampled = np.flatnonzero(profiles.taken.any(axis=1))
    patients = tuple(profiles.patients[row] for row in sampled.tolist())
    strata, stratum = strata_of(text, patients, stratify, problems)
    driven, table = bool(model.regimens) and has_doses(text), catalogue.table(model.name)
    numbers = numbers_of(text, patients, table, problems, constant=not driven)
    own = next(one.unit for one in model.observables if one.name == observable)
    factor = _factor(unit or own, own, text, problems)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    measured = _measured(profiles, limit, sampled, factor, stratum, strata)
    patient, look = np.nonzero(profiles.taken[sampled])
    layout = Layout(profiles.time[sampled], patient, look, numbers=numbers)
    if driven:
        records = dose_records(path, text.header, time_unit=time_unit, ignore=ignore)
        layout = with_doses(layout, records, patients, model, catalogue, variant=variant, dvid=dvid)
    notes = [*read.notes, *_notes(text, model, table.parameters, numbers, driven=driven)]
    return CheckData(measured, layout, patients, tuple(notes))


def _measured(
    profiles: Profiles,
    limit: Float[np.ndarray, "patient sample"],
    sampled: Int[np.ndarray, " sampled"],
    factor: float,
    stratum: Int[np.ndarray, " sampled"],
    strata: tuple[str, ...],
) -> Measurements:
    """Return the samples of patients that have any, one after the other."""
    patient, look = np.nonzero(profiles.taken[sampled])
    at = (sampled[patient], look)
    return measurements(
        patient,
        profiles.time[at],
        factor * profiles.level[at],
        limit=factor * limit[at],
        censored=profiles.below[at],
        stratum=stratum[patient],
        strata=strata,
    )


def _limits(
    profiles: Profiles, text: RecordText, problems: list[Problem]
) -> Float[np.ndarray, "patient sample"]:
    """Return the limit of every sample: simulated ones are compared with it as well."""
    known = np.unique(profiles.limit[profiles.taken & np.isfinite(profiles.limit)])
    unknown = profiles.taken & np.isnan(profiles.limit)
    count = int((unknown & profiles.below).sum())
    if known.size == 1:
        return np.where(unknown, known[0], profiles.limit)
    if count:
        message = f"{count} samples are below a limit that is not known"
        problems.append(Problem(message, "give the limit, or a column LLOQ", text.file))
    elif known.size and unknown.any():
        message = f"{int(unknown.sum())} samples have no limit of quantification, but others have "
        message += f"different ones ({', '.join(f'{one:g}' for one in known[:4].tolist())})"
        problems.append(Problem(message, "give the limit of each in a column LLOQ", text.file))
    return profiles.limit


def _factor(unit: str, own: str, text: RecordText, problems: list[Problem]) -> float:
    """Return what turns levels of the table into the unit of the model."""
    try:
        return convert(1.0, unit, own)
    except UnitError as error:
        fix = f"give the unit of DV; the model's is {own}"
        problems.append(Problem(f"unit: {error}", fix, text.file))
        return 1.0


def _notes(
    text: RecordText,
    model: PublishedModel,
    symbols: Iterable[str],
    numbers: Mapping[str, Float[np.ndarray, " patient"]],
    *,
    driven: bool,
) -> list[str]:
    notes = []
    known = {symbol.lower(): symbol for symbol in symbols}
    for column in text.names:
        near = known.get(column.lower(), column)
        if near != column:
            notes.append(f"column {column} is not used: the model's number is written {near}")
    if driven:
        notes.append("doses are those of the table, instead of what the paper gave")
    elif has_doses(text):
        notes.append("the model is not driven by doses: their amounts are not used")
    elif model.regimens:
        notes.append("the table has no doses: patients are given what the paper gave")
    for symbol, values in numbers.items():
        missing = int(np.isnan(values).sum())
        rest = f"; {missing} patients without it have the model's own" if missing else ""
        notes.append(f"column {symbol} sets that number of the model for each patient{rest}")
    return notes
