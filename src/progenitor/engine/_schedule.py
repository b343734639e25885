"""Everything that is done to patients, as flat arrays sorted by patient and time.

Both engines read their protocol here, so that they cannot understand it differently.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int, Int8

from progenitor.engine._change import Change
from progenitor.engine._model import Model
from progenitor.engine._protocol import Dose
from progenitor.engine._reset import Reset

__all__ = ["BOLUS", "CHANGE", "INFUSION", "RESET", "Protocol", "Schedule"]

BOLUS: Final = 0
INFUSION: Final = 1
CHANGE: Final = 2
RESET: Final = 3

_BRIEF: Final = 1e-9
"""Days (or share of the day) below which an infusion is given at once: its two ends would meet."""

Protocol = Sequence[Dose | Change | Reset]


@final
@dataclass(frozen=True, slots=True)
class Schedule:
    """The items of all patients, one patient after the other, in the order in which they act.

    Parameters
    ----------
    offsets
        Where the items of each patient begin, and where the last patient's end.
    times
        Day of each item, never decreasing within a patient; items of one day act in this order.
    kinds
        ``BOLUS`` adds an amount; ``INFUSION`` changes the rate at which a species is infused;
        ``CHANGE`` gives a parameter a new value; ``RESET`` sets all species to their initial
        values and all infusion rates to zero.
    targets
        Position of the species (``BOLUS``, ``INFUSION``) or parameter (``CHANGE``); 0 for a reset.
    amounts
        Amount, change of rate per day, or new value. Rate changes added up in this order give
        exactly zero when nothing is infused any more. 0 for a reset.

    Examples
    --------
    >>> from progenitor.engine._declarations import ReactionSet, Species
    >>> model = Model.build("m", [ReactionSet("p", species=(Species("drug", "1"),))])
    >>> week = Dose("drug", np.array([0.0, np.nan]), np.array([6.0, 0.0]), np.array([2.0, 0.0]))
    >>> found = Schedule.build(model, [week, Reset(np.array([9.0, 9.0]))], patients=2)
    >>> found.offsets.tolist(), found.times.tolist()
    ([0, 3, 4], [0.0, 2.0, 9.0, 9.0])
    >>> found.kinds.tolist(), found.amounts.tolist()
    ([1, 1, 3, 3], [3.0, -3.0, 0.0, 0.0])
    """

    offsets: Int[np.ndarray, " patient_and_end"]
    times: Float[np.ndarray, " item"]
    kinds: Int8[np.ndarray, " item"]
    targets: Int[np.ndarray, " item"]
    amounts: Float[np.ndarray, " item"]

    @classmethod
    def build(cls, model: Model, protocol: Protocol, *, patients: int) -> "Schedule":
        """Sort a checked protocol.

        Parameters
        ----------
        model
            Gives the positions of species and parameters.
        protocol
            Doses, changes and resets; at one time they act in this order.
        patients
            How many there are.
        """
        species = {item.name: index for index, item in enumerate(model.species)}
        parameters = {item.name: index for index, item in enumerate(model.parameters)}
        parts = [_nothing()]
        for item in protocol:
            match item:
                case Dose():
                    parts.append(_doses(item, species[item.species]))
                case Change():
                    parts.append(_single(item.time, CHANGE, parameters[item.parameter], item.value))
                case Reset():
                    parts.append(_single(item.time, RESET, 0, np.zeros(len(item.time))))
        columns = zip(*map(_columns, parts), strict=True)
        return _sorted(_Items(*map(np.concatenate, columns)), patients)

    def of(self, rows: Int[np.ndarray, " row"]) -> "Schedule":
        """Return the items of some of the patients."""
        counts = np.diff(self.offsets)[rows]
        offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        kept = np.repeat(self.offsets[rows] - offsets[:-1], counts) + np.arange(offsets[-1])
        columns = (self.times, self.kinds, self.targets, self.amounts)
        return Schedule(offsets, *(column[kept] for column in columns))


@final
@dataclass(frozen=True, slots=True)
class _Items:
    """Items in the order given; an end of an infusion knows where its beginning is."""

    patients: Int[np.ndarray, " item"]
    times: Float[np.ndarray, " item"]
    kinds: Int8[np.ndarray, " item"]
    targets: Int[np.ndarray, " item"]
    amounts: Float[np.ndarray, " item"]
    back: Int[np.ndarray, " item"]
    """How many items before the end of an infusion its beginning stands; 0 for all others."""

    def of(self, kept: Int[np.ndarray, " kept"] | Bool[np.ndarray, " item"]) -> "_Items":
        return _Items(*(column[kept] for column in _columns(self)))


def _columns(items: _Items) -> tuple[np.ndarray, ...]:
    return (
        items.patients,
        items.times,
        items.kinds,
        items.targets,
        items.amounts,
        items.back,
    )


def _nothing() -> _Items:
    return _single(np.zeros(0), RESET, 0, np.zeros(0))


def _single(
    time: Float[np.ndarray, " patient"],
    kind: int,
    target: int,
    amount: Float[np.ndarray, " patient"],
) -> _Items:
    """One item in each patient who has a time."""
    rows = np.flatnonzero(~np.isnan(time))
    return _Items(
        rows,
        time[rows].astype(np.float64),
        np.full(rows.size, kind, np.int8),
        np.full(rows.size, target, np.int64),
        amount[rows].astype(np.float64),
        np.zeros(rows.size, np.int64),
    )


def _doses(dose: Dose, species: int) -> _Items:
    """Every dose of a series: a bolus, or the two ends of an infusion one after the other."""
    rows = np.flatnonzero(~np.isnan(dose.time))
    number = np.arange(dose.additional + 1, dtype=np.float64)
    days = (dose.time[rows, None] + number * dose.interval).ravel()
    patients = np.repeat(rows, number.size)
    amounts = np.repeat(dose.amount[rows].astype(np.float64), number.size)
    lasting = np.zeros(days.size)
    if dose.duration is not None:
        lasting = np.repeat(np.nan_to_num(dose.duration[rows].astype(np.float64)), number.size)
    slow = (lasting > _BRIEF * np.maximum(1.0, np.abs(days))) & (amounts > 0)
    items = 1 + slow
    ends = np.cumsum(items) - 1
    rates = amounts / np.where(slow, lasting, 1.0)
    every = _Items(
        np.repeat(patients, items),
        np.repeat(days, items),
        np.repeat(np.where(slow, INFUSION, BOLUS).astype(np.int8), items),
        np.full(items.sum(), species, np.int64),
        np.repeat(rates, items),
        np.zeros(items.sum(), np.int64),
    )
    last = ends[slow]
    every.times[last] += lasting[slow]
    every.amounts[last] *= -1.0
    every.back[last] = 1
    return every


def _sorted(given: _Items, patients: int) -> Schedule:
    """Sort by patient and time, keeping ties as given."""
    order = np.lexsort((given.times, given.patients))
    items = given.of(order)
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    begun = place[order - items.back]
    resets = np.cumsum(items.kinds == RESET)
    ended = (items.back > 0) & (resets > resets[begun]) if order.size else np.zeros(0, bool)
    items = items.of(~ended)
    _balance(items)
    counts = np.bincount(items.patients, minlength=patients)
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return Schedule(offsets, items.times, items.kinds, items.targets, items.amounts)


def _balance(items: _Items) -> None:
    """Make rate changes that overlap add up to exactly zero once nothing is infused.

    Sums of floating-point numbers depend on their order: (a + b) - a - b need not be zero. The last
    end in a stretch of overlapping infusions takes away what has really been added.
    """
    rows = np.flatnonzero((items.kinds == INFUSION) | (items.kinds == RESET))
    if not (items.back[rows] > 0).any():
        return
    species = np.unique(items.targets[items.kinds == INFUSION])
    for target in species:
        chosen = rows[(items.targets[rows] == target) | (items.kinds[rows] == RESET)]
        _balance_one(items, chosen)


def _balance_one(items: _Items, rows: Int[np.ndarray, " row"]) -> None:
    """Balance one species; works along the k-th item of every patient at once."""
    patients = items.patients[rows]
    first = np.concatenate(([0], np.flatnonzero(np.diff(patients)) + 1))
    length = np.diff(np.concatenate((first, [rows.size])))
    running = np.zeros(first.size)
    going = np.zeros(first.size, np.int64)
    for rank in range(int(length.max())):
        alive = np.flatnonzero(length > rank)
        row = rows[first[alive] + rank]
        reset = items.kinds[row] == RESET
        change = np.where(items.back[row] > 0, -1, 1)
        going[alive] = np.where(reset, 0, going[alive] + change)
        over = ~reset & (going[alive] == 0)
        items.amounts[row[over]] = -running[alive[over]]
        running[alive] = np.where(reset | over, 0.0, running[alive] + items.amounts[row])
