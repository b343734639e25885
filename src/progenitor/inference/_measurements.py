"""What was measured: one row for each observation, with what lies below the limit said so."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem

__all__ = ["Measurements", "measurements"]


@final
@dataclass(frozen=True, slots=True)
class Measurements:
    """Measurements of several subjects; make them with :func:`measurements`.

    Parameters
    ----------
    subject
        Whose measurement it is, counted from 0.
    time
        When it was taken.
    value
        What was measured; NaN where it lies below the limit.
    censored
        Whether it lies below the limit of quantification.
    limit
        Lower limit of quantification that applied to it; NaN where there was none.
    stratum
        Position in ``strata``.
    strata
        Names of the groups that are looked at apart.
    """

    subject: Int[np.ndarray, " observation"]
    time: Float[np.ndarray, " observation"]
    value: Float[np.ndarray, " observation"]
    censored: Bool[np.ndarray, " observation"]
    limit: Float[np.ndarray, " observation"]
    stratum: Int[np.ndarray, " observation"]
    strata: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many observations there are."""
        return len(self.time)

    @property
    def subjects(self) -> int:
        """How many subjects have at least one observation."""
        return len(np.unique(self.subject))


def measurements(
    subject: Int[np.ndarray, " observation"],
    time: Float[np.ndarray, " observation"],
    value: Float[np.ndarray, " observation"],
    *,
    limit: float | Float[np.ndarray, " observation"] = np.nan,
    censored: Bool[np.ndarray, " observation"] | None = None,
    stratum: Int[np.ndarray, " observation"] | None = None,
    strata: tuple[str, ...] = ("",),
) -> Measurements:
    """Check measurements and say which of them are censored.

    Parameters
    ----------
    subject, time, value
        Who, when and what. The value of a censored measurement is not used and may be NaN.
    limit
        Lower limit of quantification, for all or for each; NaN where there was none.
    censored
        Which lie below the limit; values below it are censored whether marked or not.
    stratum, strata
        Group of each, and the names of the groups.

    Raises
    ------
    InputError
        Lists everything that is wrong: times or values that are not finite, marks without a limit,
        groups without a name.

    Examples
    --------
    >>> first, second = np.array([0, 0]), np.array([1.0, 2.0])
    >>> seen = measurements(first, second, np.array([40.0, 3.0]), limit=5.0)
    >>> seen.censored.tolist(), seen.value.tolist()
    ([False, True], [40.0, nan])
    """
    limits = np.broadcast_to(np.asarray(limit, dtype=np.float64), time.shape).copy()
    marked = np.zeros(time.shape, dtype=bool) if censored is None else censored
    below = marked | (value < limits)
    group = np.zeros(time.shape, dtype=np.int64) if stratum is None else stratum
    _refuse(time, value, limits, below, group, strata)
    return Measurements(
        subject=subject.astype(np.int64),
        time=time.astype(np.float64),
        value=np.where(below, np.nan, value),
        censored=below,
        limit=limits,
        stratum=group,
        strata=strata,
    )


def _refuse(
    time: Float[np.ndarray, " observation"],
    value: Float[np.ndarray, " observation"],
    limit: Float[np.ndarray, " observation"],
    below: Bool[np.ndarray, " observation"],
    group: Int[np.ndarray, " observation"],
    strata: tuple[str, ...],
) -> None:
    wrong = {
        "there is no observation": (
            np.array([len(time) == 0]),
            "give at least one measured value",
        ),
        "a time is not a finite number": (~np.isfinite(time), "give the time of each observation"),
        "a value is not a finite number": (
            ~np.isfinite(value) & ~below,
            "leave the observation out, or mark it as censored",
        ),
        "a censored observation has no limit": (
            below & ~np.isfinite(limit),
            "give the lower limit of quantification",
        ),
        "a limit is infinite": (np.isinf(limit), "give a finite limit, or NaN for none"),
        "a stratum has no name": ((group < 0) | (group >= len(strata)), "name every stratum"),
    }
    problems = [
        Problem(f"{message} (first: observation {int(np.argmax(where)) + 1})", fix)
        for message, (where, fix) in wrong.items()
        if where.any()
    ]
    if problems:
        raise InputError(problems)
