"""The gates before phenotypes: cells, single, alive, CD3+, CD4 or CD8."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.assay._events import Events
from progenitor.assay._logicle import Logicle
from progenitor.assay._split import Split, split
from progenitor.errors import InputError, Problem

__all__ = ["PLACED_ON", "GateTree", "Population", "Scale"]

PLACED_ON: Final = 60_000
"""Events, evenly taken, on which gates are placed; all events are then counted."""
_FEWEST: Final = 50
_SINGLE_SD: Final = 4.0


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
        sizes = self.events.values[self.sample(), self.markers["FSC-A"]].astype(float)
        sizes = sizes[sizes > 0]
        if sizes.size < _FEWEST:
            self.keep("cells", self.values("FSC-A") > 0)
        found = split(np.log(sizes))
        cut = 0.25 * float(np.median(sizes))
        if found is not None and (above := np.log(sizes) > found.at).mean() > 0.5:
            cut = min(float(np.exp(found.at)), 0.8 * float(np.median(sizes[above])))
        self.keep("cells", self.values("FSC-A") > cut)

    def singlets(self) -> None:
        """Leave doublets: a pulse too broad for its height, FSC-H/FSC-A far below the others."""
        if "FSC-H" not in self.markers:
            return
        sample = self.sample()
        high, area = (self.events.values[sample, self.markers[m]] for m in ("FSC-H", "FSC-A"))
        ratio = high / area
        middle = float(np.median(ratio))
        for _ in range(3):  # the upper side holds no doublets
            sd = (float(np.percentile(ratio[ratio >= middle], 68.27)) - middle) or 1e-6
            near = np.abs(ratio - middle) < 3 * sd
            middle = float(np.median(ratio[near]))
        passed = self.values("FSC-H") / self.values("FSC-A")
        self.keep("single cells", passed > middle - _SINGLE_SD * sd)

    def marker(self, marker: str, name: str, *, positive: bool, single: str) -> None:
        """Keep the positive or negative events of a marker."""
        found, scale = self.place(marker, single=single)
        if found is None:
            return
        cut = float(scale.logicle.inverse(np.array([found.at]))[0])
        values = self.values(marker)
        self.keep(name, values > cut if positive else values <= cut)

    def place(self, marker: str, *, single: str = "") -> tuple[Split | None, Scale]:
        """Place the gate of a marker on the events still in; note where there is none."""
        column = self.markers[marker]
        values = self.values(marker)[:: self.step].astype(float)
        scale = Scale(marker, column, Logicle.fitted(values, self.events.channels[column].top))
        if marker in self.given:
            at, how = self.given[marker]
            found: Split | None = Split(float(scale.logicle.of(np.array([at]))[0]), 0.01, how)
        else:
            found = split(scale.logicle.of(values), single=single)
        if found is None:
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
        else:
            self.splits[marker] = (found, scale)
        return found, scale
