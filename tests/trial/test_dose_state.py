"""Counts and patients of many trials, and what cannot be."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import DosePatients, DoseState


def test_one_trial_is_one_row() -> None:
    state = DoseState.from_counts([3, 6, 0], [0, 1, 0])
    assert (state.replicates, state.doses) == (1, 3)
    assert state.level.tolist() == [1]
    assert state.at_level(state.toxic).tolist() == [1]


def test_counts_of_patients_in_any_order() -> None:
    levels, toxic = [0, 0, 0, 1, 1, 0], [False, True, False, False, True, False]
    followed = [1.0, 1.0, 0.5, 0.25, 1.0, 1.0]
    state = DoseState.from_sequence(levels, toxic, 3, followed=followed)
    assert state.treated.tolist() == [[4, 2, 0]]
    assert state.toxic.tolist() == [[1, 1, 0]]
    assert state.pending is not None
    assert state.pending.tolist() == [[1, 1, 0]]
    assert state.followed is not None
    assert state.followed.tolist() == [[0.5, 0.25, 0.0]]
    assert state.level.tolist() == [0]
    assert state.opened.tolist() == [1]


def test_a_toxicity_is_never_pending() -> None:
    state = DoseState.from_sequence([0], [True], 1, followed=[0.1])
    assert state.pending is not None
    assert state.pending.tolist() == [[0]]


def test_places_without_a_patient_count_nothing() -> None:
    patients = DosePatients(np.array([[0, -1, -1]]), np.zeros((1, 3), dtype=bool), np.zeros((1, 3)))
    state = DoseState.from_patients(patients, 2)
    assert state.treated.tolist() == [[1, 0]]
    assert state.opened.tolist() == [0]


def test_nobody_yet() -> None:
    state = DoseState.from_sequence([], [], 2)
    assert state.treated.tolist() == [[0, 0]]
    assert state.level.tolist() == [0]


def test_impossible_counts_are_told_at_once() -> None:
    with pytest.raises(DesignError) as told:
        DoseState.from_counts([3, 3], [4, 0], level=2, pending=[-1, 0], responded=[0, 0, 0])
    for word in ("toxic [4, 0]", "pending [-1, 0]", "responded", "current dose 3"):
        assert word in str(told.value)


def test_impossible_patients_are_told_at_once() -> None:
    with pytest.raises(DesignError) as told:
        DoseState.from_sequence([0, 5], [True], 2, followed=[0.5, 1.5], level=4)
    for word in ("differ in length", "doses [6]", "1.5", "current dose 5"):
        assert word in str(told.value)


def test_nobody_is_both_toxic_and_pending() -> None:
    with pytest.raises(DesignError, match="toxic and pending together"):
        DoseState.from_counts([3], [3], pending=[1])
