"""Numerical checks and goodness of fit, on a model that is true and one that is not."""

import numpy as np
import pytest
from scipy import stats

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.inference import (
    ByCount,
    goodness_of_fit,
    measurements,
    normalised_prediction_errors,
    numerical_check,
)

COUNT = 400


def checked(scale: float = 1.0, limit: float = np.nan) -> tuple:
    """400 observations, one for each patient, and 500 replicates; seed 31."""
    copies = np.exp(stream(31, "copies").normal(size=(500, COUNT)))
    data = np.exp(scale * stream(31, "data").normal(size=COUNT))
    time = np.tile([1.0, 7.0, 14.0, 28.0], COUNT // 4)
    seen = measurements(np.arange(COUNT), time, data, limit=limit)
    return seen, copies, normalised_prediction_errors(seen, copies, seed=1)


@pytest.mark.parametrize("limit", [np.nan, 0.4])
def test_shares_of_a_true_model_are_binomial(limit: float) -> None:
    """Independent observations: the interval is that of Binomial(400, share), found by 500 copies.

    Its ends are within five observations of the exact ones; the shares lie inside but for 5 %,
    and within four standard deviations but for 6e-5. A fifth is censored in the second case.
    """
    seen, copies, errors = checked(limit=limit)
    found = numerical_check(seen, copies, errors, seed=1)
    assert found.intervals == (0.0, 50.0, 80.0, 90.0, 95.0)
    for index, share in enumerate((0.5, 0.25, 0.1, 0.05, 0.025)):
        assert found.expected[index] == pytest.approx(share, rel=1e-12)
        low, high = stats.binom(COUNT, share).interval(0.95)
        for ends in (
            (found.below_low, found.below_high),
            (found.above_low, found.above_high),
        ):
            assert abs(COUNT * ends[0][index] - low) <= 5
            assert abs(COUNT * ends[1][index] - high) <= 5
        spread = np.sqrt(share * (1 - share) / COUNT)
        assert abs(found.below[index] - share) < 4 * spread
        assert abs(found.above[index] - share) < 4 * spread


def test_a_model_of_half_the_variance_leaves_too_many_outside() -> None:
    seen, copies, errors = checked(scale=np.sqrt(2.0))
    found = numerical_check(seen, copies, errors, seed=1, intervals=(90.0,))
    exact = stats.norm.cdf(stats.norm.ppf(0.05) / np.sqrt(2.0))  # 12.2 % instead of 5 %
    spread = np.sqrt(exact * (1 - exact) / COUNT)
    assert abs(found.below[0] - exact) < 4 * spread
    assert abs(found.above[0] - exact) < 4 * spread
    assert found.below[0] > found.below_high[0]
    assert found.above[0] > found.above_high[0]


def test_observations_of_a_patient_are_not_taken_for_independent() -> None:
    """Ten copies of one value for each of 50 patients: the interval is that of 50, not of 500."""
    level = stream(32, "levels").normal(size=(800, 50))
    copies = np.repeat(level, 10, axis=1) + 1e-9 * stream(32, "noise").normal(size=(800, 500))
    seen = measurements(np.repeat(np.arange(50), 10), np.tile(np.arange(10.0), 50), copies[0])
    errors = normalised_prediction_errors(seen, copies[1:], seed=1)
    found = numerical_check(seen, copies[1:], errors, seed=1, intervals=(0.0,))
    low, high = stats.binom(50, 0.5).interval(0.95)
    assert abs(50 * found.below_low[0] - low) <= 1
    assert abs(50 * found.below_high[0] - high) <= 1


def test_a_prediction_interval_must_be_one() -> None:
    seen, copies, errors = checked()
    with pytest.raises(InputError, match="prediction intervals are 100"):
        numerical_check(seen, copies, errors, seed=1, intervals=(100.0,))


def test_trends_and_ordered_errors_of_a_true_model_lie_in_their_intervals() -> None:
    """Each interval holds 99.99 %: 36 percentiles and 400 ordered errors, which move together."""
    seen, _, errors = checked()
    prediction = np.exp(0.1 * stream(33, "prediction").normal(size=COUNT))
    fit = goodness_of_fit(seen, errors, prediction, level=0.9999)
    assert fit.over_time.count.tolist() == [100] * 4
    assert fit.over_prediction.count.tolist() == [50] * 8
    for trend in (fit.over_time, fit.over_prediction):
        assert ((trend.low <= trend.percentile) & (trend.percentile <= trend.high)).all()
    assert ((fit.normal_low <= fit.ordered) & (fit.ordered <= fit.normal_high)).all()
    assert fit.tests.p_global > 1e-3


def test_a_drift_in_time_shows_in_the_trend() -> None:
    seen, copies, _ = checked()
    late = np.where(seen.time == 28.0, 2.0 * seen.value, seen.value)
    drifted = measurements(seen.subject, seen.time, late)
    errors = normalised_prediction_errors(drifted, copies, seed=1)
    trend = goodness_of_fit(drifted, errors, np.ones(COUNT)).over_time
    outside = (trend.percentile[1] > trend.high[1]).tolist()
    assert outside == [False, False, False, True]


def test_medians_by_prediction_stop_at_the_limit() -> None:
    prediction = np.repeat([1.0, 10.0], 20)
    value = np.concatenate([np.full(20, 0.5), np.full(20, 12.0)])
    copies = np.exp(stream(34, "copies").normal(size=(100, 40)))
    seen = measurements(np.arange(40), np.ones(40), value, limit=2.0)
    errors = normalised_prediction_errors(seen, copies, seed=1)
    fit = goodness_of_fit(seen, errors, prediction, binning=ByCount(1))
    assert fit.group_prediction.tolist() == [1.0, 10.0]
    assert np.isnan(fit.group_observed[0])
    assert fit.group_observed[1] == 12.0
