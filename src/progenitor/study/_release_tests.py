"""What each release test did to the lots, and how sharp it is."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from progenitor.manufacture import Batch, SpecificationLine

__all__ = ["ReleaseTest", "release_tests"]

_GRID: Final = 4001
_SURE: Final = 0.95


@final
@dataclass(frozen=True, slots=True)
class ReleaseTest:
    """One line of the specification over many lots.

    Parameters
    ----------
    quantity, title, unit, limit, at_least, gate, turnaround, consequence
        As in the specification.
    stopped
        Share of the lots tested that it found wanting.
    passes_at, stops_at
        True value at which a lot passes, and at which it is stopped, with 95 % probability; NaN
        where there is none. The width between them is the doubt of the method.
    """

    quantity: str
    title: str
    unit: str
    limit: float
    at_least: bool
    gate: str
    turnaround: float
    consequence: str
    stopped: float
    passes_at: float
    stops_at: float


def release_tests(batch: Batch) -> tuple[ReleaseTest, ...]:
    """Describe every judged line of the recipe's specification; none where it has none.

    Parameters
    ----------
    batch
        Lots made by one recipe.
    """
    rules = batch.recipe.specification
    pairs = zip(batch.recipe.steps, batch.log, strict=True)
    entry = next((entry for step, entry in pairs if step.step.name == "certify"), None)
    if rules is None or entry is None:
        return ()
    tested = entry.active
    found = []
    for line, check in zip(rules.judged, entry.checks, strict=True):
        stopped = float((~check.passed)[tested].mean()) if tested.any() else float("nan")
        passes_at, stops_at = _sure_values(line)
        found.append(
            ReleaseTest(
                quantity=line.quantity,
                title=line.title,
                unit=line.unit,
                limit=line.limit,
                at_least=line.at_least,
                gate=line.gate,
                turnaround=line.turnaround,
                consequence=line.consequence,
                stopped=stopped,
                passes_at=passes_at,
                stops_at=stops_at,
            )
        )
    return tuple(found)


def _sure_values(line: SpecificationLine) -> tuple[float, float]:
    """Find the true values that pass and that are stopped with 95 % probability."""
    if line.quantity == "contamination":
        return 0.0, 1.0 if line.detection >= _SURE else float("nan")
    if line.cells > 0:
        truth = np.linspace(0, 1, _GRID)
    else:
        truth = line.limit * np.geomspace(1 / 8, 8, _GRID)
    chance = line.pass_chance(truth)
    good, bad = truth[chance >= _SURE], truth[chance <= 1 - _SURE]
    if line.at_least:
        good, bad = good[:1], bad[-1:]
    else:
        good, bad = good[-1:], bad[:1]
    first, second = (float(found[0]) if found.size else float("nan") for found in (good, bad))
    return first, second
