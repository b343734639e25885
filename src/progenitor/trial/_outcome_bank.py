"""The outcome bank: every virtual patient's outcomes under every arm and dose, once per draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, final

import numpy as np
from jaxtyping import Shaped

from progenitor.errors import DesignError
from progenitor.trial._waiting_strata import Arrivals

__all__ = ["OutcomeBank"]

Column = np.ndarray[Any, Any]
_KINDS = "biuf"
_AXES = ("draw", "arm", "dose", "patient")


@final
@dataclass(frozen=True, slots=True, eq=False)
class OutcomeBank:
    """Outcomes by (draw, arm, dose, patient), from which trials are resampled.

    Patient j of draw d is the same person in every arm and at every dose. The dose axis is the
    *assigned* level; what was achieved is a column like any other. A value a patient does not have
    is NaN, and a patient whose simulation failed is marked in the column ``failed``.

    Parameters
    ----------
    draws, patients
        Number of parameter draws, and of patients in each.
    arms, doses
        Names in the order of their axes.
    columns
        Booleans, integers or floats by name, each (draw, arm, dose, patient). The bank keeps
        read-only views of them.
    arrivals
        When patients came, by arm, for arms whose patients wait for each other; not saved.

    Raises
    ------
    DesignError
        If an axis is empty, a name repeats or a column does not fit; lists every problem.

    Examples
    --------
    >>> cmax = np.array([[[[3.0, 4.0]], [[5.0, 6.0]]]])
    >>> bank = OutcomeBank(1, ("conventional", "tscm"), ("2e6 cell/kg",), 2, {"cmax": cmax})
    >>> bank.values("cmax", arm="tscm").tolist()
    [[5.0, 6.0]]
    """

    draws: int
    arms: tuple[str, ...]
    doses: tuple[str, ...]
    patients: int
    columns: Mapping[str, Shaped[np.ndarray, "draw arm dose patient"]]
    arrivals: Mapping[str, Arrivals] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if problems := [*self._axis_problems(), *self._column_problems()]:
            raise DesignError(
                f"the outcome bank does not fit together: {'; '.join(problems)}. "
                f"Fix: give distinct names and numeric columns of shape {self.shape}"
            )
        kept = {name: column.view() for name, column in self.columns.items()}
        for column in kept.values():
            column.flags.writeable = False
        object.__setattr__(self, "columns", MappingProxyType(kept))

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Draws, arms, doses and patients."""
        return self.draws, len(self.arms), len(self.doses), self.patients

    def values(
        self, column: str, *, arm: str, dose: str | None = None
    ) -> Shaped[np.ndarray, "draw patient"]:
        """Return one column of one arm (draw, patient); the dose may be left out if there is one.

        Raises
        ------
        DesignError
            If the column, arm or dose is not in the bank, or the dose is needed and missing.
        """
        if column not in self.columns:
            raise DesignError(_unknown("column", column, list(self.columns)))
        if arm not in self.arms:
            raise DesignError(_unknown("arm", arm, self.arms))
        if dose is None and len(self.doses) > 1:
            raise DesignError(f"which dose? The bank has {', '.join(self.doses)}. Fix: name one")
        if dose is not None and dose not in self.doses:
            raise DesignError(_unknown("dose", dose, self.doses))
        level = 0 if dose is None else self.doses.index(dose)
        return self.columns[column][:, self.arms.index(arm), level, :]

    def rows(self) -> dict[str, Column]:
        """Return a long table for saving: position on each axis, then every column, each (row,)."""
        places = np.indices(self.shape, dtype=np.int32).reshape(4, -1)
        keys: dict[str, Column] = dict(zip(_AXES, places, strict=True))
        return keys | {name: column.reshape(-1) for name, column in self.columns.items()}

    @classmethod
    def from_rows(
        cls, rows: Mapping[str, Column], *, arms: Sequence[str], doses: Sequence[str]
    ) -> "OutcomeBank":
        """Rebuild a bank from a long table, whatever the order of its rows.

        Raises
        ------
        DesignError
            If a position is missing, repeated or out of range.

        Examples
        --------
        >>> bank = OutcomeBank(1, ("a",), ("d",), 2, {"x": np.array([[[[1.0, 2.0]]]])})
        >>> backwards = {name: column[::-1] for name, column in bank.rows().items()}
        >>> OutcomeBank.from_rows(backwards, arms=("a",), doses=("d",)).columns["x"].tolist()
        [[[[1.0, 2.0]]]]
        """
        missing = [axis for axis in _AXES if axis not in rows]
        if missing or not rows["draw"].size:
            raise DesignError(f"a table without rows or axes {missing} is no bank. Fix: use rows()")
        shape = int(rows["draw"].max()) + 1, len(arms), len(doses), int(rows["patient"].max()) + 1
        places = [np.asarray(rows[axis], dtype=np.int64) for axis in _AXES]
        inside = all(np.all((p >= 0) & (p < n)) for p, n in zip(places, shape, strict=True))
        flat = np.ravel_multi_index(places, shape) if inside else np.zeros(0, dtype=np.int64)
        order = np.argsort(flat, kind="stable")
        if not np.array_equal(flat[order], np.arange(np.prod(shape))):
            raise DesignError(
                f"{rows['draw'].size} rows do not fill draws × arms × doses × patients = {shape} "
                "once each. Fix: give every combination exactly once"
            )
        names = [name for name in rows if name not in _AXES]
        columns = {name: rows[name][order].reshape(shape) for name in names}
        return cls(shape[0], tuple(arms), tuple(doses), shape[3], columns)

    def _axis_problems(self) -> list[str]:
        problems = []
        if min(self.shape) < 1:
            problems.append(f"an axis of {self.shape} is empty")
        for axis, names in (("arm", self.arms), ("dose", self.doses)):
            if len(set(names)) < len(names):
                problems.append(f"an {axis} is named twice in {names}")
        return problems

    def _column_problems(self) -> list[str]:
        problems = []
        for name, column in self.columns.items():
            if column.shape != self.shape:
                problems.append(f"column '{name}' has shape {column.shape}")
            if column.dtype.kind not in _KINDS:
                problems.append(f"column '{name}' has type {column.dtype}")
            if name in _AXES:
                problems.append(f"column '{name}' is named like an axis")
        return problems


def _unknown(kind: str, name: str, known: Sequence[str]) -> str:
    return f"the bank has no {kind} '{name}'. Fix: choose among {', '.join(known) or 'none'}"
