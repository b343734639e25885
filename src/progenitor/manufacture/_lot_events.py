"""The genealogy of a batch of lots: from donor to bag to patient."""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final

import numpy as np

from progenitor.manufacture._batch import Batch, LogEntry
from progenitor.manufacture._genealogy import Event
from progenitor.manufacture._recipe_step import RecipeStep

__all__ = ["lot_events", "parameter_hash"]

_BEFORE: Final = ("apheresis", "collect", "mobilise", "ship", "queue")
"""Steps that are done to the collection as long as no lot was begun from it."""

_VECTOR: Final = ("transduce", "infect")
_SITES: Final = {
    "collection unit": "collection centre",
    "clean room": "plant",
    "QC laboratory": "plant",
    "qualified person": "plant",
    "freezer": "plant",
    "clinic": "hospital",
}


def parameter_hash(step: RecipeStep) -> str:
    """Hash of everything a recipe says about a step.

    Parameters
    ----------
    step
        With its settings, references and words.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.manufacture import load_recipe, with_settings
    >>> recipe = load_recipe(default_catalogue(), "tscm_car_t")
    >>> other = with_settings(recipe, {"expand": {"minimum_fold": 2.0}})
    >>> [parameter_hash(a) == parameter_hash(b) for a, b in zip(recipe.steps, other.steps)].count(
    ...     False
    ... )
    1
    """
    content = [
        step.step.name,
        sorted(step.constants.items()),
        sorted(step.references.items()),
        sorted((name, list(words)) for name, words in step.words.items()),
    ]
    return blake2b(json.dumps(content).encode(), digest_size=16).hexdigest()


def lot_events(
    batch: Batch,
    *,
    recipients: Mapping[int, Sequence[str]] | None = None,
    vector: str = "VECTOR-1",
) -> Iterator[Event]:
    """Every event of every lot, lot by lot.

    A collection ``COL-<donor>`` becomes the lot ``<product>-<number>``, into which the vector batch
    goes at transduction; each bag is a batch of its own, ``<lot>/<bag>``, if doses were filled.

    Parameters
    ----------
    batch
        Lots made by one recipe.
    recipients
        Lot number → patients who received it, a bag each in order where there are bags.
    vector
        Batch of the vector.
    """
    for index, number in enumerate(batch.lot):
        collection = f"COL-{int(batch.log[0].state.donor[index])}"
        lot = f"{batch.recipe.name}-{number}"
        begun = False
        for step, entry in zip(batch.recipe.steps, batch.log, strict=True):
            if not entry.active[index]:
                break
            if not begun and step.step.name in _BEFORE:
                yield _event(collection, (), step, entry, index)
                continue
            parents = () if begun else (collection,)
            if step.step.name in _VECTOR:
                parents = (*parents, vector)
            begun = True
            yield _event(lot, parents, step, entry, index)
        if batch.product.released[index]:
            yield from _given(batch, index, lot, (recipients or {}).get(int(number), ()))


def _given(batch: Batch, index: int, lot: str, patients: Sequence[str]) -> Iterator[Event]:
    day = float(batch.log[-1].day_out[index])
    bags = int(batch.log[-1].state.doses[index])
    for position, patient in enumerate(patients):
        name = lot
        if bags:
            name = f"{lot}/{position + 1}"
            yield Event(name, (lot,), "take from bank", site="plant", day=day)
        yield Event(name, (), "infuse", site="hospital", day=day, recipient=patient)


def _event(
    name: str, parents: tuple[str, ...], step: RecipeStep, entry: LogEntry, index: int
) -> Event:
    state = entry.state
    measured = {
        "viable cells": float(state.viable[index]),
        "viability": float(state.viability[index]),
    }
    if step.step.name in {"quality_control", "certify"}:
        measured |= {key: float(values[index]) for key, values in state.measured.items()}
    sites = [_SITES[resource] for resource in step.step.resources if resource in _SITES]
    return Event(
        batch=name,
        parents=parents,
        operation=step.label,
        parameter_hash=parameter_hash(step),
        site=sites[0] if sites else "on the way",
        day=float(entry.day_out[index]),
        measurement={key: value for key, value in measured.items() if np.isfinite(value)},
    )
