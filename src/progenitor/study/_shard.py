"""What one chunk produced: a table of outcomes and curves over time, in memory."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import RunStoreError
from progenitor.study._effort import Effort

__all__ = ["KEYS", "Shard"]

KEYS = ("draw", "arm", "patient")
"""Columns that name a row; ``arm`` is the position of the arm in the study file."""

_KINDS = "biufU"
_NONE = Effort()


@final
@dataclass(frozen=True, slots=True)
class Shard:
    """Outcomes and time courses of some patients, one row per (draw, arm, patient).

    Parameters
    ----------
    outcomes
        Columns of equal length (row,): booleans, integers, floats or text. The integer columns
        ``draw``, ``arm`` and ``patient`` must be among them. A value that is missing is NaN.
    series
        Curves (row, time) in the order of the rows of ``outcomes``.
    days
        Days since infusion at which the curves were read (time,), increasing.
    effort
        What the solver did for it; neither stored nor hashed.

    Raises
    ------
    RunStoreError
        If a key column is missing or the shapes do not fit each other.

    Examples
    --------
    >>> shard = Shard(
    ...     outcomes={"draw": np.array([0, 0]), "arm": np.array([1, 0]),
    ...               "patient": np.array([7, 7]), "cmax": np.array([2.0, 1.0])},
    ...     series={"blood": np.array([[0.0, 2.0], [0.0, 1.0]])},
    ...     days=np.array([0.0, 7.0]),
    ... )
    >>> shard.rows, shard.ordered().outcomes["cmax"].tolist()
    (2, [1.0, 2.0])
    """

    outcomes: Mapping[str, np.ndarray[Any, Any]]
    series: Mapping[str, Float[np.ndarray, "row time"]]
    days: Float[np.ndarray, " time"]
    effort: Effort = _NONE

    def __post_init__(self) -> None:
        faults = [f"column '{key}' is missing" for key in KEYS if key not in self.outcomes]
        if not faults:
            faults = [*self._outcome_faults(), *self._series_faults()]
        if faults:
            raise RunStoreError(
                f"a shard is malformed: {'; '.join(faults)}. Fix: return one value per "
                "(draw, arm, patient) in every outcome, and (row, time) arrays of floats in series"
            )

    def _outcome_faults(self) -> list[str]:
        faults = []
        for name, column in self.outcomes.items():
            if column.shape != (self.rows,):
                faults.append(f"outcome '{name}' has shape {column.shape}, not ({self.rows},)")
            if column.dtype.kind not in (_KINDS if name not in KEYS else "iu"):
                faults.append(f"outcome '{name}' has type {column.dtype}")
        return faults

    def _series_faults(self) -> list[str]:
        faults = []
        if self.days.ndim != 1 or not np.all(np.diff(self.days) > 0.0):
            faults.append("days do not increase")
        for name, values in self.series.items():
            if name in (*KEYS, "day"):
                faults.append(f"series may not be called '{name}'")
            if values.shape != (self.rows, self.days.size) or values.dtype.kind != "f":
                faults.append(f"series '{name}' has shape {values.shape} and type {values.dtype}")
        return faults

    @property
    def rows(self) -> int:
        """Number of (draw, arm, patient) rows."""
        return int(self.outcomes["draw"].size)

    def ordered(self) -> "Shard":
        """Return the same rows sorted by (draw, arm, patient).

        Raises
        ------
        RunStoreError
            If two rows carry the same (draw, arm, patient).
        """
        keys = np.stack([self.outcomes[key].astype(np.int64) for key in KEYS])
        order = np.lexsort(keys[::-1])
        repeated = np.all(np.diff(keys[:, order], axis=1) == 0, axis=0)
        if np.any(repeated):
            draw, arm, patient = keys[:, order][:, np.flatnonzero(repeated)[0]]
            raise RunStoreError(
                f"draw {draw}, arm {arm}, patient {patient} was simulated twice. "
                "Fix: give every patient to exactly one chunk"
            )
        return Shard(
            {name: column[order] for name, column in self.outcomes.items()},
            {name: values[order] for name, values in self.series.items()},
            self.days,
        )

    def digest(self) -> str:
        """Hash every value, whatever the order of rows and columns, as 64 hexadecimal digits.

        The bytes hashed are little-endian with one bit pattern for NaN; rows are taken in the
        order (draw, arm, patient), columns in the order of their names. Two runs with equal
        digests hold equal bits.
        """
        shard = self.ordered()
        state = hashlib.sha256()
        for kind, columns in (("outcome", shard.outcomes), ("series", shard.series)):
            for name in sorted(columns):
                _hash_array(state, f"{kind} {name}", columns[name])
        _hash_array(state, "days", shard.days)
        return state.hexdigest()


def _hash_array(state: Any, label: str, values: np.ndarray[Any, Any]) -> None:
    """Feed one labelled array to a running hash."""
    if values.dtype.kind == "U":
        content = "\0".join(values.tolist()).encode()
        kind = "text"
    else:
        little = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
        if little.dtype.kind == "f":
            little = np.where(np.isnan(little), np.array(np.nan, little.dtype), little)
        content = little.tobytes()
        kind = little.dtype.str
    state.update(f"{label} {kind} {values.shape}\n".encode())
    state.update(content)
