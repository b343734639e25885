"""The conduct of dose-finding trials."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import (
    Boin,
    DoseMove,
    ThreePlusThree,
    conduct_dose_finding,
    dose_characteristics,
    narrate_dose_finding,
    toxicity_outcomes,
)

RATES = [0.05, 0.15, 0.3, 0.45]


def test_outcomes_do_not_depend_on_chunks() -> None:
    whole = toxicity_outcomes(RATES, patients=7, replicates=20, seed=3)
    part = toxicity_outcomes(RATES, patients=7, replicates=5, seed=3, first=10)
    assert np.array_equal(whole[10:15], part)


def test_outcomes_have_the_rates_asked_for() -> None:
    outcomes = toxicity_outcomes(RATES, patients=30, replicates=2000, seed=1)
    errors = np.sqrt(np.array(RATES) * (1.0 - np.array(RATES)) / 60_000)
    assert np.all(np.abs(outcomes.mean(axis=(0, 1)) - RATES) < 4.0 * errors)


def test_a_patient_is_the_same_person_at_every_dose() -> None:
    """A toxicity at a dose is one at every higher dose."""
    outcomes = toxicity_outcomes(RATES, patients=30, replicates=50, seed=1)
    assert np.all(outcomes[..., 1:] >= outcomes[..., :-1])


def test_everyone_is_recorded_where_they_were_treated() -> None:
    outcomes = toxicity_outcomes(RATES, patients=30, replicates=100, seed=2)
    trials = conduct_dose_finding(Boin(target=0.25), outcomes)
    patients = trials.state.patients
    assert patients is not None
    for dose in range(4):
        here = patients.level == dose
        assert np.array_equal(here.sum(axis=1), trials.state.treated[:, dose])
        assert np.array_equal((here & patients.toxic).sum(axis=1), trials.state.toxic[:, dose])
        assert np.array_equal(patients.toxic[here], outcomes[..., dose][here])


def test_the_last_cohort_may_be_smaller() -> None:
    outcomes = np.zeros((1, 8, 4), dtype=bool)
    trials = conduct_dose_finding(Boin(target=0.3), outcomes, cohort=3)
    assert trials.state.treated.tolist() == [[3, 3, 2, 0]]
    assert trials.patients.tolist() == [8]


def test_trials_start_where_they_are_told() -> None:
    outcomes = np.zeros((1, 6, 4), dtype=bool)
    trials = conduct_dose_finding(Boin(target=0.3), outcomes, start=1)
    assert trials.state.treated.tolist() == [[0, 3, 3, 0]]


def test_titration_goes_up_one_by_one_and_fills_the_cohort() -> None:
    outcomes = np.zeros((3, 12, 4), dtype=bool)
    outcomes[1, 2:4, :] = True  # the third patient has a toxicity, at dose 3, and the next
    outcomes[2, 0, :] = True  # the first, at dose 1
    trials = conduct_dose_finding(Boin(target=0.3), outcomes, titration=True)
    treated = trials.state.treated.tolist()
    assert treated[0] == [1, 1, 1, 9]
    patients = trials.state.patients
    assert patients is not None
    assert patients.level[1, :6].tolist() == [0, 1, 2, 2, 2, 1]
    assert patients.level[2, :3].tolist() == [0, 0, 0]


def test_titration_of_one_dose_with_few_patients() -> None:
    trials = conduct_dose_finding(Boin(0.3), np.zeros((1, 2, 3), dtype=bool), titration=True)
    assert trials.state.treated.tolist() == [[1, 1, 0]]


def test_early_stop() -> None:
    outcomes = toxicity_outcomes(RATES, patients=30, replicates=300, seed=1)
    trials = conduct_dose_finding(Boin(target=0.3, early_stop=9), outcomes)
    enough = trials.move == DoseMove.STOP_ENOUGH
    assert enough.mean() > 0.5
    assert np.all(trials.state.treated[enough].max(axis=1) >= 9)
    assert np.all(trials.selected[enough] >= 0)


def test_a_log_reads_as_prose() -> None:
    outcomes = np.zeros((12, 3), dtype=bool)
    outcomes[5] = outcomes[8] = True
    log = narrate_dose_finding(ThreePlusThree(), outcomes)
    assert [decision.label for decision in log] == ["escalate", "stay", "stop: dose found"]
    assert str(log[1]) == "1 of 3 patients had a toxicity at dose 2: treat three more there."


def test_characteristics_agree_with_the_exact_ones() -> None:
    outcomes = toxicity_outcomes(RATES, patients=24, replicates=20_000, seed=4)
    found = dose_characteristics(conduct_dose_finding(ThreePlusThree(), outcomes))
    exact = ThreePlusThree().outcomes(RATES)
    assert np.all(np.abs(found.selected - exact.prob_mtd[1:]) < 4.5 * found.selected_error)
    assert np.all(np.abs(found.treated - exact.treated) < 4.5 * found.treated_error)
    assert abs(found.none - exact.prob_mtd[0]) < 4.5 * found.none_error


def test_impossible_conducts_are_told_at_once() -> None:
    outcomes = np.zeros((2, 6, 3), dtype=bool)
    with pytest.raises(DesignError) as told:
        conduct_dose_finding(Boin(0.3), outcomes, cohort=0, start=3)
    for word in ("cohort of 0", "dose 4 of 3"):
        assert word in str(told.value)


def test_impossible_rates_are_refused() -> None:
    with pytest.raises(DesignError, match=r"1\.2"):
        toxicity_outcomes([0.1, 1.2], patients=3, replicates=1, seed=1)
