"""What a trial sees of a population, against the closed forms of the piecewise model."""

import math

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.library import (
    checked_visits,
    metrics_of,
    percentiles_at,
    sample_days,
    simulate_population,
    visit_days,
)


def test_visits_are_often_at_first_and_end_on_the_last_day() -> None:
    days = visit_days(730.0)
    assert days[:15] == tuple(float(day) for day in range(15))
    assert days[-1] == 730.0
    gaps = np.diff(days)
    assert (gaps > 0).all()
    assert gaps[:-1].max() <= 91.0
    assert visit_days(1.0)[-1] == 1.0
    assert len(visit_days(1.0)) == 15


@pytest.mark.parametrize("last", [0.0, -3.0, math.inf, math.nan])
def test_a_last_day_that_is_none_is_refused(last: float) -> None:
    with pytest.raises(InputError, match="give a day after the start"):
        visit_days(last)


def test_visits_that_are_not_followed_are_all_told() -> None:
    with pytest.raises(InputError) as raised:
        checked_visits([-1.0, 7.0, 99.0, math.nan], 28.0)
    assert len(raised.value.problems) == 3


def test_samples_hold_every_visit() -> None:
    visits = visit_days(365.0)
    days = sample_days(visits)
    assert set(visits) <= set(days)
    assert np.diff(days)[:56].tolist() == [0.5] * 56


def test_percentiles_are_those_of_the_lognormal_law() -> None:
    """Level at infusion is Cmax/fold: log-variance 0.65 + 2.4, median 24,000/3,900."""
    patients = 4_000
    found = simulate_population(
        "stein_2019", patients=patients, seed=11, times=np.zeros((patients, 1))
    )
    told = np.log(percentiles_at(found, [0.0])["level"][:, 0])
    sigma = math.sqrt(0.65 + 2.4)
    expected = math.log(24_000 / 3_900) + sigma * np.array(
        [-1.6448536, -0.6744898, 0.0, 0.6744898, 1.6448536]
    )
    # Standard error of a sample quantile; 4 of them: false alarm 3e-4 for the five together.
    density = np.exp(-0.5 * ((expected - expected[2]) / sigma) ** 2) / (
        sigma * math.sqrt(2 * math.pi)
    )
    share = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    error = np.sqrt(share * (1 - share) / patients) / density
    assert (np.abs(told - expected) < 4 * error).all()


def test_kinetics_of_the_typical_patient_are_the_paper_s() -> None:
    """Cmax 24,000 on day 9.3, doubling in 0.78 d, half-lives ln 2/0.16 and ln 2/0.0032."""
    days = np.array(
        [*np.arange(0.0, 9.3, 0.3), *np.arange(9.3, 60.0, 1.0), *np.arange(60, 730, 10)]
    )
    found = simulate_population("stein_2019", patients=1, seed=1, typical=True, times=days[None, :])
    told = {name: seen.summary.median for name, seen in metrics_of(found, "level").items()}
    assert told["cmax"] == pytest.approx(24_000, rel=1e-5, abs=0.0)
    assert told["tmax"] == pytest.approx(9.3, rel=1e-12, abs=0.0)
    doubling = 9.3 * math.log(2) / math.log(3_900)
    assert told["doubling_time"] == pytest.approx(doubling, rel=1e-4, abs=0.0)
    # Two lines through a sum of two exponentials: each shows in the other, so the first is slower
    # and the second steeper than its own; the last samples are of the second alone.
    assert 1.0 < told["contraction_half_life"] / (math.log(2) / 0.16) < 1.2
    assert 0.9 < told["persistence_half_life"] / (math.log(2) / 0.0032) < 1.0
    assert told["terminal_half_life"] == pytest.approx(math.log(2) / 0.0032, rel=1e-2, abs=0.0)


def test_a_limit_of_quantification_ends_persistence() -> None:
    days = np.tile(np.array(visit_days(365.0)), (20, 1))
    found = simulate_population("stein_2019", patients=20, seed=2, times=days)
    free, limited = (metrics_of(found, "level", lower_limit=x)["tlast"] for x in (math.nan, 100.0))
    assert free.summary.median == 365.0
    assert limited.summary.median < 365.0


def test_failed_patients_are_left_out_and_zero_is_below_any_limit() -> None:
    from dataclasses import replace

    days = np.tile(np.array(visit_days(28.0)), (4, 1))
    found = simulate_population("stein_2019", patients=4, seed=2, times=days)
    values = found.values.copy()
    values[0] = np.nan
    values[1, :3] = 0.0
    broken = replace(found, values=values, status=np.array([1, 0, 0, 0]))
    seen = metrics_of(broken, "level")["cmax"].summary
    assert seen.count == 3
    assert np.isfinite(percentiles_at(broken, [28.0])["level"]).all()
    nobody = replace(found, status=np.ones(4, int))
    assert np.isnan(percentiles_at(nobody, [28.0])["level"]).all()


def test_an_observable_that_is_not_there_names_the_nearest() -> None:
    found = simulate_population("stein_2019", patients=1, seed=1, times=np.array([[0.0, 1.0]]))
    with pytest.raises(InputError, match="did you mean 'level'"):
        metrics_of(found, "levle")
