"""Scores of forecasts against identities and scipy's integrals."""

import numpy as np
import pytest
from scipy import integrate, stats

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.programme import (
    calibration_bins,
    crps_normal,
    crps_quantiles,
    crps_sample,
    score_probabilities,
)

ROUNDING = 1e-12


def test_the_parts_add_up_where_forecasts_within_a_bin_are_equal() -> None:
    p = np.repeat([0.05, 0.35, 0.75], [30, 30, 40])
    y = (stream(1, "outcomes").random(100) < p).astype(float)
    found = score_probabilities(p, y)
    parts = found.reliability - found.resolution + found.uncertainty
    assert found.brier == pytest.approx(parts, rel=ROUNDING, abs=0)
    assert sum(b.count for b in calibration_bins(p, y)) == 100


def test_probabilities_that_are_right_are_calibrated() -> None:
    """20,000 forecasts, seed 2: |z| < 4 for Spiegelhalter's z; slope within 0.08 of 1."""
    p = stream(2, "forecasts").random(20_000)
    y = (stream(2, "events").random(20_000) < p).astype(float)
    found = score_probabilities(p, y)
    assert abs(found.spiegelhalter_z) < 4.0
    assert found.calibration_slope == pytest.approx(1.0, rel=0, abs=0.08)
    assert found.auc == pytest.approx(5.0 / 6.0, rel=0, abs=0.015)  # of p uniform, y ~ p


def test_what_cannot_be_estimated_has_no_value() -> None:
    certain = score_probabilities(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert certain.log_loss == np.inf
    assert np.isnan([certain.calibration_slope, certain.spiegelhalter_z]).all()
    all_yes = score_probabilities(np.array([0.4, 0.6]), np.array([1.0, 1.0]))
    assert np.isnan([all_yes.skill, all_yes.auc, all_yes.calibration_in_the_large]).all()
    apart = score_probabilities(np.array([0.1, 0.2, 0.8, 0.9]), np.array([0.0, 0, 1, 1]))
    assert np.isnan(apart.calibration_slope)
    assert apart.auc == 1.0


def test_everything_wrong_is_told() -> None:
    with pytest.raises(InputError) as refused:
        score_probabilities(np.array([1.5]), np.array([0.5, 1.0]), bins=0)
    assert len(refused.value.problems) == 4


@pytest.mark.parametrize("value", [-1.0, 0.3, 4.0])
def test_crps_is_its_integral(value: float) -> None:
    """∫(F(x) − 1{x ≥ y})² dx for a normal forecast and for a sample."""
    normal = stats.norm(0.5, 2.0)
    below = integrate.quad(lambda x: normal.cdf(x) ** 2, -40, value)[0]
    above = integrate.quad(lambda x: normal.sf(x) ** 2, value, 40)[0]
    assert crps_normal(0.5, 2.0, value) == pytest.approx(below + above, rel=1e-7, abs=0)
    sample = np.array([-1.0, 0.0, 0.0, 2.5])
    grid = np.linspace(-10, 10, 200_001)
    steps = (sample[:, None] <= grid).mean(axis=0) - (grid >= value)
    area = float((steps**2).sum() * (grid[1] - grid[0]))
    assert crps_sample(sample, value) == pytest.approx(area, rel=0, abs=2e-3)  # of the grid


def test_many_quantiles_approach_the_crps() -> None:
    levels = (np.arange(2_000) + 0.5) / 2_000
    found = crps_quantiles(levels, stats.norm.ppf(levels), 0.7)
    assert found == pytest.approx(crps_normal(0.0, 1.0, 0.7), rel=1e-3, abs=0)
    with pytest.raises(InputError, match="do not fall"):
        crps_quantiles(np.array([0.1, 0.9]), np.array([2.0, 1.0]), 0.0)
