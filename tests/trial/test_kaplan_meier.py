"""Kaplan–Meier by hand, at the edges, and where it must equal simpler things."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.errors import DesignError
from progenitor.trial import kaplan_meier

ROUNDING = 1e-12
TIMES = st.lists(st.integers(0, 20), min_size=1, max_size=40)


def curve_of(time: list[float], event: list[int]) -> object:
    return kaplan_meier(np.array(time, dtype=float), np.array(event))


def test_by_hand() -> None:
    """6 patients: 5/6 after day 1, × 3/4 after day 3 (one censored on day 2)."""
    curve = curve_of([1, 2, 3, 4, 5, 6], [1, 0, 1, 0, 0, 0])
    assert curve.times.tolist() == [1.0, 3.0]
    assert curve.survival == pytest.approx([5 / 6, 5 / 8], rel=ROUNDING)
    variance = (5 / 8) ** 2 * (1 / 30 + 1 / 12)
    assert curve.standard_error[1] == pytest.approx(variance**0.5, rel=ROUNDING)
    assert curve.events.tolist() == [1, 1]
    assert curve.standard_error_at(np.array([0.5, 1.0]))[0] == 0.0
    low, high = curve.interval_at(np.array([0.5]))
    assert (low[0], high[0]) == (1.0, 1.0)


def test_an_event_at_time_zero_lowers_the_curve_at_once() -> None:
    curve = curve_of([0, 5], [1, 0])
    assert curve.survival_at(np.array([0.0, 5.0])).tolist() == [0.5, 0.5]
    assert curve.at_risk(np.array([0.0, 0.1])).tolist() == [2, 1]


def test_a_patient_censored_at_an_event_is_at_risk_of_it() -> None:
    assert curve_of([2, 2], [1, 0]).survival.tolist() == [0.5]
    assert curve_of([2, 2], [0, 1]).survival.tolist() == [0.5]


def test_tied_events_are_one_step() -> None:
    curve = curve_of([2, 2, 2, 5], [1, 1, 1, 0])
    assert (curve.times.tolist(), curve.events.tolist()) == ([2.0], [3])
    assert curve.survival.tolist() == [0.25]


def test_all_censored() -> None:
    curve = curve_of([3, 7], [0, 0])
    assert curve.times.size == 0
    assert curve.survival_at(np.array([5.0])).tolist() == [1.0]
    assert np.isnan(curve.median).all()


def test_a_curve_at_zero_stays_there_and_has_no_limits() -> None:
    curve = curve_of([1, 2], [1, 1])
    assert curve.survival.tolist() == [0.5, 0.0]
    assert curve.survival_at(np.array([99.0])).tolist() == [0.0]
    assert np.isnan([curve.low[1], curve.high[1], curve.standard_error[1]]).all()


def test_nothing_is_known_after_the_last_follow_up() -> None:
    curve = curve_of([1, 8], [1, 0])
    at = np.array([8.0, 8.1])
    assert curve.survival_at(at).tolist() == pytest.approx([0.5, np.nan], nan_ok=True, rel=ROUNDING)
    assert curve.survival_at(at, extend=True).tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("time", "event", "median"),
    [
        ([1, 2, 3, 4], [1, 1, 1, 1], 2.5),  # a flat at exactly one half: its middle
        ([1, 2, 3], [1, 1, 1], 2.0),
        ([1, 2, 9], [1, 0, 0], float("nan")),  # never reaches one half
        ([1, 2, 9, 9], [1, 1, 0, 0], 5.5),  # flat up to the last follow-up
    ],
)
def test_median(time: list[float], event: list[int], median: float) -> None:
    found = curve_of(time, event).median.value
    assert found == pytest.approx(median, nan_ok=True, rel=ROUNDING)


def test_other_quantiles() -> None:
    curve = curve_of([1, 2, 3, 4], [1, 1, 1, 1])
    assert curve.quantile(0.9).value == 4.0
    assert curve.quantile(0.25).value == 1.5


@given(TIMES)
def test_without_censoring_it_is_the_share_still_free(days: list[int]) -> None:
    time = np.array(days, dtype=float)
    curve = kaplan_meier(time, np.ones(time.size))
    at = np.arange(21.0)
    share = (time[:, None] > at).mean(axis=0)
    assert curve.survival_at(at) == pytest.approx(share, abs=ROUNDING)
    assert curve.at_risk(at).tolist() == (time[:, None] >= at).sum(axis=0).tolist()


@given(TIMES, st.data())
def test_invariants(days: list[int], data: st.DataObject) -> None:
    time = np.array(days, dtype=float)
    event = np.array(data.draw(st.lists(st.booleans(), min_size=time.size, max_size=time.size)))
    order = np.array(data.draw(st.permutations(range(time.size))))
    curve = kaplan_meier(time, event)
    shuffled = kaplan_meier(time[order], event[order])
    assert curve.survival.tolist() == shuffled.survival.tolist()
    assert (np.diff(curve.survival) < 0.0).all()
    assert curve.events.sum() == event.sum()
    inside = ~np.isnan(curve.low)
    assert (curve.low[inside] <= curve.survival[inside]).all()
    assert (curve.survival[inside] <= curve.high[inside]).all()
    assert ((curve.low[inside] >= 0.0) & (curve.high[inside] <= 1.0)).all()


@pytest.mark.parametrize(
    ("time", "event", "level", "words"),
    [
        ([], [], 0.95, "nobody is followed"),
        ([1.0, np.nan], [1, 0], 0.95, "missing or infinite"),
        ([1.0, 2.0], [1.0, np.nan], 0.95, "missing or infinite"),
        ([-1.0], [1], 0.95, "before time zero"),
        ([1.0], [2], 0.95, "neither 0 nor 1"),
        ([1.0], [1], 1.0, "level 1 is not"),
    ],
)
def test_bad_data_are_refused(
    time: list[float], event: list[float], level: float, words: str
) -> None:
    with pytest.raises(DesignError, match=words):
        kaplan_meier(np.array(time, dtype=float), np.array(event), level=level)
