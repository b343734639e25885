"""The papers of some lots: certificates, genealogy, provenance, in one RO-Crate."""

from pathlib import Path
from typing import Final

from progenitor.interop import write_lot_crate
from progenitor.manufacture import Batch, Genealogy, append_genealogy, lot_events
from progenitor.report import render_certificate

__all__ = ["write_dossier"]

_MOST: Final = 50
"""Lots whose papers are written; more would be shelves nobody reads."""


def write_dossier(folder: Path, batch: Batch) -> Path:
    """Write the papers of the first lots of a batch; patient ``n`` receives lot ``n``.

    Parameters
    ----------
    folder
        Made if it is not there. Its genealogy is appended to, never rewritten.
    batch
        Lots made by one recipe.
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
    log: Genealogy = append_genealogy(folder / "genealogy.jsonl", events)
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
