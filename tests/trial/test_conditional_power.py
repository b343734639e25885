"""Conditional power, predictive power and the size of survival trials: limits and simulation."""

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.trial import SurvivalTrial, conditional_power

DRIFT = {"critical": 1.96, "drift": 3.0}


def test_a_prior_that_is_certain_of_the_plan_gives_the_plan() -> None:
    found = conditional_power(0.4, 0.3, **DRIFT, prior_mean=3.0, prior_sd=1e-6)
    assert found.predictive == pytest.approx(found.design, rel=1e-6)


def test_predictive_power_is_the_mean_over_the_posterior() -> None:
    """200,000 drifts from the posterior; five standard errors."""
    z, time, mean, sd = 0.8, 0.4, 2.0, 1.5
    variance = 1.0 / (time + sd**-2)
    centre = variance * (z * time**0.5 + mean / sd**2)
    drifts = centre + variance**0.5 * stream(1, "drift").standard_normal(200_000)
    ends = z * time**0.5 + drifts * 0.6 + 0.6**0.5 * stream(2, "drift").standard_normal(200_000)
    found = conditional_power(z, time, **DRIFT, prior_mean=mean, prior_sd=sd).predictive
    assert abs(np.mean(ends > 1.96) - found) < 5.0 * (0.25 / 200_000) ** 0.5


def test_simulated_trials_have_the_planned_events_and_power() -> None:
    """4,000 trials of the planned size: events, and the power of the log-rank test."""
    from progenitor.trial import log_rank

    trial = SurvivalTrial(0.6, 6.0, 12.0, 12.0, dropout=0.02, power=0.8)
    patients, trials = round(trial.size("lachin_foulkes").patients), 4000
    noise = stream(3, "survival_size")
    arm = np.arange(patients) % 2
    hazard = np.log(2.0) / 6.0 * np.where(arm == 1, 0.6, 1.0)
    shape = (trials, patients)
    entry = 12.0 * noise.random(shape)
    time = noise.exponential(1.0, shape) / hazard
    lost = noise.exponential(1.0 / 0.02, shape)
    seen = np.minimum(np.minimum(time, lost), 24.0 - entry)
    event = seen == time
    expected = trial.event_probability
    assert abs(event.mean() - expected) < 5.0 * (0.25 / event.size) ** 0.5
    power = (log_rank(seen, event, arm).z < -1.959964).mean()
    assert abs(power - 0.8) < 0.03  # the formula's own error is about 0.01, one SE is 0.006


def test_all_patients_at_once() -> None:
    """Accrual in a moment is the limit of a short one."""
    once = SurvivalTrial(0.7, 10.0, 0.0, 24.0)
    soon = SurvivalTrial(0.7, 10.0, 1e-6, 24.0)
    assert once.event_probability == pytest.approx(soon.event_probability, rel=1e-6)
    assert once.event_probability == pytest.approx(
        1.0 - (2.0**-2.4 + 2.0 ** (-2.4 * 0.7)) / 2.0, rel=1e-12
    )


def test_every_mistake_is_named() -> None:
    with pytest.raises(InputError) as caught:
        SurvivalTrial(-1.0, 0.0, -1.0, np.nan, ratio=0.0, dropout=-1.0, alpha=0.7, power=2.0)
    assert len(caught.value.problems) == 7
    with pytest.raises(InputError, match="the power is"):
        SurvivalTrial(0.7, 6.0, 6.0, 6.0, power=0.01)
    with pytest.raises(InputError) as caught:
        conditional_power(np.nan, 1.0, critical=np.inf, drift=0.0, prior_sd=-1.0)
    assert len(caught.value.problems) == 4
