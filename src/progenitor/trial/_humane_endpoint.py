"""Mice that must be removed at a humane endpoint, and what is measured until then."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import InputError, Problem

__all__ = ["RemovedMice", "remove_at_humane_endpoint"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class RemovedMice:
    r"""Courses of mice that end where the humane endpoint is met.

    Removal depends on the volume that was measured, and on nothing that was not: it is missing at
    random, *informative* for the mean of those who are left and ignorable for a likelihood of all
    measurements (a mixed model). The day of removal is an event of its own, for a log-rank test or
    Firth's Cox regression.

    Parameters
    ----------
    days
        Days of measurement, increasing (day,).
    volume
        Volume up to and including the day of removal, NaN afterwards (mouse, day).
    time, event
        Day of removal and 1, or last day and 0 (mouse,).

    Examples
    --------
    >>> days, volume = np.array([0.0, 7.0, 14.0]), np.array([[90.0, 1600.0, 2900.0]])
    >>> found = remove_at_humane_endpoint(days, volume, limit=1500.0)
    >>> found.volume.tolist(), found.time.tolist(), found.event.tolist()
    ([[90.0, 1600.0, nan]], [7.0], [1.0])
    >>> found.last_value.tolist()
    [1600.0]
    """

    days: Float[np.ndarray, " day"]
    volume: Float[np.ndarray, "mouse day"]
    time: Float[np.ndarray, " mouse"]
    event: Float[np.ndarray, " mouse"]

    @property
    def measured(self) -> Bool[np.ndarray, "mouse day"]:
        """Where there is a measurement."""
        return np.asarray(np.isfinite(self.volume))

    @property
    def last_value(self) -> Float[np.ndarray, " mouse"]:
        """Last measured volume, carried forward: it understates what removed mice would have."""
        last = self.measured.shape[1] - 1 - self.measured[:, ::-1].argmax(axis=1)
        return np.asarray(self.volume[np.arange(last.size), last])

    @property
    def worst_ranks(self) -> Float[np.ndarray, " mouse"]:
        """Ranks at the end, 1 the best: removed mice behind all others, the earliest last.

        Mice that are left are ordered by their last volume; equals share their mean rank. A rank
        test of arms on these needs no model of what removed mice would have done.
        """
        from scipy.stats import rankdata

        left = np.where(self.event > 0.0, -self.time, -np.inf)
        volume = np.where(self.event > 0.0, 0.0, self.last_value)
        pairs = np.stack([left, volume], axis=1)
        _, place = np.unique(pairs, axis=0, return_inverse=True)
        return np.asarray(rankdata(place.ravel()))

    @property
    def rows(
        self,
    ) -> tuple[Float[np.ndarray, " row"], Float[np.ndarray, " row"], Float[np.ndarray, " row"]]:
        """Mouse (from 0), day and natural logarithm of volume of each measurement above 0."""
        mouse, day = np.nonzero(self.measured & (self.volume > 0.0))
        return mouse.astype(float), self.days[day], np.log(self.volume[mouse, day])


def remove_at_humane_endpoint(
    days: Float[np.ndarray, " day"],
    volume: Float[np.ndarray, "mouse day"],
    *,
    limit: float,
    also: Bool[np.ndarray, "mouse day"] | None = None,
) -> RemovedMice:
    """Remove each mouse on the first day its measured volume reaches a limit, or a sign is seen.

    Parameters
    ----------
    days
        Days of measurement, increasing (day,).
    volume
        Measured volume; NaN where a mouse was not measured (mouse, day).
    limit
        Volume of the humane endpoint, in the same unit.
    also
        Other signs, such as loss of weight, that end a course (mouse, day).

    Raises
    ------
    InputError
        If days do not increase, the limit is not above 0, a mouse was never measured or shapes
        do not fit.
    """
    problems = []
    if days.size != volume.shape[1] or not np.all(np.diff(days) > 0.0):
        fix = "give one increasing day for each column of volume"
        problems.append(Problem(f"{days.size} days do not fit the volumes", fix, field="days"))
    if not 0.0 < limit < np.inf:
        fix = "give the largest volume the protocol allows"
        problems.append(Problem(f"the limit is {limit:g}", fix, field="limit"))
    if np.any(volume < 0.0) or not np.isfinite(volume).any(axis=1).all():
        fix = "leave mice without measurement out, and give volumes of 0 or more"
        problems.append(Problem("a volume is negative or never measured", fix, field="volume"))
    if also is not None and also.shape != volume.shape:
        fix = "give a sign for each mouse and day"
        problems.append(Problem("signs and volumes differ in shape", fix, field="also"))
    if problems:
        raise InputError(problems)
    reached = np.nan_to_num(volume, nan=0.0) >= limit
    if also is not None:
        reached = reached | also
    ends = reached.any(axis=1)
    place = np.where(ends, reached.argmax(axis=1), days.size - 1)
    seen = np.where(np.arange(days.size) <= place[:, None], volume, np.nan)
    return RemovedMice(days, seen, days[place], ends.astype(float))
