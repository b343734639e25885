"""Who descends from whom: an append-only log of everything done to every batch.

Each event names the batch it made or treated, the batches that went into it, the operation, the
hash of its parameters, the site, the day and what was measured. An event carries the hash of the
one before it, so a log in which anything was changed, left out or moved no longer verifies.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, final

from progenitor.errors import InputError, Problem

__all__ = ["Event", "Genealogy", "append_genealogy", "load_genealogy"]

_DIGEST: Final = 16
_FIRST: Final = "0" * 2 * _DIGEST


@final
@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to a batch.

    Parameters
    ----------
    batch
        What was made or treated.
    parents
        Batches that went into it, apart from itself.
    operation
        What was done.
    parameter_hash
        Of the settings it was done with.
    site
        Where.
    day
        Day since the donor's collection began.
    measurement
        What was measured, by name.
    recipient
        Patient who received the batch; empty for other operations.
    """

    batch: str
    parents: tuple[str, ...]
    operation: str
    parameter_hash: str = ""
    site: str = ""
    day: float = 0.0
    measurement: Mapping[str, float] = field(default_factory=dict)
    recipient: str = ""


@final
@dataclass(frozen=True, slots=True)
class Genealogy:
    """Events in the order in which they were entered; adding returns a longer log.

    Parameters
    ----------
    events
        What happened.
    seals
        Hash of each event and all before it.

    Examples
    --------
    >>> log = Genealogy().added(
    ...     Event("COL-1", (), "apheresis"),
    ...     Event("LOT-1", ("COL-1", "VEC-9"), "transduce"),
    ...     Event("LOT-1", (), "infuse", recipient="patient 1"),
    ... )
    >>> log.recipients("VEC-9"), log.recipients("LOT-2")
    (('patient 1',), ())
    """

    events: tuple[Event, ...] = ()
    seals: tuple[str, ...] = ()

    def added(self, *events: Event) -> "Genealogy":
        """Return the log with events at its end.

        Raises
        ------
        InputError
            When a batch would descend from itself.
        """
        seals = list(self.seals)
        for event in events:
            seals.append(_seal(seals[-1] if seals else _FIRST, event))
        longer = Genealogy((*self.events, *events), tuple(seals))
        children = longer._children()
        children = longer._children()
        circular = [
            name
            for name in dict.fromkeys(event.batch for event in events)
            if name in _reached(children, name)
        ]
        if circular:
            problems = [
                Problem(f"batch '{name}' would descend from itself", "name its true parents")
                for name in circular
            ]
            raise InputError(problems)
        return longer

    def verify(self) -> tuple[Problem, ...]:
        """Return a problem for every event whose seal does not follow from those before it."""
        found, before = [], _FIRST
        for position, (event, seal) in enumerate(zip(self.events, self.seals, strict=True)):
            if seal != _seal(before, event):
                message = f"event {position} ({event.operation} of {event.batch}) was changed"
                found.append(Problem(message, "restore the log from its copy", field=str(position)))
            before = seal
        return tuple(found)

    def descendants(self, batch: str) -> tuple[str, ...]:
        """Batches made from this one, however far, in the order in which they appeared."""
        reached = _reached(self._children(), batch)
        return tuple(dict.fromkeys(event.batch for event in self.events if event.batch in reached))

    def ancestors(self, batch: str) -> tuple[str, ...]:
        """Batches this one was made from, however far, in the order in which they appeared."""
        parents: dict[str, set[str]] = {}
        for event in self.events:
            parents.setdefault(event.batch, set()).update(event.parents)
        reached = _reached(parents, batch)
        order = dict.fromkeys(
            name for event in self.events for name in (event.batch, *event.parents)
        )
        return tuple(name for name in order if name in reached)

    def recipients(self, batch: str) -> tuple[str, ...]:
        """Who received cells from this batch, or from anything made with it."""
        of_it = {batch, *self.descendants(batch)}
        return tuple(
            dict.fromkeys(
                event.recipient for event in self.events if event.recipient and event.batch in of_it
            )
        )

    def history(self, batch: str) -> tuple[Event, ...]:
        """Everything done to a batch and to what it was made from, in order."""
        of_it = {batch, *self.ancestors(batch)}
        return tuple(event for event in self.events if event.batch in of_it)

    def _children(self) -> dict[str, set[str]]:
        children: dict[str, set[str]] = {}
        for event in self.events:
            for parent in event.parents:
                children.setdefault(parent, set()).add(event.batch)
        return children


def append_genealogy(path: Path | str, events: Iterable[Event]) -> Genealogy:
    """Add events to a log on disk, which only ever grows at its end, all of them or none.

    Parameters
    ----------
    path
        JSON lines; made if it is not there.
    events
        In order.

    Raises
    ------
    InputError
        When the log on disk does not verify.
    """
    place = Path(path)
    before = load_genealogy(place) if place.exists() else Genealogy()
    after = before.added(*events)
    lines = [
        _line(event, seal)
        for event, seal in zip(
            after.events[len(before.events) :], after.seals[len(before.seals) :], strict=True
        )
    ]
    place.parent.mkdir(parents=True, exist_ok=True)
    _replaced(place, "".join(f"{line}\n" for line in lines))
    return after


def _replaced(place: Path, more: str) -> None:
    """Put a longer copy in the place of a file; a stop on the way leaves the file as it was."""
    longer = place.with_name(f".{place.name}.partial")
    try:
        with longer.open("wb") as file:
            file.write(place.read_bytes() if place.exists() else b"")
            file.write(more.encode())
            file.flush()
            os.fsync(file.fileno())
        longer.replace(place)
    finally:
        longer.unlink(missing_ok=True)


def load_genealogy(path: Path | str) -> Genealogy:
    """Read a log back and verify it.

    Raises
    ------
    InputError
        When it cannot be read, and for every event that was changed, left out or moved.
    """
    name, problems = str(path), []
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fix = "name a genealogy written by progenitor"
        raise InputError([Problem(f"cannot be read: {error}", fix, file=name)]) from error
    events, seals = [], []
    for number, line in enumerate(lines, start=1):
        try:
            data = json.loads(line)
            seals.append(str(data.pop("seal")))
            events.append(Event(**{**data, "parents": tuple(data["parents"])}))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"not an event: {error}"
            problems.append(Problem(message, "restore the line", file=name, line=number))
    if problems:
        raise InputError(problems)
    found = Genealogy(tuple(events), tuple(seals))
    changed = found.verify()
    if changed:
        raise InputError(changed)
    return found


def _seal(before: str, event: Event) -> str:
    content = json.dumps([before, asdict(event)], sort_keys=True, ensure_ascii=False)
    return blake2b(content.encode(), digest_size=_DIGEST).hexdigest()


def _line(event: Event, seal: str) -> str:
    data: dict[str, Any] = {**asdict(event), "seal": seal}
    return json.dumps(data, sort_keys=True, ensure_ascii=False)


def _reached(edges: Mapping[str, set[str]], start: str) -> set[str]:
    """Everything reached from a start along edges, without the start unless a circle leads back."""
    reached: set[str] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(edges.get(name, ()))
    return reached
