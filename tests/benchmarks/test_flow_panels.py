"""Intervals on panels of a generator that the gating was not built on."""

import pytest
from benchmarks.flow import coverage
from benchmarks.flow_panels import LABORATORIES, Laboratory


def test_intervals_hold_on_small_panels_of_another_generator():
    """Eight panels of 5,000 events; at 95 % each, fewer than 6 once in 170 times."""
    within, refused, error, half = coverage(LABORATORIES["5,000 events"], range(900, 908))
    assert within >= 6
    assert refused == 0
    assert error < half


def test_what_was_not_recorded_widens_the_interval_and_keeps_the_truth():
    """Without pulse height doublets are told by size, and the interval says so."""
    bare = Laboratory(events=6_000, without=("FSC-H", "L/D"))
    within, refused, _, half = coverage(bare, range(900, 904))
    assert within >= 3  # at 95 % each, fewer once in 70 times
    assert refused == 0
    assert half > coverage(Laboratory(events=6_000), range(900, 904))[3]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["all at once", "heavy tails", "dim CCR7 and CD95"])
def test_intervals_hold_in_hard_laboratories(name):
    """Forty panels; the promise is 88 of 100: at 95 % each, fewer than 34 once in 100 times."""
    within, _, _, _ = coverage(LABORATORIES[name], range(1000, 1040))
    assert within >= 34
