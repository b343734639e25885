"""Countable species of one patient: continuous while many, whole random numbers while few.

A species is *continuous* above the threshold; *few* below it, when it is a whole number advanced by
leaps with the exact birth–death law; and *absent* at zero, where only an arrival can bring it back.
While it is few the rest of the system sees its mean path, and so do outputs inside a leap. Lines of
different species are drawn independently of one another.
"""

import enum
import math
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, final

import numpy as np

from progenitor.engine._birth_death import descendants, immigrants, slopes, whole
from progenitor.engine._compile import CountableSpecies, Function

__all__ = ["SHORTEST_LEAP", "Population"]

SHORTEST_LEAP: Final = 1e-3
"""Share of the longest leap within which few species are not drawn again for a trigger."""

_FLOOR: Final = 1e-3
"""Individuals below which a mean path no longer changes rates per individual."""
_MOST_HAZARD: Final = 50.0
_OUTGROWN: Final = 10.0
_TOLERANCE: Final = 1e-7
_POINTS: Final = 4


class _Mode(enum.Enum):
    CONTINUOUS = enum.auto()
    FEW = enum.auto()
    ABSENT = enum.auto()


@final
@dataclass(slots=True)
class _Member:
    """One countable species on its way through a patient."""

    species: CountableSpecies
    rates: int
    """Position of its birth rate among the flows; death and arrival follow."""
    generator: np.random.Generator
    mode: _Mode = _Mode.CONTINUOUS
    held: bool = False
    number: int = 0
    patience: float = 0.0
    """Expected arrivals until the next one comes, while absent."""
    extra: int = -1
    """Position of its auxiliary variables, or -1 without any."""
    path: list[list[float]] = field(default_factory=list)


@final
class Population:
    """The countable species of one patient.

    Parameters
    ----------
    species
        Which, from the compiled model.
    flows
        Slopes of all species, then birth, death and arrival rate of each countable one.
    size
        Number of species of the model.
    generator
        Stream of a species by name.
    threshold
        Individuals below which a species is a whole number; 0 for never.
    """

    def __init__(
        self,
        species: Sequence[CountableSpecies],
        flows: Function,
        size: int,
        generator: Callable[[str], np.random.Generator],
        threshold: float,
    ) -> None:
        self._flows = flows
        self._size = size
        self._threshold = threshold
        watched = species if threshold > 0 else ()
        self._members = [
            _Member(one, size + 3 * k, generator(one.name)) for k, one in enumerate(watched)
        ]
        self._zero: tuple[int, ...] = ()
        self._extras = 0
        self._few: list[tuple[int, int, int]] = []
        """Position, first rate and first auxiliary variable of each few species."""
        self._waiting: list[tuple[int, int]] = []
        """Arrival rate and auxiliary variable of each absent species that may come back."""

    def bind(self, flows: Function) -> None:
        """Go on with the flows of changed parameters."""
        self._flows = flows

    @property
    def active(self) -> bool:
        """Whether there is any countable species to watch."""
        return bool(self._members)

    @property
    def leaping(self) -> bool:
        """Whether any species is few."""
        return bool(self._few)

    def soonest(self, drawn: float, leap: float) -> float:
        """When to draw for a trigger at the soonest.

        Triggers see the expected course of few species, which may leave a whole number at once;
        drawn again so soon they would be that number again, and again.
        """
        return drawn + SHORTEST_LEAP * leap if self.leaping else -math.inf

    @property
    def idle(self) -> bool:
        """Whether the plain right-hand side will do: nothing is few and nothing can arrive."""
        return self._extras == 0

    @property
    def absent(self) -> tuple[int, ...]:
        """Positions of species that are zero and stay so within a stretch."""
        return self._zero

    def settle(self, values: list[float], infused: Container[int]) -> None:
        """Decide the mode of each species, round the few, and place auxiliary variables.

        A species stays continuous while it is being infused.
        """
        for member in self._members:
            member.held = member.species.position in infused
            self._settle_one(member, values)
        frozen = self._frozen()
        self._zero = tuple(m.species.position for m in self._members if m.mode is _Mode.ABSENT)
        place = self._size
        for member in self._members:
            waiting = member.mode is _Mode.ABSENT and member.species.position not in frozen
            member.extra = place if member.mode is _Mode.FEW or waiting else -1
            place += 3 if member.mode is _Mode.FEW else int(waiting)
        self._extras = place - self._size
        self._few = [
            (m.species.position, m.rates, m.extra) for m in self._members if m.mode is _Mode.FEW
        ]
        self._waiting = [
            (m.rates + 2, m.extra) for m in self._members if m.mode is _Mode.ABSENT and m.extra >= 0
        ]

    def extended(self, values: Sequence[float]) -> list[float]:
        """Values followed by auxiliary variables at the start of a stretch."""
        for member in self._members:
            member.path = [[0.0, 0.0, 0.0]]
        return [*values, *([0.0] * self._extras)]

    def tolerances(self, tolerances: Sequence[float], length: int) -> list[float]:
        """Absolute tolerances of extended values; the mean path of a few is solved finely."""
        answer = [*tolerances, *([_TOLERANCE] * (length - len(tolerances)))]
        for position, _, _ in self._few:
            answer[position] = min(answer[position], _FLOOR)
        return answer

    def slopes(self, time: float, extended: list[float]) -> list[float]:
        """Slopes of extended values.

        The auxiliary variables of a few species are log p, L and the expected arrivals; those of an
        absent one the expected arrivals.
        """
        values = extended[: self._size]
        for position, _, _ in self._few:
            if values[position] < _FLOOR:
                values[position] = _FLOOR
        flows = self._flows(time, values)
        answer = flows[: self._size] + [0.0] * (len(extended) - self._size)
        for position in self._zero:
            answer[position] = 0.0
        for rate, at in self._waiting:
            answer[at] = max(flows[rate], 0.0)
        for position, rate, at in self._few:
            birth, death, arrival = flows[rate : rate + 3]
            living, amount = values[position], extended[position]
            if amount < living:
                answer[position] = arrival + (flows[position] - arrival) * amount / living
            lost = max(death, 0.0) + max(-birth, 0.0)
            log_share, hazard = slopes(max(birth, 0.0) / living, lost / living, extended[at])
            answer[at : at + 3] = log_share, hazard, max(arrival, 0.0)
        return answer

    def due(self, extended: Sequence[float]) -> bool:
        """Whether something happens to a countable species here and the stretch must end."""
        return any(self._due_one(member, extended) for member in self._members)

    def remember(self, before: float, time: float, at_times: Callable[[Any], Any]) -> None:
        """Keep the path of auxiliary variables over an accepted step, for arrivals on the way."""
        members = [m for m in self._members if m.mode is _Mode.FEW and m.species.arrival_sources]
        if not members:
            return
        span = (time - before) / _POINTS
        points = at_times([before + span * k for k in range(1, _POINTS)] + [time])
        for member in members:
            member.path += points[:, member.extra : member.extra + 3].tolist()

    def finish(self, extended: Sequence[float]) -> list[float]:
        """Draw what became of each species at the end of a stretch; the values without extras."""
        values = list(extended[: self._size])
        for member in self._members:
            position = member.species.position
            if member.mode is _Mode.FEW:
                values[position] = float(self._drawn(member, extended))
            elif member.mode is _Mode.ABSENT:
                values[position] = 0.0
                if member.extra >= 0:
                    member.patience -= extended[member.extra]
                    values[position] = float(member.patience <= 0)
        return values

    def _settle_one(self, member: _Member, values: list[float]) -> None:
        position = member.species.position
        amount = values[position]
        if amount >= self._threshold or member.held:
            member.mode = _Mode.CONTINUOUS
            return
        member.number = whole(member.generator, max(amount, 0.0))
        values[position] = float(member.number)
        if member.number > 0:
            member.mode = _Mode.FEW
        elif member.mode is not _Mode.ABSENT or member.patience <= 0:
            member.mode = _Mode.ABSENT
            member.patience = float(member.generator.standard_exponential())

    def _frozen(self) -> set[int]:
        """Absent species that nothing can bring back: each way in needs another such species."""
        frozen = {m.species.position for m in self._members if m.mode is _Mode.ABSENT}
        while True:
            reachable = {
                m.species.position
                for m in self._members
                if m.species.position in frozen
                and any(not frozen & set(sources) for sources in m.species.arrival_sources)
            }
            if not reachable:
                return frozen
            frozen -= reachable

    def _due_one(self, member: _Member, extended: Sequence[float]) -> bool:
        amount = extended[member.species.position]
        match member.mode:
            case _Mode.CONTINUOUS:
                return amount < self._threshold and not member.held
            case _Mode.FEW:
                outgrown = amount > _OUTGROWN * max(self._threshold, member.number)
                return outgrown or extended[member.extra + 1] > _MOST_HAZARD
            case _Mode.ABSENT:
                return member.extra >= 0 and extended[member.extra] >= member.patience

    def _drawn(self, member: _Member, extended: Sequence[float]) -> int:
        log_share, hazard, arrived = extended[member.extra : member.extra + 3]
        alive = descendants(member.generator, member.number, log_share, hazard)
        if arrived > 0:
            path = np.array([*member.path, [log_share, hazard, arrived]])
            arrivals = np.maximum.accumulate(path[:, 2])
            alive += immigrants(member.generator, arrivals, path[:, 0], path[:, 1])
        return alive
