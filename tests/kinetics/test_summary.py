"""Summaries over patients against numbers worked by hand and against SciPy."""

import numpy as np
import pytest
from scipy import stats

from progenitor.engine import stream
from progenitor.kinetics import Profiles, Reason, analyse_kinetics, summarise_metric


def summary_of(peaks: np.ndarray):
    level = np.column_stack([peaks, peaks / 2.0])
    return summarise_metric(
        analyse_kinetics(Profiles.of(np.array([0.0, 7.0]), level)).metrics["cmax"]
    )


def test_three_patients_by_hand() -> None:
    """ln of 1, 10, 100 has mean ln 10 and standard deviation ln 10."""
    found = summary_of(np.array([1.0, 10.0, 100.0, np.nan]))
    assert (found.count, found.not_estimable, dict(found.missing)) == (
        3,
        1,
        {Reason.NOT_SAMPLED: 1},
    )
    assert found.geometric_mean == pytest.approx(10.0, rel=1e-14)
    assert found.geometric_cv == pytest.approx(np.sqrt(np.exp(np.log(10.0) ** 2) - 1.0), rel=1e-14)
    assert (found.median, found.mean, found.p25, found.p75) == (10.0, 37.0, 5.5, 55.0)
    assert (found.p5, found.p95) == pytest.approx((1.9, 91.0), rel=1e-14)


def test_many_patients_against_scipy() -> None:
    peaks = np.exp(stream(1, "summary").standard_normal(200))
    found = summary_of(peaks)
    assert found.geometric_mean == pytest.approx(stats.gmean(peaks), rel=1e-13)
    spread = stats.gstd(peaks)
    assert found.geometric_cv == pytest.approx(np.sqrt(np.exp(np.log(spread) ** 2) - 1), rel=1e-12)


def test_one_patient_has_no_spread_and_none_has_nothing() -> None:
    alone = summary_of(np.array([4.0]))
    assert (alone.geometric_mean, alone.median) == (pytest.approx(4.0, rel=1e-15), 4.0)
    assert np.isnan(alone.geometric_cv)
    nobody = summary_of(np.array([np.nan]))
    assert nobody.count == 0
    assert np.isnan([nobody.geometric_mean, nobody.mean, nobody.median, nobody.p5]).all()


def test_zeros_have_no_geometric_mean_and_shares_have_a_mean() -> None:
    level = np.array([[1.0, 2.0], [3.0, 0.1]])
    found = analyse_kinetics(Profiles.of(np.array([0.0, 28.0]), level, lower_limit=0.5)).metrics
    below = summarise_metric(found["time_below_limit"])
    assert np.isnan(below.geometric_mean)
    assert below.median == 7.0
    persistent = summarise_metric(found["persistent_28"])
    assert (persistent.mean, persistent.count) == (0.5, 2)
    assert np.isnan(persistent.geometric_mean)
