"""Survival statistics of many trials: they agree with one at a time, and with theory."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.trial import _ordered_trials as ordered
from progenitor.trial import (
    accelerated_failure,
    compare_milestones,
    compare_restricted_means,
    concordance,
    cox_regression,
    cumulative_incidence,
    fine_gray,
    hazard_ratio,
    hazard_ratios,
    kaplan_meier,
    log_rank,
    max_combo,
    median_times,
    milestone_survival,
    mixture_cure,
    proportional_hazards_test,
    restricted_mean,
)
from progenitor.trial._normal_box import largest_normal_tail

TRIALS, PATIENTS = 2000, 60
ARM = np.arange(PATIENTS) % 2


@pytest.fixture(scope="module")
def trials() -> tuple[np.ndarray, np.ndarray]:
    """Null trials with tied times and a third censored."""
    noise = stream(4, "survival_test")
    time = np.ceil(noise.exponential(10.0, (TRIALS, PATIENTS)) * 2.0) / 2.0
    return time, (noise.random((TRIALS, PATIENTS)) < 0.67).astype(int)


def everything(time: np.ndarray, event: np.ndarray, arm: np.ndarray) -> dict[str, np.ndarray]:
    combo = max_combo(time, event, arm)
    difference, ratio = compare_restricted_means(time, event, arm, horizon=10.0)
    plain, log_log = compare_milestones(time, event, arm, at=8.0)
    incidence = cumulative_incidence(time, event * (1 + arm), at=8.0, of=2)
    return {
        "log_rank": log_rank(time, event, arm, stratum=np.arange(arm.size) // 2 % 3, rho=0.5).z,
        "max_combo": combo.p_value,
        "hazard_ratio": hazard_ratios(time, event, arm).value,
        "firth": hazard_ratios(time, event, arm, penalised=True).standard_error,
        "difference": difference.p_value,
        "ratio": ratio.low,
        "milestone": plain.value,
        "log_log": log_log.p_value,
        "median": median_times(time, event),
        "incidence": incidence.standard_error,
    }


def test_a_trial_among_many_is_what_it_is_alone(trials, monkeypatch) -> None:
    """Bit for bit, whatever the size of the blocks."""
    time, event = (part[:40] for part in trials)
    together = everything(time, event, ARM)
    alone = everything(time[7], event[7], ARM)
    monkeypatch.setattr(ordered, "_BLOCK", 3 * PATIENTS)
    pieces = everything(time, event, ARM)
    for name, values in together.items():
        assert values.shape == (40,), name
        assert np.array_equal(values, pieces[name], equal_nan=True), name
        assert np.array_equal(values[7], alone[name], equal_nan=True), name


def test_the_order_of_patients_does_not_matter(trials) -> None:
    time, event = (part[:20] for part in trials)
    turn = stream(1, "turn").permutation(PATIENTS)
    straight = log_rank(time, event, ARM, rho=1.0, gamma=1.0).z
    turned = log_rank(time[:, turn], event[:, turn], ARM[turn], rho=1.0, gamma=1.0).z
    assert turned == pytest.approx(straight, rel=1e-12, abs=1e-12)


def test_missing_patients_do_not_count(trials) -> None:
    time, event = (part[:10] for part in trials)
    fewer = np.where(np.arange(PATIENTS) < 40, time, np.nan)
    expected = everything(time[:, :40], event[:, :40], ARM[:40])
    for name, values in everything(fewer, event, ARM).items():
        assert values == pytest.approx(expected[name], rel=1e-9, nan_ok=True), name


def test_null_trials_are_significant_as_often_as_they_should(trials) -> None:
    """5 % of 2,000 is 100 ± 9.7; five standard errors."""
    time, event = trials
    difference, _ = compare_restricted_means(time, event, ARM, horizon=10.0)
    plain, log_log = compare_milestones(time, event, ARM, at=8.0)
    ratios = hazard_ratios(time, event, ARM)
    wald = np.abs(ratios.value / ratios.standard_error) > 1.959964
    for found in (
        log_rank(time, event, ARM).p_value < 0.05,
        log_rank(time, event, ARM, gamma=1.0).p_value < 0.05,
        max_combo(time, event, ARM).p_value < 0.05,
        max_combo(time, event, ARM, two_sided=False).p_value < 0.05,
        difference.p_value < 0.05,
        plain.p_value < 0.05,
        log_log.p_value < 0.05,
        wald,
    ):
        assert abs(found.sum() - 100) < 5.0 * 9.75


def test_many_agree_with_the_single_functions(trials) -> None:
    time, event = trials
    for row in range(30):
        curve = kaplan_meier(time[row], event[row])
        one = hazard_ratio(time[row], event[row], ARM)
        many = hazard_ratios(time[row], event[row], ARM)
        assert float(many.value) == pytest.approx(one.value, rel=1e-8)
        assert float(many.standard_error) == pytest.approx(one.variance**0.5, rel=1e-8)
        median = float(median_times(time[row], event[row]))
        assert median == pytest.approx(curve.median.value, rel=1e-12)
        fit = cox_regression(time[row], event[row], ARM[:, None].astype(float))
        assert fit.coefficients[0] == pytest.approx(one.value, rel=1e-8)
        test = log_rank(time[row], event[row], ARM)
        breslow = cox_regression(time[row], event[row], ARM[:, None] * 1.0, ties="breslow")
        push = breslow.score_chi_square  # Breslow's score has the log-rank numerator
        excess = float(test.observed - test.expected)
        assert push == pytest.approx(excess**2 / (excess**2 / push), rel=1e-12)


def test_without_censoring_everything_is_a_proportion() -> None:
    time = np.arange(1.0, 21.0)
    cause = np.tile([1, 1, 2, 1], 5)
    found = cumulative_incidence(time, cause, at=10.0)
    share = np.mean((time <= 10.0) & (cause == 1))
    assert float(found.value) == pytest.approx(share, rel=1e-12)
    assert float(found.standard_error) == pytest.approx(
        (share * (1 - share) / 20) ** 0.5, rel=1e-12
    )
    mean = restricted_mean(time, np.ones(20), horizon=12.0)
    capped = np.minimum(time, 12.0)
    assert float(mean.value) == pytest.approx(capped.mean(), rel=1e-12)
    assert float(mean.standard_error) == pytest.approx(capped.std() / 20**0.5, rel=1e-12)


def test_causes_add_up_to_all_events(trials) -> None:
    time, event = (part[:50] for part in trials)
    cause = event * (1 + ARM)
    shares = [cumulative_incidence(time, cause, at=6.0, of=k).value for k in (1, 2)]
    survival = milestone_survival(time, event, at=6.0).value
    assert shares[0] + shares[1] + survival == pytest.approx(np.ones(50), rel=1e-12)


def test_unknown_after_the_last_follow_up() -> None:
    time, event = np.array([1.0, 2.0, 3.0]), np.array([1, 0, 0])
    for found in (
        restricted_mean(time, event, horizon=4.0),
        milestone_survival(time, event, at=4.0),
        cumulative_incidence(time, event, at=4.0),
    ):
        assert np.isnan(found.value)
    assert float(milestone_survival(time, event, at=3.0).value) == pytest.approx(2 / 3, rel=1e-12)
    assert float(milestone_survival(time, event, at=4.0, extend=True).value) == pytest.approx(
        2 / 3, rel=1e-12
    )
    assert np.isnan(median_times(time, event))
    everyone = restricted_mean(time, np.ones(3), horizon=4.0)  # the curve is 0, and known
    assert float(everyone.value) == pytest.approx(2.0, rel=1e-12)


def test_nothing_to_compare_is_nan_and_not_a_number() -> None:
    time, none = np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4)
    arm = np.array([0, 1, 0, 1])
    assert np.isnan(log_rank(time, none, arm).z)
    assert np.isnan(hazard_ratios(time, none, arm).value)
    assert np.isnan(max_combo(time, none, arm).p_value)
    one_arm = np.array([0, 1, 0, 0])
    first = hazard_ratios(time, one_arm, arm)
    assert np.isinf(first.value)
    assert np.isnan(first.standard_error)
    assert np.isfinite(hazard_ratios(time, one_arm, arm, penalised=True).value)


@pytest.mark.parametrize("two_sided", [True, False])
def test_the_joint_tail_equals_scipy(trials, two_sided) -> None:
    """scipy integrates by quasi-random points, to about 1e-5; ours has no chance in it."""
    time, event = (part[:12] for part in trials)
    combo = max_combo(time, event, ARM, two_sided=two_sided)
    again = max_combo(time, event, ARM, two_sided=two_sided, points=4096)
    assert combo.p_value == pytest.approx(again.p_value, abs=3e-4)
    for row in range(12):
        limit = np.full(4, float(combo.largest[row]))
        low = -limit if two_sided else None
        normal = multivariate_normal(
            np.zeros(4), combo.correlation[row], allow_singular=True, seed=1, maxpts=400_000
        )
        expected = 1.0 - normal.cdf(limit, lower_limit=low)
        assert again.p_value[row] == pytest.approx(expected, abs=1e-4)


def test_the_joint_tail_of_regular_correlations() -> None:
    """Independent tests, one test, and five correlated ones, where the lattice takes over."""
    from scipy.special import ndtr

    z = np.array([2.3])
    single = 2.0 * ndtr(-2.3)
    for tests in (1, 2, 3, 4):
        found = largest_normal_tail(np.eye(tests)[None], z)
        assert found[0] == pytest.approx(1.0 - (1.0 - single) ** tests, abs=1e-8)
    same = largest_normal_tail(np.ones((1, 4, 4)), z)
    assert same[0] == pytest.approx(single, abs=1e-12)
    six = 0.5 * np.eye(6) + 0.5
    normal = multivariate_normal(np.zeros(6), six, seed=1, maxpts=600_000)
    expected = 1.0 - normal.cdf(np.full(6, 2.3), lower_limit=np.full(6, -2.3))
    assert largest_normal_tail(six[None], z)[0] == pytest.approx(expected, abs=2e-4)


def test_late_differences_are_seen_by_late_weights() -> None:
    """Curves that part after day 10: (0, 1) has a larger z than the log-rank test."""
    noise = stream(9, "late")
    time = noise.exponential(20.0, (200, 200))
    arm = np.arange(200) % 2
    time = np.where((arm == 1) & (time > 10.0), 10.0 + 3.0 * (time - 10.0), time)
    event = time < 60.0
    late = log_rank(np.minimum(time, 60.0), event, arm, gamma=1.0).z.mean()
    even = log_rank(np.minimum(time, 60.0), event, arm).z.mean()
    early = log_rank(np.minimum(time, 60.0), event, arm, rho=1.0).z.mean()
    assert late < even < early < 0.0


def test_mixture_cure_finds_what_was_simulated() -> None:
    noise = stream(5, "cure")
    arm = np.arange(3000) % 2
    share = np.where(arm == 1, 0.5, 0.25)
    time = np.where(noise.random(3000) < share, 1e9, 8.0 * noise.weibull(1.3, 3000))
    censored = np.minimum(time, 40.0)
    fit = mixture_cure(censored, time < 40.0, arm[:, None].astype(float))
    error = np.sqrt(np.diagonal(fit.covariance))
    truth = [np.log(1 / 3), np.log(3.0), np.log(8.0), 0.0, np.log(1.3)]
    found = [*fit.cure_coefficients, *fit.time_coefficients, np.log(fit.shape)]
    assert np.all(np.abs(np.array(found) - truth) < 4.5 * error)
    groups = np.array([[0.0], [1.0]])
    assert fit.cured(groups) == pytest.approx([0.25, 0.5], abs=0.06)
    assert fit.survival(1e6, groups) == pytest.approx(fit.cured(groups), rel=1e-9)
    assert fit.survival(0.0, groups) == pytest.approx([1.0, 1.0], rel=1e-12)


def test_a_rare_event_in_every_arm_of_three() -> None:
    """Firth with two dummies: an arm without events is finite and the other as without it."""
    time = np.tile(np.arange(1.0, 11.0), 3)
    arm = np.repeat([0, 1, 2], 10)
    event = ((arm == 0) & (time < 8)) | ((arm == 1) & (time > 5))
    x = np.column_stack([arm == 1, arm == 2]).astype(float)
    fit = cox_regression(time, event, x, penalised=True)
    assert fit.converged
    assert fit.coefficients[1] < fit.coefficients[0] < 0.0
    assert np.isfinite(fit.p_values).all()
    assert fit.likelihood_ratio > 0.0


@pytest.mark.parametrize(
    ("call", "pieces"),
    [
        (lambda: log_rank(np.array([-1.0]), np.array([2]), np.array([3])), ["-1", "is 2", "is 3"]),
        (lambda: log_rank(np.ones(2), np.ones(2), np.array([0, 1]), rho=-1.0), ["(-1, 0)"]),
        (lambda: max_combo(np.ones(2), np.ones(2), np.array([0, 1]), weights=[]), ["weights"]),
        (lambda: restricted_mean(np.ones(2), np.ones(2), horizon=0.0), ["horizon is 0"]),
        (lambda: milestone_survival(np.ones(2), np.ones(2), at=-1.0), ["milestone is -1"]),
        (lambda: median_times(np.ones(2), np.ones(2), share=1.0), ["share is 1"]),
        (lambda: cumulative_incidence(np.ones(2), np.ones(2), at=-1.0, of=0), ["-1", "is 0"]),
        (
            lambda: cox_regression(np.ones(2), np.zeros(2), np.ones((2, 1))),
            ["nobody has an event", "columns 0 are combinations"],
        ),
        (
            lambda: accelerated_failure(np.zeros(2), np.ones(2), np.zeros((2, 0))),
            ["time 0 is not above 0"],
        ),
        (lambda: mixture_cure(np.zeros(2), np.ones(2), np.zeros((2, 0))), ["is not above 0"]),
        (lambda: fine_gray(np.array([np.nan]), np.ones(1), np.ones((1, 1))), ["time is missing"]),
        (lambda: concordance(np.array([-1.0]), np.ones(1), np.ones(1)), ["before time zero"]),
        (
            lambda: proportional_hazards_test(
                np.arange(4.0), np.ones(4), np.array([[0.0], [1], [0], [1]]), transform="log"
            ),
            ["has no logarithm"],
        ),
        (
            lambda: accelerated_failure(
                np.arange(1.0, 5.0), np.array([1, 1, 0, 0]), np.array([[0.0], [0], [1], [1]])
            ),
            ["no maximum"],
        ),
    ],
)
def test_mistakes_are_named(call, pieces) -> None:
    with pytest.raises(InputError) as caught:
        call()
    for piece in pieces:
        assert piece in str(caught.value)
