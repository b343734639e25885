"""Randomised trials on exponential survival, where power and effects are known."""

from itertools import pairwise

import numpy as np
import pytest

from progenitor.study.results import RandomisedResult
from progenitor.study.trials._allocation import allocate
from progenitor.study.trials._randomised import (
    conduct_randomised,
    randomised_plans,
    randomised_runs,
)
from progenitor.study.trials._survival_conduct import look_at
from progenitor.study.trials._survival_patients import SurvivalBank, draw_trials
from progenitor.testing import MADE_UP_TRIALS, study_with_trial, survival_tables
from progenitor.trial import GroupSequential, log_rank

RANDOMISED = MADE_UP_TRIALS["randomised"]

CONTROL = 0.004
FUTILE = RANDOMISED | {"futility": "hsd:-2", "stratify_by": ["tumour_burden"], "block": 4}


def conducted(ratio: float, trial=RANDOMISED, **made) -> RandomisedResult:
    file = study_with_trial(trial, doses=False)
    hazards = {"conventional": CONTROL, "tscm": ratio * CONTROL}
    return conduct_randomised(file, 7, survival_tables(hazards, **made), disease="DLBCL")[0]


@pytest.fixture(scope="module")
def planned() -> RandomisedResult:
    return conducted(0.6, draws=4, patients=2000)


def test_the_power_is_that_planned_where_the_truth_is_as_planned(planned):
    """95 events at a hazard ratio of 0.6 and alpha 5 %: 80 %, also as drawn on fixed curves."""
    (pair,) = planned.pairs
    design = GroupSequential.plan(
        info=(40 / 95, 70 / 95, 1.0), alpha=0.05, beta=0.2, spending="ldof"
    )
    drift = -np.log(0.6) * (95.0 / 4.0) ** 0.5
    assert pair.planned == pytest.approx(float(design.crossing(drift)[0].sum()), rel=1e-12)
    assert pair.paper.value == pytest.approx(pair.planned, abs=0.06)
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
    drawn = {"patients": 150, "replicates": 40, "accrual": 365.0, "block": 4, "seed": 2}
    found = look_at(draw_trials(bank, **drawn).pair(1), plan).conducted(plan)
    looked = np.isfinite(found.z)
    for look, events in enumerate(plan.events):
        before_the_end = looked[:, look] & (found.day[:, look] < plan.last_day)
        assert np.all(found.events[before_the_end, look] == events)
    assert np.all(found.won < len(plan.events))


def test_nobody_is_known_beyond_the_cut(planned):
    bank = SurvivalBank.of(survival_tables({"a": CONTROL, "b": CONTROL}), ("a", "b"), "itt")
    trials = draw_trials(bank, patients=90, replicates=5, accrual=300.0, block=4, seed=2)
    time, event = trials.cut(np.full(5, 200.0))
    assert np.array_equal(np.isnan(time), trials.entry > 200.0)
    known = ~np.isnan(time)
    assert np.all((time + trials.entry)[known] <= 200.0 + 1e-9)
    assert not event[~known].any()


def test_a_trial_is_the_same_however_many_are_drawn():
    tables = survival_tables({"a": CONTROL, "b": CONTROL})
    bank = SurvivalBank.of(tables, ("a", "b"), "infused", ["tumour_burden"])
    few = draw_trials(bank, patients=30, replicates=3, accrual=300.0, block=4, seed=2)
    many = draw_trials(bank, patients=30, replicates=9, accrual=300.0, block=4, seed=2)
    assert np.array_equal(few.time, many.time[:3], equal_nan=True)
    assert np.array_equal(few.entry, many.entry[:3])
    assert np.array_equal(few.arm, many.arm[:3])


def test_one_look_and_three_arms():
    keys = {key: RANDOMISED[key] for key in RANDOMISED if key not in ("looks", "spending")}
    file = study_with_trial(keys | {"design": "log_rank"}, doses=False)
    trial = file.trials["trial"].model_copy(update={"arms": ["conventional", "tscm", "third"]})
    arms = dict(file.arms) | {"third": file.arms["tscm"]}
    file = file.model_copy(update={"trials": {"trial": trial}, "arms": arms})
    hazards = {"conventional": CONTROL, "tscm": 0.4 * CONTROL, "third": CONTROL}
    tables = survival_tables(hazards, patients=400)
    found = conduct_randomised(file, 7, tables, disease="DLBCL")[0]
    better, same = found.pairs
    assert better.success.value > 0.8
    assert same.success.value < 0.15
    assert found.looks[0][1] == pytest.approx(1.959964, abs=1e-6)  # alpha 5 % for two comparisons


@pytest.fixture(scope="module")
def futile() -> RandomisedResult:
    return conducted(0.8, FUTILE, draws=4, patients=2000)


def test_blocks_are_balanced_within_strata():
    """After every full block of a stratum the arms stand equally often."""
    entry = np.random.Generator(np.random.PCG64(1)).random((6, 60))
    stratum = np.tile(np.arange(60) % 3, (6, 1))
    arm = allocate(entry, stratum, arms=3, block=6, seed=4)
    for trial in range(6):
        for label in range(3):
            mine = np.flatnonzero(stratum[trial] == label)
            ordered = arm[trial, mine[np.argsort(entry[trial, mine])]]
            for full in range(6, 19, 6):
                assert np.bincount(ordered[:full], minlength=3).tolist() == [full // 3] * 3


def test_futility_costs_what_integration_says(futile):
    """Exact crossing probabilities at the drift of the true ratio; false alarm below 1e-4."""
    (pair,) = futile.pairs
    plan = randomised_plans(study_with_trial(FUTILE, doses=False))["trial"]
    assert plan.design is not None
    assert plan.design.futility_bounds[0] < plan.design.futility_bounds[1] < plan.bounds[1]
    success, stopped = plan.design.crossing(plan.drift(np.log(0.8)))
    fixed = pair.success
    assert fixed.value == pytest.approx(float(success.sum()), abs=4 * fixed.mcse + 0.03)
    assert pair.futile.value == pytest.approx(float(stopped[:2].sum()), abs=0.08)
    assert pair.unstopped.value >= pair.success.value
    assert pair.null.value < 0.05 + 4 * pair.null.mcse
    assert pair.null_unstopped.value >= pair.null.value


def test_looks_add_up_and_power_left_is_calibrated(futile):
    (pair,) = futile.pairs
    assert sum(look.success.value for look in pair.looks) == pytest.approx(
        pair.success.value, abs=1e-12
    )
    assert sum(look.futile.value for look in pair.looks) == pytest.approx(
        pair.futile.value, abs=1e-12
    )
    for look in pair.looks[:-1]:
        came, said = look.chances["came"], look.chances["predictive"]
        assert abs(came.value - said.value) < 4 * came.mcse + 0.06
    assert pair.looks[-1].chances == {}


def test_a_binding_rule_lowers_the_bounds():
    def plan(binding):
        file = study_with_trial(FUTILE | {"binding": binding}, doses=False)
        return randomised_plans(file)["trial"]

    heeded, free = plan(binding=True), plan(binding=False)
    assert heeded.bounds[-1] < free.bounds[-1]
    assert heeded.binding
    assert not free.binding


def test_the_statistic_is_that_of_the_stratified_test():
    file = study_with_trial(FUTILE, doses=False)
    tables = survival_tables({"conventional": CONTROL, "tscm": 0.6 * CONTROL})
    runs = randomised_runs(file, "trial", tables, 7)
    ((looked, found),) = runs.pairs()
    trials = runs.patients
    day = found.at_end(found.day)
    time, event = trials.cut(day)
    for trial in range(5):
        known = np.isfinite(time[trial])
        by_hand = log_rank(
            time[trial, known],
            event[trial, known],
            trials.arm[trial, known],
            stratum=trials.stratum[trial, known],
        )
        assert found.at_end(found.z)[trial] == pytest.approx(-float(by_hand.z), rel=1e-12)
    assert set(np.unique(trials.stratum)) == {0, 1}
    assert np.isfinite(looked.z).all()


def test_the_flow_of_the_example_trial_counts_everybody(futile):
    for steps in futile.flow.values():
        for before, after in pairwise(steps):
            assert before.patients - after.patients == sum(after.lost.values())
    total = sum(steps[0].patients for steps in futile.flow.values())
    assert total == sum(time.size for time, _ in futile.example.followed.values())


def test_the_estimand_and_the_allocation_are_named(futile):
    attributes = dict(futile.estimand)
    assert "composite" in attributes["Intercurrent events"]
    assert "stratified log-rank" in attributes["Summary measure"]
    assert "blocks of 4 within strata" in futile.allocation
