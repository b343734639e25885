"""Prediction errors: against another program, and standard normal when the model is true."""

import csv
from pathlib import Path

import numpy as np
import pytest
from predictive_witness import witness
from scipy.special import ndtri

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.inference import error_tests, measurements, normalised_prediction_errors

DATA = Path(__file__).parents[1] / "data" / "predictive_check"
SUBJECT = np.repeat(np.arange(300), 4)
TIME = np.tile([1.0, 3.0, 7.0, 28.0], 300)


def patients(
    purpose: str, rows: int, *, subjects: int = 300, mean: float = 0.0, scale: float = 1.0
) -> np.ndarray:
    """Lognormal values of patients: a random level each, and noise; four visits."""
    random = stream(21, purpose)
    level = np.repeat(random.normal(size=(rows, subjects)), 4, axis=1)
    noise = random.normal(size=(rows, 4 * subjects))
    return np.exp(3.0 + mean + scale * (0.8 * level + 0.5 * noise))


def test_errors_are_those_of_another_program() -> None:
    with (DATA / "npde.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    data = witness()
    seen = measurements(data.subject, data.time, data.value)
    found = normalised_prediction_errors(seen, data.simulated, seed=1, randomised=False)
    exact = np.array([float(row["pd"]) for row in rows])
    np.testing.assert_allclose(found.discrepancy, exact, rtol=1e-12, atol=0)  # 15 digits printed
    exact = np.array([float(row["npde"]) for row in rows])
    np.testing.assert_allclose(found.error, exact, rtol=1e-9, atol=1e-12)  # another normal quantile


def test_tests_are_those_of_another_program() -> None:
    """R's t.test, wilcox.test and shapiro.test, and gof.test of npde, on npde.csv."""
    with (DATA / "npde.csv").open(encoding="utf-8", newline="") as file:
        error = np.array([float(row["npde"]) for row in csv.DictReader(file)])
    found = error_tests(error)
    printed = {
        "mean": 0.04702950469,
        "mean_se": 0.06927272395,
        "variance": 1.151690468,
        "variance_se": 0.1053541918,
        "skewness": 0.02725877976,
        "kurtosis": -0.2034561422,
        "p_mean": 0.497855804094,
        "p_variance": 0.107131181976,
        "p_normality": 0.785199882997,
        "p_global": 0.3213935459,
    }
    for name, value in printed.items():
        # Ten digits are printed; Royston's approximation is summed in another order there.
        assert getattr(found, name) == pytest.approx(value, rel=1e-7)
    wilcoxon = error_tests(error, of_mean="wilcoxon").p_mean
    assert wilcoxon == pytest.approx(0.558136675184, rel=1e-8)


@pytest.mark.parametrize("limit", [np.nan, np.exp(2.5)])
def test_errors_of_a_true_model_are_standard_normal_and_independent(limit: float) -> None:
    """1200 observations of 300 patients, 1000 replicates, seed 21; without and with 30 % censored.

    The global p-value is above 1e-3 but once in a thousand; the correlation within patients is
    below 4/sqrt(1800 pairs) but once in ten thousand.
    """
    copies = patients("true", 1001)
    seen = measurements(SUBJECT, TIME, copies[0], limit=limit)
    assert seen.censored.mean() == (0.0 if np.isnan(limit) else pytest.approx(0.3, abs=0.05))
    found = normalised_prediction_errors(seen, copies[1:], seed=1, logarithms=True)
    tests = error_tests(found.error)
    assert tests.count == 1200
    assert tests.p_global > 1e-3
    assert abs(within(found.error)) < 4 / np.sqrt(1800)
    assert within(ndtri(found.discrepancy)) > 0.3  # what decorrelation removed


def within(error: np.ndarray) -> float:
    """Mean product of errors of two visits of one patient."""
    rows = error.reshape(-1, 4)
    return float(np.mean([(rows[:, i] * rows[:, j]).mean() for i in range(4) for j in range(i)]))


@pytest.mark.parametrize("limit", [np.nan, np.exp(2.5)])
@pytest.mark.parametrize(("mean", "scale"), [(0.0, np.sqrt(2.0)), (0.8, 1.0)])
def test_a_wrong_model_is_detected(mean: float, scale: float, limit: float) -> None:
    """Data of twice the variance, or shifted by 0.8 (0.85 standard deviations); seed 21."""
    data = patients("wrong", 1, mean=mean, scale=scale)[0]
    seen = measurements(SUBJECT, TIME, data, limit=limit)
    found = normalised_prediction_errors(seen, patients("true", 1000), seed=1, logarithms=True)
    tests = error_tests(found.error)
    assert tests.p_global < 1e-8
    assert (tests.p_variance if scale > 1 else tests.p_mean) < 1e-8


def test_the_global_test_is_wrong_no_more_often_than_stated() -> None:
    """150 data sets of 20 patients, a fifth of values censored: at most 5 % significant at 5 %.

    200 replicates each. The bound is 7.5 + 4 sqrt(150 x 0.05 x 0.95) = 18 (false alarm 4e-4); one
    at least shows that the test can fail.
    """
    significant = 0
    subject, time = SUBJECT[:80], TIME[:80]
    for number in range(150):
        copies = patients(f"data set {number}", 201, subjects=20)
        seen = measurements(subject, time, copies[0], limit=10.0)
        found = normalised_prediction_errors(seen, copies[1:], seed=number, logarithms=True)
        significant += error_tests(found.error).p_global < 0.05
    assert 1 <= significant <= 18


def test_discrepancies_are_uniform_however_few_replicates_there_are() -> None:
    """20 replicates, 2000 observations: moments within four standard errors.

    The bare share of smaller copies has variance 0.0917, five standard errors too much.
    """
    copies = stream(22, "few").normal(size=(21, 2_000))
    seen = measurements(np.arange(2_000), np.ones(2_000), copies[0])
    found = normalised_prediction_errors(seen, copies[1:], seed=3).discrepancy
    assert abs(found.mean() - 0.5) < 4 * np.sqrt(1 / 12 / 2_000)
    assert abs(found.var() - 1 / 12) < 4 * np.sqrt(1 / 180 / 2_000)


def test_a_censored_observation_is_uniform_below_the_limit() -> None:
    copies = np.tile(np.arange(1.0, 401.0)[:, np.newaxis], 1000)
    seen = measurements(np.arange(1000), np.ones(1000), np.zeros(1000), limit=101.0)
    found = normalised_prediction_errors(seen, copies, seed=4).discrepancy
    top = 101 / 401  # 100 of 400 copies lie below, and the value itself
    assert 0 < found.min() < 0.01 * top < 0.99 * top < found.max() < top
    assert abs(found.mean() - top / 2) < 4 * top / np.sqrt(12 * 1000)


def test_an_observation_that_the_model_fixes_has_no_error() -> None:
    """Before the dose every copy is 0: nothing to compare, and the rest is as without it."""
    copies = stream(23, "fixed").normal(size=(200, 40))
    first = np.zeros((200, 1))
    time = np.arange(41.0) % 4
    subject = np.arange(41) // 4
    seen = measurements(subject, time, np.concatenate([[0.0], copies[0]]))
    found = normalised_prediction_errors(seen, np.hstack([first, copies])[1:], seed=1)
    assert found.undecided.tolist() == [0]
    assert np.isfinite(found.error[1:]).all()


def test_the_same_seed_gives_the_same_errors_whatever_the_other_subjects() -> None:
    copies = patients("same", 301, subjects=10)
    seen = measurements(SUBJECT[:40], TIME[:40], copies[0], limit=8.0)
    whole = normalised_prediction_errors(seen, copies[1:], seed=5)
    part = measurements(SUBJECT[:20], TIME[:20], copies[0, :20], limit=8.0)
    some = normalised_prediction_errors(part, copies[1:, :20], seed=5)
    np.testing.assert_array_equal(whole.error[:20], some.error)


def test_what_cannot_be_compared_is_refused() -> None:
    copies = stream(24, "refused").normal(size=(30, 20))
    seen = measurements(np.zeros(20, int), np.arange(20.0), copies[0])
    with pytest.raises(InputError, match=r"(?s)29 replicates .*up to 20 .*\n.*have no logarithm"):
        normalised_prediction_errors(seen, copies[1:], seed=1, logarithms=True)
    with pytest.raises(InputError, match="3 prediction errors are too few"):
        error_tests(np.array([0.1, 0.2, np.nan, 0.3]))
