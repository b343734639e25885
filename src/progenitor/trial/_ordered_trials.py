"""The patients of many trials in order of time, with what patients of the same time share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from progenitor.errors import InputError, Problem

__all__ = ["OrderedTrials", "by_blocks", "check_censored", "check_two_groups", "followed_rows"]

_BLOCK: Final = 1_500_000
"""Patients worked on at a time, so that memory does not grow with the number of trials."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class OrderedTrials:
    """Right-censored times of many trials, sorted within each; ties stand together.

    Patients with a NaN time are in nobody's risk set: that is how groups and strata are taken out.
    Sums over "steps" have a term at the first patient of each time with an event, 0 elsewhere.

    Parameters
    ----------
    time
        Times, increasing; infinity for patients that do not count (replicate, patient).
    event
        Whether the event happened (replicate, patient).
    order
        Where each patient stood before sorting (replicate, patient).
    first, last
        Position of the first and last patient with the same time (replicate, patient).
    size
        Patients that count (replicate,).

    Examples
    --------
    >>> trials = OrderedTrials.of(np.array([[3.0, 1.0, 1.0]]), np.array([[0, 1, 1]]))
    >>> trials.at_risk.tolist(), trials.at_step(trials.event).tolist()
    ([[3.0, 3.0, 1.0]], [[2.0, 0.0, 0.0]])
    """

    time: Float[np.ndarray, "replicate patient"]
    event: Bool[np.ndarray, "replicate patient"]
    order: Int[np.ndarray, "replicate patient"]
    first: Int[np.ndarray, "replicate patient"]
    last: Int[np.ndarray, "replicate patient"]
    size: Int[np.ndarray, " replicate"]

    @classmethod
    def of(
        cls,
        time: Float[np.ndarray, "replicate patient"],
        event: Shaped[np.ndarray, "replicate patient"],
    ) -> "OrderedTrials":
        """Sort the patients of each trial."""
        known = np.isfinite(time)
        whole = np.where(known, time, np.inf)
        order = np.argsort(whole, axis=1, kind="stable")
        sorted_time = np.take_along_axis(whole, order, axis=1)
        happened = np.take_along_axis(known & (event != 0), order, axis=1)
        place = np.broadcast_to(np.arange(time.shape[1]), time.shape)
        new = np.ones(time.shape, bool)
        new[:, 1:] = sorted_time[:, 1:] != sorted_time[:, :-1]
        first = np.maximum.accumulate(np.where(new, place, 0), axis=1)
        ends = np.ones(time.shape, bool)
        ends[:, :-1] = new[:, 1:]
        backwards = np.where(ends, place, time.shape[1])[:, ::-1]
        last = np.minimum.accumulate(backwards, axis=1)[:, ::-1]
        return cls(sorted_time, happened, order, first, last, known.sum(axis=1))

    @property
    def at_risk(self) -> Float[np.ndarray, "replicate patient"]:
        """Patients still followed just before each time."""
        return np.asarray((self.size[:, None] - self.first).astype(float))

    @property
    def steps(self) -> Bool[np.ndarray, "replicate patient"]:
        """Where a time with events begins."""
        place = np.arange(self.time.shape[1])
        return np.asarray((self.first == place) & (self.at_step(self.event) > 0.0))

    def sort(
        self, values: Shaped[np.ndarray, "replicate patient"]
    ) -> Shaped[np.ndarray, "replicate patient"]:
        """Bring values of patients into the order of their times."""
        return np.take_along_axis(values, self.order, axis=1)

    def at_step(
        self, marked: Shaped[np.ndarray, "replicate patient"]
    ) -> Float[np.ndarray, "replicate patient"]:
        """Sum of a sorted quantity over the patients of the same time; at the first of them."""
        total = _from_zero(marked)
        summed = np.take_along_axis(total, self.last + 1, axis=1) - total[:, :-1]
        return np.where(self.first == np.arange(self.time.shape[1]), summed, 0.0)

    def still(
        self, marked: Shaped[np.ndarray, "replicate patient"]
    ) -> Float[np.ndarray, "replicate patient"]:
        """Sum of a sorted quantity over the patients still followed just before each time."""
        total = _from_zero(np.where(np.isfinite(self.time), marked, 0.0))
        return np.asarray(total[:, -1:] - np.take_along_axis(total, self.first, axis=1))

    def survival(self) -> Float[np.ndarray, "replicate patient"]:
        """Kaplan–Meier survival just after each time."""
        risk = np.maximum(self.at_risk, 1.0)
        curve = np.cumprod(1.0 - self.at_step(self.event) / risk, axis=1)
        return np.take_along_axis(curve, self.first, axis=1)


def followed_rows(
    values: Shaped[np.ndarray, "*trial patient"], shape: tuple[int, ...]
) -> Shaped[np.ndarray, "replicate patient"]:
    """Lay values of patients out as a row for each trial, repeating what all trials share.

    Examples
    --------
    >>> followed_rows(np.array([0, 1]), (3, 2)).tolist()
    [[0, 1], [0, 1], [0, 1]]
    """
    return np.broadcast_to(values, shape).reshape(-1, shape[-1])


def by_blocks(
    work: Callable[..., tuple[np.ndarray, ...]], *rows: Shaped[np.ndarray, "replicate patient"]
) -> tuple[np.ndarray, ...]:
    """Apply a function of rows block by block and put the results together.

    Rows do not know each other, so that the result does not depend on the blocks.

    Examples
    --------
    >>> by_blocks(lambda values: (values.sum(axis=1),), np.ones((2, 3)))[0].tolist()
    [3.0, 3.0]
    """
    parts = [work(*(row[block] for row in rows)) for block in _blocks(rows[0].shape)]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def check_censored(
    time: Float[np.ndarray, "*trial patient"],
    event: Shaped[np.ndarray, "*trial patient"],
    *,
    causes: int = 1,
) -> list[Problem]:
    """Name what is wrong with right-censored times; NaN marks a patient who does not count.

    Examples
    --------
    >>> [str(problem) for problem in check_censored(np.array([-1.0]), np.array([1]))]
    ['time: the time -1 lies before time zero. Fix: count from time zero; NaN leaves a patient out']
    """
    problems = []
    if not time.shape[-1]:
        problems.append(Problem("nobody is followed", "give at least one patient", field="time"))
    if np.any(time < 0.0) or np.any(np.isinf(time)):
        bad = time[(time < 0.0) | np.isinf(time)].flat[0]
        fix = "count from time zero; NaN leaves a patient out"
        problems.append(Problem(f"the time {bad:g} lies before time zero", fix, field="time"))
    allowed = np.isin(event, np.arange(causes + 1)) | ~np.isfinite(time)
    if not np.all(allowed):
        bad = np.broadcast_to(event, allowed.shape)[~allowed].flat[0]
        words = "0 or 1" if causes == 1 else f"0 (censored) to {causes}"
        problems.append(Problem(f"an event is {bad}", f"give {words}", field="event"))
    return problems


def check_two_groups(
    time: Float[np.ndarray, "*trial patient"],
    event: Shaped[np.ndarray, "*trial patient"],
    group: Shaped[np.ndarray, "*group patient"],
) -> None:
    """Refuse times, events and groups that cannot be compared.

    Raises
    ------
    InputError
        Listing negative or infinite times, events that are not 0 or 1 and groups that are not.

    Examples
    --------
    >>> check_two_groups(np.array([1.0, 2.0]), np.array([1, 0]), np.array([0, 2]))
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: group: a group is 2. Fix: ...
    """
    problems = check_censored(time, event)
    wrong = ~np.isin(group, (0, 1))
    if np.any(wrong):
        fix = "give 1 for the experimental and 0 for the control group"
        problems.append(Problem(f"a group is {group[wrong].flat[0]}", fix, field="group"))
    if problems:
        raise InputError(problems)


def _from_zero(
    values: Shaped[np.ndarray, "replicate patient"],
) -> Float[np.ndarray, "replicate edge"]:
    total = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=total[:, 1:])
    return total


def _blocks(shape: tuple[int, ...]) -> Iterator[slice]:
    rows = max(1, _BLOCK // max(shape[-1], 1))
    yield from (slice(start, start + rows) for start in range(0, max(shape[0], 1), rows))
