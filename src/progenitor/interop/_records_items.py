"""The records of one subject as doses, changes and resets in the time of a simulation.

The engine shows the state after everything that happens at a time, whereas the order of records of
one time matters: an observation before a dose of the same time shows the trough. Such moments are
spread over less than 1e-8 of the time, everything that comes before the last dose a little earlier.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, final

from progenitor.interop._records import RecordTable
from progenitor.interop._records_steady import SteadyState

__all__ = ["Act", "SubjectItems", "items_of"]

_SPREAD: Final = 1e-8
_CLOSE: Final = 1e-9
_OBSERVED: Final = (0, 2)
_RESETS: Final = (3, 4)
_DOSES: Final = (1, 4)


@final
@dataclass(frozen=True, slots=True)
class Act:
    """One thing done to a subject: ``dose`` or ``change`` with a target, or ``reset``."""

    time: float
    kind: str
    target: str = ""
    amount: float = 0.0
    duration: float = 0.0


@final
@dataclass(slots=True)
class SubjectItems:
    """What is done to a subject, in order, and the time at which each record is looked at."""

    acts: list[Act] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


@final
@dataclass(frozen=True, slots=True)
class _Pending:
    """An additional dose that is still to come; its time is that of the records."""

    time: float
    target: str
    amount: float
    duration: float


def items_of(
    table: RecordTable,
    rows: Sequence[int],
    factor: float,
    targets: Sequence[str],
    changes: Mapping[int, Mapping[str, float]],
    steady: Mapping[int, SteadyState],
    species: Sequence[str],
) -> SubjectItems:
    """Lay out the records of one subject.

    Parameters
    ----------
    table
        All records.
    rows
        Those of the subject, in order.
    factor
        From the table's unit of time to the model's.
    targets
        Species of each record's dose.
    changes
        Row → parameters that have another value from there on.
    steady
        Row → how steady state is reached, for records with SS.
    species
        Of the model, in order.
    """
    layout = _Layout(table, factor, targets, changes, steady, species)
    for group in _groups(table, rows):
        layout.add(group)
    return layout.items


def _groups(table: RecordTable, rows: Sequence[int]) -> Iterator[list[int]]:
    """Yield the records of one time together."""
    group = [rows[0]]
    for row in rows[1:]:
        if table.time[row] != table.time[group[0]]:
            yield group
            group = []
        group.append(row)
    yield group


@final
@dataclass(slots=True)
class _Layout:
    table: RecordTable
    factor: float
    targets: Sequence[str]
    changes: Mapping[int, Mapping[str, float]]
    steady: Mapping[int, SteadyState]
    species: Sequence[str]
    items: SubjectItems = field(default_factory=SubjectItems)
    pending: list[_Pending] = field(default_factory=list)
    shift: float = 0.0

    def add(self, group: Sequence[int]) -> None:
        """Add the records of one time."""
        nominal = float(self.table.time[group[0]]) * self.factor
        apart = [
            row
            for before, row in pairwise(group)
            if self.table.event[before] in _OBSERVED and self._acts(row)
        ]
        pause = _SPREAD * max(1.0, abs(nominal + self.shift)) / (len(apart) + 1)
        left = len(apart)
        self._additional(nominal, nominal - left * pause)
        begins = not self.items.times
        for row in group:
            if row in apart:
                left -= 1
            moment = nominal - left * pause
            if begins and moment > 0:
                self._note(moment, "reset")
            self._record(row, moment, first=begins)
            begins = False
            self.items.times.append(moment + self.shift)

    def _acts(self, row: int) -> bool:
        return self.table.event[row] not in _OBSERVED or row in self.changes

    def _note(self, moment: float, kind: str, target: str = "", *sizes: float) -> None:
        self.items.acts.append(Act(moment + self.shift, kind, target, *sizes))

    def _additional(self, nominal: float, moment: float) -> None:
        """Give additional doses that fall due before a time, or at it."""
        close = _CLOSE * max(1.0, abs(nominal))
        due = [dose for dose in self.pending if dose.time <= nominal + close]
        self.pending = [dose for dose in self.pending if dose.time > nominal + close]
        for dose in sorted(due, key=lambda dose: dose.time):
            when = min(dose.time, moment) if dose.time < nominal - close else moment
            self._note(when, "dose", dose.target, dose.amount, dose.duration)

    def _record(self, row: int, moment: float, *, first: bool) -> None:
        table = self.table
        event, flag = table.event[row], table.steady[row]
        for name, value in self.changes.get(row, {}).items():
            self._note(moment, "change", name, value)
        if event in _RESETS or flag == 1:
            self.pending.clear()
            self._note(moment, "reset")
        if event not in _DOSES:
            return
        target, amount = self.targets[row], float(table.amount[row])
        duration = float(table.duration[row]) * self.factor
        interval = float(table.interval[row]) * self.factor
        if flag == 1:
            self._repeat(row, moment, interval, first=first)
        elif flag == 2:
            self._superpose(row, moment, interval)
        self._note(moment, "dose", target, amount, duration)
        for number in range(1, int(table.additional[row]) + 1):
            later = float(table.time[row]) * self.factor + number * interval
            self.pending.append(_Pending(later, target, amount, duration))

    def _repeat(self, row: int, moment: float, interval: float, *, first: bool) -> None:
        """Give doses before a record, in a time that is not counted."""
        count = self.steady[row].doses
        if first:
            self.items.acts.clear()
            self.shift -= count * interval
            self._note(moment, "reset")
        for number in range(count):
            sizes = float(self.table.amount[row]), float(self.table.duration[row]) * self.factor
            self._note(moment + number * interval, "dose", self.targets[row], *sizes)
        self.shift += count * interval

    def _superpose(self, row: int, moment: float, interval: float) -> None:
        """Add the amounts of steady state, and what is left of infusions that still go on."""
        for name, amount in zip(self.species, self.steady[row].amounts, strict=True):
            if amount > 0:
                self._note(moment, "dose", name, float(amount), 0.0)
        duration = float(self.table.duration[row]) * self.factor
        amount, left = float(self.table.amount[row]), duration - interval
        while left > _CLOSE * duration:
            self._note(moment, "dose", self.targets[row], amount * left / duration, left)
            left -= interval
