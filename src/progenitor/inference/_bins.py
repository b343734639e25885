"""Which observations are looked at together: three rules that need no random start."""

from dataclasses import dataclass
from typing import Final, Protocol, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import InputError, Problem

__all__ = ["Binning", "ByCount", "ByEdges", "ByGaps"]

_USUAL: Final = 12
_FALL: Final = 2.0
"""Gaps between visits are at least this many times as wide as those within."""


class Binning(Protocol):
    """Puts observations into bins by their time."""

    def __call__(self, time: Float[np.ndarray, " observation"]) -> Int[np.ndarray, " observation"]:
        """Return the bin of each observation, counted from 0 in order of time, none empty."""
        ...


@final
@dataclass(frozen=True, slots=True)
class ByEdges:
    """Bins between given edges; the first edge of a bin belongs to it, so does the very last.

    Parameters
    ----------
    edges
        Increasing times.

    Raises
    ------
    InputError
        When edges do not increase, or observations lie outside.

    Examples
    --------
    >>> ByEdges((0.0, 7.0, 28.0))(np.array([0.0, 7.0, 28.0, 6.9])).tolist()
    [0, 1, 1, 0]
    """

    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.edges) < 2 or not (np.diff(self.edges) > 0).all():
            shown = ", ".join(f"{edge:g}" for edge in self.edges)
            fix = "give at least two times, each later than the one before"
            raise InputError([Problem(f"bin edges {shown or 'missing'} do not increase", fix)])

    def __call__(self, time: Float[np.ndarray, " observation"]) -> Int[np.ndarray, " observation"]:
        """Return the bin of each observation."""
        first, last = self.edges[0], self.edges[-1]
        outside = (time < first) | (time > last)
        if outside.any():
            message = (
                f"{int(outside.sum())} of {len(time)} observations lie outside the bin edges "
                f"{first:g} to {last:g}, the first at {time[outside][0]:g}"
            )
            raise InputError([Problem(message, "widen the edges, or leave those records out")])
        place = np.searchsorted(self.edges, time, side="right") - 1
        return _numbered(np.minimum(place, len(self.edges) - 2))


@final
@dataclass(frozen=True, slots=True)
class ByCount:
    """Bins of as equal a number of observations as observations of one time allow.

    Parameters
    ----------
    number
        How many bins; there are fewer when there are fewer distinct times.

    Examples
    --------
    >>> ByCount(2)(np.array([1.0, 1.0, 1.0, 2.0, 3.0])).tolist()
    [0, 0, 0, 1, 1]
    """

    number: int

    def __post_init__(self) -> None:
        if self.number < 1:
            fix = "give 1 or more"
            raise InputError([Problem(f"the number of bins is {self.number}", fix)])

    def __call__(self, time: Float[np.ndarray, " observation"]) -> Int[np.ndarray, " observation"]:
        """Return the bin of each observation."""
        distinct, place, count = np.unique(time, return_inverse=True, return_counts=True)
        filled = np.cumsum(count)[:-1]
        wanted = np.arange(1, self.number) * len(time) / self.number
        cuts = np.zeros(len(distinct), dtype=np.int64)
        if filled.size:
            nearest = np.abs(filled[:, np.newaxis] - wanted).argmin(axis=0)
            cuts[nearest + 1] = 1
        return np.cumsum(cuts)[place]


@final
@dataclass(frozen=True, slots=True)
class ByGaps:
    """Bins that follow the visits: cut where the time between observations is unusually long.

    Distinct times that are few, or hold ``least`` observations on average, are visits themselves,
    unless that makes more bins than were asked for.
    Otherwise the gaps between distinct times are measured on a square-root axis, because visit
    windows widen as visits grow rarer, and cuts are made at the widest gaps, as many as precede the
    largest relative fall in width. When no gap is twice as wide as the next, or a bin would be
    wider than a gap beside it, there are no visits to follow, and bins have equal counts. Bins of
    fewer than ``least`` observations then join the neighbour across the narrower gap.

    Parameters
    ----------
    most
        Largest number of bins; without one, 12 where times are not visits themselves.
    least
        Smallest number of observations in a bin.

    Examples
    --------
    >>> times = np.array([0.0, 0.0, 6.5, 7.0, 7.2, 27.0, 29.0])
    >>> ByGaps(least=2)(times).tolist()
    [0, 0, 1, 1, 1, 2, 2]
    """

    most: int | None = None
    least: int = 5

    def __post_init__(self) -> None:
        if (self.most is not None and self.most < 1) or self.least < 1:
            message = f"at most {self.most} bins of at least {self.least} observations"
            raise InputError([Problem(message, "give 1 or more for both")])

    def __call__(self, time: Float[np.ndarray, " observation"]) -> Int[np.ndarray, " observation"]:
        """Return the bin of each observation."""
        distinct, place, count = np.unique(time, return_inverse=True, return_counts=True)
        gaps = np.diff(np.sign(distinct) * np.sqrt(np.abs(distinct)))
        cuts = self._cuts(gaps, per_time=len(time) / len(distinct))
        if cuts is None:
            number = max(1, min(self.most or _USUAL, len(time) // self.least))
            return ByCount(number)(time)
        bins = np.concatenate([[0], np.cumsum(np.isin(np.arange(len(gaps)), cuts))])
        return _numbered(self._joined(bins, gaps, count)[place])

    def _cuts(
        self, gaps: Float[np.ndarray, " gap"], per_time: float
    ) -> Int[np.ndarray, " cut"] | None:
        """Return the gaps to cut at; None when none stands out."""
        most = self.most or _USUAL
        if len(gaps) < most or (self.most is None and per_time >= self.least):
            return np.arange(len(gaps))
        order = np.argsort(-gaps, kind="stable")
        falls = gaps[order[: most - 1]] / gaps[order[1:most]]
        apart = [_apart(gaps, np.sort(order[: count + 1])) for count in range(len(falls))]
        falls = np.where(apart, falls, 0.0)
        if not falls.size or falls.max() < _FALL:
            return None
        return np.sort(order[: int(falls.argmax()) + 1])

    def _joined(
        self,
        bins: Int[np.ndarray, " distinct"],
        gaps: Float[np.ndarray, " gap"],
        count: Int[np.ndarray, " distinct"],
    ) -> Int[np.ndarray, " distinct"]:
        """Join bins that hold too few observations to a neighbour."""
        bins = bins.copy()
        while True:
            names = np.unique(bins)
            sizes = np.array([count[bins == name].sum() for name in names])
            if len(names) == 1 or sizes.min() >= self.least:
                return bins
            small = int(sizes.argmin())
            inside = np.flatnonzero(bins == names[small])
            before = gaps[inside[0] - 1] if small > 0 else np.inf
            after = gaps[inside[-1]] if small < len(names) - 1 else np.inf
            bins[inside] = names[small - 1] if before <= after else names[small + 1]


def _apart(gaps: Float[np.ndarray, " gap"], cuts: Int[np.ndarray, " cut"]) -> bool:
    """Whether every bin between cuts is narrower than the gaps beside it."""
    first = np.concatenate([[0], cuts + 1])
    last = np.concatenate([cuts, [len(gaps)]])
    place = np.concatenate([[0.0], np.cumsum(gaps)])
    width = place[last] - place[first]
    beside = np.concatenate([[np.inf], gaps[cuts], [np.inf]])
    return bool((width <= np.minimum(beside[:-1], beside[1:])).all())


def _numbered(bins: Int[np.ndarray, " item"]) -> Int[np.ndarray, " item"]:
    """Return bins counted from 0 without those that are empty."""
    return np.unique(bins, return_inverse=True)[1].astype(np.int64)
