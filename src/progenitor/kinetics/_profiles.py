"""Levels of many patients over time, checked: the one input of a kinetics analysis."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem, UnitError
from progenitor.kinetics._samples import packed
from progenitor.units import dimension

__all__ = ["Profiles"]

_Grid = Float[np.ndarray, "patient sample"]
_SHOWN = 40


@final
@dataclass(frozen=True, slots=True)
class Profiles:
    """Samples of each patient from the infusion on; make it with :meth:`of`.

    Rows are packed: the samples that were taken stand at the left, NaN follows them.

    Parameters
    ----------
    patients
        Names, in the order of the rows.
    time
        Days since the infusion, increasing (patient, sample).
    level
        Quantifiable levels; NaN for samples below the limit (patient, sample).
    below
        Which samples were below the limit of quantification (patient, sample).
    limit
        The limit at each sample; NaN where it is not known (patient, sample).
    unit
        Unit of the levels.
    dose_level
        Level that the dose alone would make at once, NaN where it is not known (patient,).
    earlier
        How many samples before the infusion were left out (patient,).

    Examples
    --------
    >>> days, level = np.array([0.0, 7.0, 14.0]), np.array([[0.5, 40.0, np.nan], [2.0, 9.0, 4.0]])
    >>> found = Profiles.of(days, level, lower_limit=1.0, unit="cell/uL")
    >>> found.time.tolist(), found.level.tolist()
    ([[0.0, 7.0, nan], [0.0, 7.0, 14.0]], [[nan, 40.0, nan], [2.0, 9.0, 4.0]])
    """

    patients: tuple[str, ...]
    time: Float[np.ndarray, "patient sample"]
    level: Float[np.ndarray, "patient sample"]
    below: Bool[np.ndarray, "patient sample"]
    limit: Float[np.ndarray, "patient sample"]
    unit: str
    dose_level: Float[np.ndarray, " patient"]
    earlier: Int[np.ndarray, " patient"]

    @property
    def taken(self) -> Bool[np.ndarray, "patient sample"]:
        """Which places hold a sample."""
        return np.asarray(~np.isnan(self.time))

    @property
    def found(self) -> Bool[np.ndarray, "patient sample"]:
        """Which samples were quantifiable."""
        return np.asarray(~np.isnan(self.level))

    @classmethod
    def of(
        cls,
        time: Float[np.ndarray, "..."],
        level: Float[np.ndarray, "patient sample"],
        *,
        lower_limit: float | Float[np.ndarray, "..."] = float("nan"),
        below: Bool[np.ndarray, "..."] | None = None,
        patients: Sequence[str] | None = None,
        unit: str = "1",
        dose_level: Float[np.ndarray, "..."] | None = None,
    ) -> "Profiles":
        """Check samples and pack them.

        Parameters
        ----------
        time
            Days since the infusion, the same for all patients or for each, NaN where there is no
            sample; samples before day 0 are left out (sample,) or (patient, sample).
        level
            Levels, NaN where none was measured (patient, sample).
        lower_limit
            Lower limit of quantification, one or at each sample; a level below it is below the
            limit. NaN says that it is not known.
        below
            Samples that the laboratory reported as below its limit (patient, sample).
        patients
            Names; by default their numbers from 1.
        unit
            Unit of the levels, such as ``"copy/ug"``.
        dose_level
            Level that the dose alone would make at once (patient,).

        Raises
        ------
        InputError
            Lists everything that is wrong, by patient.
        """
        count, samples = level.shape
        names = tuple(patients) if patients is not None else tuple(map(str, range(1, count + 1)))
        flagged = np.zeros_like(level, dtype=bool) if below is None else below
        amounts = np.full(count, np.nan) if dose_level is None else dose_level
        problems = _misfits(time, level, lower_limit, flagged, names, amounts)
        if problems:
            raise InputError(problems)
        days = np.broadcast_to(time, level.shape)
        limit = np.broadcast_to(np.asarray(lower_limit, dtype=float), level.shape)
        under = flagged | (level < limit)
        taken = ~np.isnan(level) | flagged
        problems = [*_unit_problems(unit), *_problems(names, days, level, limit, under, taken)]
        if problems:
            raise InputError(problems)
        later = taken & (days >= 0.0)
        quantified = np.where(under, np.nan, level)
        if not samples:
            empty = np.full((count, 1), np.nan)
            days, quantified, limit, later = empty, empty, empty, np.isfinite(empty)
            under = later
        at, seen, mark, line = packed(later, days, quantified, under.astype(float), limit)
        return cls(
            patients=names,
            time=np.array(at),
            level=np.array(seen),
            below=mark == 1.0,
            limit=np.array(line),
            unit=unit,
            dose_level=amounts,
            earlier=(taken & (np.broadcast_to(time, level.shape) < 0.0)).sum(axis=1),
        )


def _misfits(
    time: Float[np.ndarray, "..."],
    level: _Grid,
    lower_limit: float | Float[np.ndarray, "..."],
    below: Bool[np.ndarray, "..."],
    names: Sequence[str],
    amounts: Float[np.ndarray, "..."],
) -> list[Problem]:
    """List arrays whose shapes do not belong together."""
    count, samples = level.shape
    shapes = {
        "time": (np.shape(time), [(samples,), level.shape]),
        "lower_limit": (np.shape(lower_limit), [(), (samples,), (count, 1), level.shape]),
        "below": (np.shape(below), [level.shape]),
        "patients": ((len(names),), [(count,)]),
        "dose_level": (np.shape(amounts), [(count,)]),
    }
    problems = []
    for name, (shape, fitting) in shapes.items():
        if shape not in fitting:
            fix = f"give {' or '.join(map(str, dict.fromkeys(fitting)))}, as the levels have"
            problems.append(Problem(f"shape is {shape}", fix, field=name))
    twice = [name for name, times in Counter(names).items() if times > 1]
    fix = "give each patient a name"
    problems += [Problem(f"'{name}' comes twice", fix, field="patients") for name in twice[:_SHOWN]]
    return problems


def _unit_problems(unit: str) -> list[Problem]:
    try:
        dimension(unit)
    except UnitError as error:
        return [Problem(str(error), "give the unit of the levels, such as copy/ug", field="unit")]
    return []


def _problems(
    names: Sequence[str],
    days: _Grid,
    level: _Grid,
    limit: _Grid,
    below: Bool[np.ndarray, "patient sample"],
    taken: Bool[np.ndarray, "patient sample"],
) -> list[Problem]:
    """List samples that cannot be, each with its patient and its place in the row."""
    problems: list[Problem] = []

    def refuse(where: Bool[np.ndarray, "patient sample"], grid: _Grid, what: str, fix: str) -> None:
        for row, place in np.argwhere(where)[:_SHOWN].tolist():
            field = f"patient '{names[row]}', sample {place + 1}"
            message = what.format(grid[row, place])
            problems.append(Problem(message, fix, field=field))

    refuse(np.isinf(days), days, "time is {}", "give a finite day, or NaN for no sample")
    refuse(taken & np.isnan(days), level, "level {} has no time", "give the day of the sample")
    refuse(np.isinf(level), level, "level is {}", "give a finite level, or NaN for none")
    refuse(level < 0.0, level, "level is {}", "give levels from 0 on, not their logarithms")
    refuse(
        (level == 0.0) & ~below,
        level,
        "level is {} and no limit of quantification is known",
        "give lower_limit: a level of 0 is one below the limit",
    )
    refuse(
        taken & (np.isinf(limit) | (limit <= 0.0)),
        limit,
        "limit of quantification is {}",
        "give the assay's limit, above 0, in the unit of the level",
    )
    refuse(
        _not_later(days, taken),
        days,
        "time is {} after that of the sample before or a later one",
        "give increasing days, one level for each",
    )
    return problems


def _not_later(
    days: _Grid, taken: Bool[np.ndarray, "patient sample"]
) -> Bool[np.ndarray, "patient sample"]:
    """Find samples that are not later than the latest before them."""
    dated = np.where(taken & ~np.isnan(days), days, -np.inf)
    latest = np.maximum.accumulate(dated, axis=1)
    wrong = np.zeros_like(taken)
    wrong[:, 1:] = np.isfinite(dated[:, 1:]) & (dated[:, 1:] <= latest[:, :-1])
    return wrong
