"""Bins: contiguous, none empty, and following the visits where there are any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from predictive_witness import witness

from progenitor.errors import InputError
from progenitor.inference import ByCount, ByEdges, ByGaps

TIMES = st.lists(st.integers(-20, 400).map(lambda n: n / 4.0), min_size=1, max_size=60)


@given(TIMES, st.integers(1, 8), st.integers(1, 6))
def test_bins_are_contiguous_and_none_is_empty(times: list[float], most: int, least: int) -> None:
    time = np.array(times)
    for rule in (ByGaps(most, least), ByCount(most), ByEdges((-6.0, 0.0, 7.0, 101.0))):
        place = rule(time)
        assert sorted(set(place.tolist())) == list(range(int(place.max()) + 1))
        assert (np.diff(place[np.argsort(time, kind="stable")]) >= 0).all()
        for moment in np.unique(time):
            assert len(set(place[time == moment].tolist())) == 1


@given(TIMES, st.integers(1, 6))
def test_bins_by_gaps_hold_as_many_as_asked(times: list[float], least: int) -> None:
    place = ByGaps(least=least)(np.array(times))
    assert place.max() == 0 or np.bincount(place).min() >= least


def test_visits_with_jitter_are_found() -> None:
    data = witness()
    np.testing.assert_array_equal(ByGaps()(data.time), data.visit)


def test_many_nominal_visits_are_bins_of_their_own() -> None:
    time = np.repeat(np.arange(30.0), 6)
    np.testing.assert_array_equal(ByGaps()(time), np.repeat(np.arange(30), 6))


def test_no_more_bins_are_made_than_were_asked_for() -> None:
    time = np.repeat(np.arange(30.0), 6)
    assert np.bincount(ByGaps(most=3)(time)).tolist() == [60, 60, 60]
    visits = np.repeat([0.0, 1.0, 2.0, 30.0, 31.0], 6)
    assert np.bincount(ByGaps(most=3)(visits)).tolist() == [18, 12]


def test_a_baseline_before_scattered_times_is_no_visit_apart_from_one_long_other() -> None:
    time = np.concatenate([np.zeros(10), np.linspace(1.0, 29.0, 90)])
    assert np.bincount(ByGaps(most=5)(time)).tolist() == [20] * 5


def test_times_without_visits_make_bins_of_equal_count() -> None:
    place = ByGaps(most=6)(np.linspace(0.0, 10.0, 90) ** 2)
    assert np.bincount(place).tolist() == [15] * 6


def test_a_thin_visit_joins_the_nearer_neighbour() -> None:
    time = np.concatenate([np.full(8, 7.0), np.full(2, 10.0), np.full(8, 28.0)])
    assert np.bincount(ByGaps()(time)).tolist() == [10, 8]


def test_every_problem_of_a_rule_is_told() -> None:
    with pytest.raises(InputError, match="bin edges 0, 7, 7 do not increase"):
        ByEdges((0.0, 7.0, 7.0))
    with pytest.raises(InputError, match="2 of 3 observations lie outside the bin edges 0 to 28"):
        ByEdges((0.0, 28.0))(np.array([-1.0, 5.0, 30.0]))
    with pytest.raises(InputError, match="number of bins is 0"):
        ByCount(0)
    with pytest.raises(InputError, match="at most 3 bins of at least 0"):
        ByGaps(3, 0)
