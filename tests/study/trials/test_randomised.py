"""Randomised trials on exponential survival, where power and effects are known."""

import numpy as np
import pytest

from progenitor.study.results import FlowStep, RandomisedResult
from progenitor.study.trials._randomised import conduct_randomised, randomised_plans
from progenitor.study.trials._survival_conduct import conduct_pair
from progenitor.study.trials._survival_patients import SurvivalBank, draw_trials
from progenitor.study.trials._survival_tests import planned_power
from progenitor.testing import MADE_UP_TRIALS, study_with_trial, survival_tables

RANDOMISED = MADE_UP_TRIALS["randomised"]

CONTROL = 0.004
FLOWS = dict.fromkeys(("conventional", "tscm"), (FlowStep("Enrolled", 1),))


def conducted(ratio: float, trial=RANDOMISED, **made) -> RandomisedResult:
    file = study_with_trial(trial, doses=False)
    hazards = {"conventional": CONTROL, "tscm": ratio * CONTROL}
    return conduct_randomised(file, 7, survival_tables(hazards, **made), FLOWS)[0]


@pytest.fixture(scope="module")
def planned() -> RandomisedResult:
    return conducted(0.6, draws=4, patients=2000)


def test_the_power_is_that_planned_where_the_truth_is_as_planned(planned):
    """95 events at a hazard ratio of 0.6 and alpha 5 %: 80 %."""
    (pair,) = planned.pairs
    assert pair.planned == pytest.approx(planned_power(0.6, 95.0, alpha=0.05), rel=1e-12)
    assert pair.fixed.value == pytest.approx(pair.planned, abs=0.06)
    assert pair.success.value == pytest.approx(pair.planned, abs=0.06)


def test_the_type_one_error_is_kept(planned):
    (pair,) = planned.pairs
    assert pair.null.value < 0.05 + 4 * pair.null.mcse
    assert pair.null.value > 0.05 - 4 * pair.null.mcse


def test_the_true_effects_are_those_of_exponentials(planned):
    (pair,) = planned.pairs
    ratio, mean, share = (
        pair.truth[name] for name in ("hazard_ratio", "restricted_mean", "milestone")
    )
    rates = np.array([CONTROL, 0.6 * CONTROL])
    means = (1.0 - np.exp(-rates * 365.0)) / rates
    shares = np.exp(-rates * 365.0)
    assert abs(ratio.value - 0.6) < 4 * ratio.mcse + 0.03
    assert abs(mean.value - (means[1] - means[0])) < 4 * mean.mcse + 5.0
    assert abs(share.value - (shares[1] - shares[0])) < 4 * share.mcse + 0.02


def test_looks_are_at_their_events(planned):
    bank = SurvivalBank.of(survival_tables({"a": CONTROL, "b": CONTROL}), ("a", "b"), "itt")
    plan = randomised_plans(study_with_trial(RANDOMISED, doses=False))["trial"]
    trials = draw_trials(bank, patients=150, replicates=40, accrual=365.0, seed=2).pair(1)
    found = conduct_pair(trials, plan)
    looked = np.isfinite(found.z)
    for look, events in enumerate(plan.events):
        before_the_end = looked[:, look] & (found.day[:, look] < plan.last_day)
        assert np.all(found.events[before_the_end, look] == events)
    assert np.all(found.won < len(plan.events))


def test_nobody_is_known_beyond_the_cut(planned):
    bank = SurvivalBank.of(survival_tables({"a": CONTROL, "b": CONTROL}), ("a", "b"), "itt")
    trials = draw_trials(bank, patients=90, replicates=5, accrual=300.0, seed=2)
    time, event = trials.cut(np.full(5, 200.0))
    assert np.array_equal(np.isnan(time), trials.entry > 200.0)
    known = ~np.isnan(time)
    assert np.all((time + trials.entry)[known] <= 200.0 + 1e-9)
    assert not event[~known].any()


def test_a_trial_is_the_same_however_many_are_drawn():
    bank = SurvivalBank.of(survival_tables({"a": CONTROL, "b": CONTROL}), ("a", "b"), "infused")
    few = draw_trials(bank, patients=30, replicates=3, accrual=300.0, seed=2)
    many = draw_trials(bank, patients=30, replicates=9, accrual=300.0, seed=2)
    assert np.array_equal(few.time, many.time[:3])
    assert np.array_equal(few.entry, many.entry[:3])


def test_one_look_and_three_arms():
    keys = {key: RANDOMISED[key] for key in RANDOMISED if key not in ("looks", "spending")}
    file = study_with_trial(keys | {"design": "log_rank"}, doses=False)
    trial = file.trials["trial"].model_copy(update={"arms": ["conventional", "tscm", "third"]})
    arms = dict(file.arms) | {"third": file.arms["tscm"]}
    file = file.model_copy(update={"trials": {"trial": trial}, "arms": arms})
    hazards = {"conventional": CONTROL, "tscm": 0.4 * CONTROL, "third": CONTROL}
    tables = survival_tables(hazards, patients=400)
    found = conduct_randomised(file, 7, tables, FLOWS | {"third": ()})[0]
    better, same = found.pairs
    assert better.success.value > 0.8
    assert same.success.value < 0.15
    assert found.looks[0][1] == pytest.approx(1.959964, abs=1e-6)  # alpha 5 % for two comparisons
