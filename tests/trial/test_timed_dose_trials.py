"""Dose finding on a calendar."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import Boin, TiteBoin, conduct_dose_finding, conduct_timed, toxicity_outcomes

WINDOW = 28.0
NEVER = np.full((1, 12, 3), np.inf)


def slow(replicates: int, patients: int) -> np.ndarray:
    """Everyone arrives after the one before is followed up."""
    return np.tile(np.arange(patients) * (WINDOW + 1.0), (replicates, 1))


def test_slow_accrual_is_the_design_without_pending_patients() -> None:
    outcomes = toxicity_outcomes([0.1, 0.25, 0.4], patients=24, replicates=200, seed=1)
    times = np.where(outcomes, 10.0, np.inf)
    timed = conduct_timed(TiteBoin(0.3), slow(200, 24), times, window=WINDOW, cohort=3)
    plain = conduct_dose_finding(Boin(0.3), outcomes, cohort=3)
    assert np.array_equal(timed.state.treated, plain.state.treated)
    assert np.array_equal(timed.selected, plain.selected)


def test_a_trial_waits_while_most_are_pending() -> None:
    arrivals = np.zeros((1, 6))
    trials = conduct_timed(TiteBoin(0.3), arrivals, NEVER[:, :6], window=WINDOW, cohort=3)
    assert trials.state.treated.tolist() == [[3, 3, 0]]
    assert trials.duration is not None
    assert trials.duration.tolist() == [2 * WINDOW]


def test_a_toxicity_ends_the_wait() -> None:
    times = NEVER[:, :6].copy()
    times[0, :2] = 5.0  # two toxicities on day 5: only one of three is pending from then on
    trials = conduct_timed(TiteBoin(0.3), np.zeros((1, 6)), times, window=WINDOW, cohort=3)
    assert trials.state.treated[0, 0] == 6
    assert trials.state.toxic[0, 0] == 2


def test_a_toxicity_after_the_window_does_not_count() -> None:
    times = np.full((1, 3, 2), WINDOW + 1.0)
    trials = conduct_timed(TiteBoin(0.3), slow(1, 3), times, window=WINDOW, cohort=3)
    assert trials.state.toxic.sum() == 0


def test_everyone_is_followed_up_before_selection() -> None:
    times = np.full((1, 6, 2), np.inf)
    times[0, 3:] = 27.0
    arrivals = np.arange(6.0)[None, :] * 10.0
    trials = conduct_timed(TiteBoin(0.3), arrivals, times, window=WINDOW, cohort=3)
    assert trials.state.pending is not None
    assert trials.state.pending.sum() == 0
    assert trials.state.toxic.sum() == 3


def test_impossible_calendars_are_told_at_once() -> None:
    with pytest.raises(DesignError) as told:
        conduct_timed(TiteBoin(0.3), np.array([[3.0, 1.0]]), NEVER[:, :2] * -1, window=0.0, start=9)
    for word in ("arrivals fall", "window of 0", "dose 10", "negative"):
        assert word in str(told.value)
