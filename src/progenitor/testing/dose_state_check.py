"""What a dose-finding design owes to any state of a trial, reached by itself or not."""

from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Int, Shaped

from progenitor.trial import AbstractDoseFinding, DoseMove, DosePatients, DoseState

__all__ = ["check_dose_state"]


def check_dose_state(design: AbstractDoseFinding, state: DoseState, *, cohort: int = 1) -> None:
    """Check that a design keeps every promise in one state, whoever brought the trial there.

    Its next dose is open and at most one above the highest given, it stops exactly where it says
    so, it tells what it does, it selects only a dose that was opened and not closed, none
    before anybody was treated, and the order of the last ``cohort`` patients makes no difference.

    Parameters
    ----------
    design
        The design.
    state
        Data of one or many trials, pending patients included.
    cohort
        Patients whose order cannot matter.

    Raises
    ------
    AssertionError
        With the promise that is broken.

    Examples
    --------
    >>> from progenitor.trial import Boin
    >>> state = DoseState.from_counts([3, 3, 0], [0, 2, 0], eliminated=[False, True, True])
    >>> check_dose_state(Boin(target=0.3), state)
    """
    found, rows = design.next_dose(state), np.arange(state.replicates)
    stops = np.isin(found.move, [move for move in DoseMove if move.stops])
    assert np.array_equal(stops, found.level < 0), "the move and the level disagree about a stop"
    going, level = ~stops, np.maximum(found.level, 0)
    assert np.all(found.eliminated | ~state.eliminated), "a closed dose was opened again"
    assert not np.any(found.eliminated[rows, level] & going), "a closed dose was recommended"
    assert np.all(found.level[going] <= state.opened[going] + 1), "an unopened dose was recommended"
    for replicate in range(state.replicates):
        told = design.explain(state, replicate)
        assert told.value == found.level[replicate], "explain tells another dose"
        assert told.label == found.label(replicate), "explain tells another label"
        assert len(told.message) > 20, "a decision without a message"
        assert told.evidence, "a decision without evidence"
        assert all(np.isfinite(value) for value in told.evidence.values()), "evidence is not finite"
    chosen = design.select(state)
    some, dose = chosen >= 0, np.maximum(chosen, 0)
    assert not np.any(state.eliminated[rows, dose] & some), "a closed dose was selected"
    assert np.all(chosen <= state.opened), "an unopened dose was selected"
    assert np.all(state.treated.sum(axis=1)[some] > 0), "a dose was selected before anybody had one"
    turned = _turned(state, cohort)
    if turned is None:
        return
    again = design.next_dose(turned)
    assert np.array_equal(again.level, found.level), "the order within a cohort mattered"
    assert np.array_equal(again.move, found.move), "the order within a cohort mattered"
    assert np.array_equal(design.select(turned), chosen), "the order within a cohort mattered"


def _turned(state: DoseState, cohort: int) -> DoseState | None:
    """Return the state with the last patients in reverse order; None where order is unknown."""
    people = state.patients
    if people is None:
        return None
    places = np.broadcast_to(np.arange(people.level.shape[1]), people.level.shape)
    size = people.enrolled.sum(axis=1, keepdims=True)
    last = (places >= size - cohort) & (places < size)
    order: Int[np.ndarray, "replicate patient"] = np.where(
        last, 2 * size - 1 - np.minimum(cohort, size) - places, places
    )

    def moved(part: Shaped[np.ndarray, "replicate patient"]) -> Any:
        return np.take_along_axis(part, order, axis=1)

    patients = DosePatients(
        level=moved(people.level),
        toxic=moved(people.toxic),
        followed=moved(people.followed),
        achieved=None if people.achieved is None else moved(people.achieved),
        responded=None if people.responded is None else moved(people.responded),
    )
    return replace(state, patients=patients)
