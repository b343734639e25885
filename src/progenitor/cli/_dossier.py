"""The papers of some lots: certificates, genealogy, provenance, in one RO-Crate."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from progenitor.errors import InputError, Problem
from progenitor.interop import write_lot_crate
from progenitor.manufacture import (
    Batch,
    Event,
    Genealogy,
    append_genealogy,
    load_genealogy,
    lot_events,
)
from progenitor.report import render_certificate

__all__ = ["write_dossier"]

_MOST: Final = 50
"""Lots whose papers are written; more would be shelves nobody reads."""


def write_dossier(folder: Path, batch: Batch) -> Path:
    """Write the papers of the first lots of a batch; patient ``n`` receives lot ``n``.

    Parameters
    ----------
    folder
        Made if it is not there. Its genealogy only grows; events it holds already are not entered
        twice.
    batch
        Lots made by one recipe.

    Raises
    ------
    InputError
        When the genealogy holds other lots of the same names.
    """
    events = []
    wanted = {int(number) for number in batch.lot[:_MOST]}
    people = {number: (f"patient {number}",) for number in wanted}
    names = {f"{batch.recipe.name}-{number}" for number in wanted}
    collections = {f"COL-{int(batch.log[0].state.donor[index])}" for index in range(len(wanted))}
    for event in lot_events(batch, recipients=people):
        owner = event.batch.split("/")[0]
        if owner in names or owner in collections:
            events.append(event)
    place = folder / "genealogy.jsonl"
    log: Genealogy = append_genealogy(place, _new(place, events, names))
    certificates = {
        f"certificate_{batch.recipe.name}_{number}.html": render_certificate(
            batch, number, history=log.history(f"{batch.recipe.name}-{number}")
        )
        for number in sorted(wanted)
    }
    return write_lot_crate(
        folder,
        log,
        name=f"Lots of {batch.recipe.name}",
        description=f"{batch.recipe.title}: {len(wanted)} simulated lots",
        files=certificates,
    )


def _new(place: Path, events: Sequence[Event], names: Collection[str]) -> list[Event]:
    """Events that the log does not hold yet; other lots of a name it holds are refused."""
    held = load_genealogy(place).events if place.exists() else ()
    new = [event for event in events if event not in held]
    taken = {event.batch for event in held} & {event.batch for event in new} & set(names)
    if taken:
        first = min(taken, key=lambda name: (len(name), name))
        message = f"holds another lot '{first}' ({len(taken)} such names)"
        fix = "give a folder of its own to lots made with another seed or recipe"
        raise InputError([Problem(message, fix, file=str(place))])
    return new
