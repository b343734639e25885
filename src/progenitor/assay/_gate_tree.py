"""The gates before phenotypes: cells, single, alive, CD3+, CD4 or CD8."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.assay._events import Events
from progenitor.assay._logicle import Logicle
from progenitor.assay._split import Split, split, split_intensity
from progenitor.errors import InputError, Problem

__all__ = ["PLACED_ON", "GateTree", "Population", "Scale"]

PLACED_ON: Final = 60_000
"""Events, evenly taken, on which gates are placed; all events are then counted."""
_FEWEST: Final = 50
_SINGLE_SD: Final = 4.0
_LARGE_SD: Final = 3.0


@final
@dataclass(frozen=True, slots=True)
class Scale:
    """A marker, its column, and the logicle scale it is looked at on."""

    marker: str
    column: int
    logicle: Logicle


@final
@dataclass(frozen=True, slots=True)
class Population:
    """One step of the tree: its name, and how many events passed it."""

    name: str
    count: int
    parent: int


@dataclass(slots=True)
class GateTree:
    """Walks down the gates; ``rows`` are the events still in.

    Parameters
    ----------
    events
        What the cytometer wrote.
    markers
        Marker → column.
    given
        Marker → gate given by a person, as an intensity with where it came from.
    """

    events: Events
    markers: Mapping[str, int]
    given: Mapping[str, tuple[float, str]]
    rows: Int[np.ndarray, " kept"]
    clean: Float[np.ndarray, "kept colour"] | None
    populations: list[Population]
    splits: dict[str, tuple[Split, Scale]]
    problems: list[Problem]

    @classmethod
    def of(
        cls,
        events: Events,
        markers: Mapping[str, int],
        given: Mapping[str, tuple[float, str]],
    ) -> "GateTree":
        count = len(events)
        first = Population("events", count, count)
        return cls(events, markers, given, np.arange(count), None, [first], {}, [])

    def keep(self, name: str, passed: Bool[np.ndarray, " kept"]) -> None:
        """Go on with the events that passed."""
        parent = self.rows.size
        self.rows = self.rows[passed]
        self.clean = None if self.clean is None else self.clean[passed]
        self.populations.append(Population(name, self.rows.size, parent))
        if self.rows.size < _FEWEST:
            message = f"{self.rows.size} of {parent} events are left after the gate '{name}'"
            fix = "check the channels and gates, or record more events (50 at least)"
            raise InputError([Problem(message, fix, self.events.source)])

    def values(self, marker: str) -> Float[np.ndarray, " kept"]:
        """Return compensated intensities of the events still in."""
        column, events = self.markers[marker], self.events
        if events.spillover is None or column not in events.spillover_channels:
            plain: Float[np.ndarray, " kept"] = events.values[self.rows, column]
            return plain
        if self.clean is None:  # all colours at once: each row of the file is touched once
            colours = events.values[self.rows][:, list(events.spillover_channels)]
            self.clean = colours @ np.linalg.inv(events.spillover).astype(colours.dtype)
        found: Float[np.ndarray, " kept"] = self.clean[:, events.spillover_channels.index(column)]
        return found

    def sample(self) -> Int[np.ndarray, " placed"]:
        """Return evenly taken events of those still in."""
        return self.rows[:: self.step]

    @property
    def step(self) -> int:
        """One in how many events gates are placed on."""
        return max(1, -(-self.rows.size // PLACED_ON))

    def cells(self) -> None:
        """Leave debris: the valley of log FSC-A, else a quarter of its median."""
        if "FSC-A" not in self.markers:
            return
        sizes = self.events.values[self.sample(), self.markers["FSC-A"]].astype(float)
        sizes = sizes[sizes > 0]
        if sizes.size < _FEWEST:
            self.keep("cells", self.values("FSC-A") > 0)
        found = split(np.log(sizes))
        cut = 0.25 * float(np.median(sizes))
        if found is not None and (above := np.log(sizes) > found.at).mean() > 0.5:
            cut = min(float(np.exp(found.at)), 0.8 * float(np.median(sizes[above])))
        self.keep("cells", self.values("FSC-A") > cut)

    def singlets(self) -> bool:
        """Leave doublets; return whether the shape of pulses told them.

        A pulse too broad for its height: FSC-H/FSC-A far below the others, or FSC-W above. Where
        neither was recorded, events far larger than the others are left.
        """
        if "FSC-A" in self.markers and "FSC-H" in self.markers:
            sharp = self._ratio("FSC-H", "FSC-A")
        elif "FSC-W" in self.markers:
            sharp = 1 / np.maximum(self.values("FSC-W").astype(float), 1e-6)
        else:
            if "FSC-A" in self.markers:
                sharp = 1 / np.maximum(self.values("FSC-A").astype(float), 1e-6)
                self._leave_broad(np.log(sharp), _LARGE_SD)
            return False
        self._leave_broad(sharp, _SINGLE_SD)
        return True

    def _ratio(self, top: str, bottom: str) -> Float[np.ndarray, " kept"]:
        """Return one signal over another."""
        below = self.values(bottom).astype(float)
        found: Float[np.ndarray, " kept"] = self.values(top) / np.where(below > 0, below, np.inf)
        return found

    def _leave_broad(self, sharp: Float[np.ndarray, " kept"], reach: float) -> None:
        """Keep what is not far less sharp than the others; the upper side holds no doublets."""
        some = sharp[:: self.step]
        middle, sd = float(np.median(some)), 1e-6
        for _ in range(3):
            sd = (float(np.percentile(some[some >= middle], 68.27)) - middle) or 1e-6
            near = np.abs(some - middle) < 3 * sd
            middle = float(np.median(some[near])) if near.any() else middle
        self.keep("single cells", sharp > middle - reach * sd)

    def marker(self, marker: str, name: str, *, positive: bool, single: str) -> None:
        """Keep the positive or negative events of a marker."""
        found, scale = self.place(marker, single=single)
        if found is None:
            return
        cut = float(scale.logicle.inverse(np.array([found.at]))[0])
        values = self.values(marker)
        self.keep(name, values > cut if positive else values <= cut)

    def place(
        self, marker: str, *, single: str = "", needed: bool = True
    ) -> tuple[Split | None, Scale]:
        """Place the gate of a marker on the events still in; note where a needed one is not."""
        column = self.markers[marker]
        values = self.values(marker)[:: self.step].astype(float)
        scale = Scale(marker, column, Logicle.fitted(values, self.events.channels[column].top))
        if marker in self.given:
            at, how = self.given[marker]
            found: Split | None = Split(float(scale.logicle.of(np.array([at]))[0]), 0.01, how)
        else:
            found = _on_scale(values, scale.logicle, single)
        if found is None and needed:
            title = self.events.channels[column].title
            self.problems.append(
                Problem(
                    f"{title} does not divide the {values.size} events looked at",
                    f"give --threshold {marker}=INTENSITY or --fmo {marker}=FILE.fcs, or stain "
                    "again",
                    self.events.source,
                    field=marker,
                )
            )
        if found is not None:
            self.splits[marker] = (found, scale)
        return found, scale


def _on_scale(values: Float[np.ndarray, " event"], logicle: Logicle, single: str) -> Split | None:
    """Divide intensities on the scale that suits them; say where on the logicle scale."""
    placed = split_intensity(values, single=single)
    if placed is None:
        return None
    low, high, found = placed
    ends = logicle.of(np.array([low, high]))
    middle, half = float(ends.mean()), float(ends[1] - ends[0]) / 2
    return Split(middle, max(half, 1e-6), found.method, found.apart)
