"""Events fire at the right time, in the right order, and do what they were told."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from progenitor.engine import (
    Event,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    SolverOptions,
    Species,
    Status,
    Trajectories,
)

Solve = Callable[..., Trajectories]

BASE = ReactionSet(
    "events",
    species=(
        Species("x", "1", initial="1", absolute_tolerance=1e-9),
        Species("count", "1"),
        Species("seen", "1"),
    ),
    parameters=(
        ModelParameter("k", "1/day"),
        ModelParameter("late", "day"),
        ModelParameter("now", "day"),
    ),
    reactions=(Reaction("growth", "k*x", {"x": 1}, {"x": 2.0}),),
    observables=(
        Observable("x", "x", "1"),
        Observable("count", "count", "1"),
        Observable("seen", "seen", "1"),
    ),
)
FINE = SolverOptions(rtol=1e-9)
STANDARD = {"k": 1.0, "late": 1.5, "now": 2.0}


def with_events(*events: Event) -> ReactionSet:
    return replace(BASE, events=events)


def test_a_threshold_is_found_where_it_is(solve: Solve) -> None:
    found = solve(with_events(Event("up", "x > 10")), [0.0, 5.0], STANDARD, options=FINE)
    assert abs(found.event_time("up")[0] - np.log(10)) < 1e-7


def test_an_action_changes_the_course(solve: Solve) -> None:
    part = with_events(Event("reset", "x > 10", {"x": "x/10", "count": "count + 1"}, once=False))
    found = solve(part, [0.0, 20.0], STANDARD, options=FINE)
    assert found.observable("count")[0, -1] == 8
    assert abs(found.observable("x")[0, -1] / np.exp(20 - 8 * np.log(10)) - 1) < 1e-6


def test_once_means_once(solve: Solve) -> None:
    part = with_events(Event("reset", "x > 10", {"x": "1", "count": "count + 1"}))
    found = solve(part, [0.0, 20.0], STANDARD, options=FINE)
    assert found.observable("count")[0, -1] == 1


def test_a_delayed_action_uses_the_values_of_its_own_time(solve: Solve) -> None:
    part = with_events(Event("note", "x > 10", {"seen": "x"}, delay="late"))
    found = solve(part, [0.0, 3.0, 5.0], STANDARD, options=FINE)
    assert abs(found.event_time("note")[0] - np.log(10)) < 1e-7
    assert found.observable("seen")[0, 1] == 0
    assert abs(found.observable("seen")[0, 2] / (10 * np.exp(1.5)) - 1) < 1e-6


def test_assignments_of_one_event_see_the_same_values(solve: Solve) -> None:
    part = with_events(Event("swap", "time >= now", {"x": "count", "count": "x"}))
    found = solve(part, [0.0, 2.0], STANDARD, options=FINE)
    assert found.observable("x")[0, 1] == 0
    assert abs(found.observable("count")[0, 1] / np.exp(2) - 1) < 1e-6


def test_an_event_may_set_off_another_at_once(solve: Solve) -> None:
    part = with_events(
        Event("second", "count > 0", {"seen": "count + 1"}),
        Event("first", "x > 10", {"count": "1"}),
    )
    found = solve(part, [0.0, 5.0], STANDARD, options=FINE)
    assert found.event_time("second")[0] == found.event_time("first")[0]
    assert found.observable("seen")[0, 1] == 2


def test_what_is_true_from_the_start_has_not_become_true(solve: Solve) -> None:
    part = with_events(Event("always", "x > 0", {"count": "1"}), Event("never", "x < 0"))
    found = solve(part, [0.0, 5.0], STANDARD)
    assert np.isnan(found.event_times).all()
    assert found.observable("count")[0, -1] == 0


def test_a_dose_may_fire_an_event_at_its_time(solve: Solve) -> None:
    part = with_events(Event("dosed", "count > 5", {"seen": "count"}))
    found = solve(part, [0.0, 1.0, 2.0], STANDARD, doses=[("count", 1.0, 7.0)])
    assert found.event_time("dosed")[0] == 1.0
    assert found.observable("seen")[0].tolist() == [0.0, 7.0, 7.0]


def test_a_trigger_on_time_is_exact(solve: Solve) -> None:
    found = solve(with_events(Event("tick", "time >= now")), [0.0, 5.0], {**STANDARD, "now": 2.7})
    assert found.event_time("tick")[0] == 2.7


def test_conditions_combine(solve: Solve) -> None:
    part = with_events(
        Event("both", "x > 2 and time > now"),
        Event("either", "x > 2 or time > now"),
        Event("not_yet", "not (x <= 2)"),
    )
    found = solve(part, [0.0, 5.0], STANDARD, options=FINE)
    expected = [2.0, np.log(2), np.log(2)]
    assert np.abs(found.event_times[0] - expected).max() < 1e-6


def test_a_short_episode_within_a_long_step_is_seen(solve: Solve) -> None:
    """x = 1 − (t − 300)²/4 tops 0.96 for 0.8 days after 300 days of smooth motion."""
    part = ReactionSet(
        "parabola",
        species=(Species("x", "1", initial="1 - 22500", nonnegative=False),),
        parameters=(ModelParameter("k", "1/day"), ModelParameter("d", "day")),
        reactions=(Reaction("fall", "k*(300 - time/d)/2", {}, {"x": 1.0}),),
        events=(Event("top", "x > 0.96"),),
        observables=(Observable("x", "x", "1"),),
    )
    found = solve(part, [0.0, 600.0], {"k": 1.0, "d": 1.0}, options=FINE)
    assert abs(found.event_time("top")[0] - 299.6) < 1e-3


def test_a_window_that_one_step_crosses_is_seen(solve: Solve) -> None:
    """x = e^t is between 7.389 and 7.390 for 0.0001 days; linear y in no more than one step."""
    part = replace(
        with_events(
            Event("x_passes", "x > 7.389 and x < 7.390"),
            Event("y_passes", "count > 3 and not (count > 3.00001)"),
        ),
        reactions=(*BASE.reactions, Reaction("line", "k", {}, {"count": 1})),
    )
    options = SolverOptions(rtol=1e-9, engine="reference")
    found = solve(part, [0.0, 5.0], STANDARD, options=options)
    assert found.event_time("x_passes")[0] == pytest.approx(np.log(7.389), abs=1e-7)
    assert found.event_time("y_passes")[0] == pytest.approx(3.0, abs=1e-9)


def test_delays_without_end_never_act(solve: Solve) -> None:
    part = with_events(Event("never", "x > 2", {"count": "1"}, delay="late/(count*1)"))
    found = solve(part, [0.0, 3.0], STANDARD)
    assert found.observable("count")[0, -1] == 0
    assert found.status[0] == Status.OK


def test_an_undefined_delay_is_a_failure(solve: Solve) -> None:
    part = with_events(Event("odd", "x > 2", {"count": "1"}, delay="late*log(-x)"))
    assert solve(part, [0.0, 3.0], STANDARD).status[0] == Status.NONFINITE


def test_a_delayed_stop_ends_at_its_time(solve: Solve) -> None:
    part = with_events(Event("end", "x > 10", delay="late", stop=True))
    found = solve(part, [0.0, 3.0, 3.9], STANDARD, options=FINE)
    assert abs(found.stopped_at[0] - np.log(10) - 1.5) < 1e-7
    assert np.isnan(found.observable("x")[0]).tolist() == [False, False, True]


@pytest.mark.parametrize("number", [1, 7, 30])
def test_the_bouncing_ball_bounces_at_the_right_times(solve: Solve, number: int) -> None:
    """Bounce n of a ball dropped from rest comes at t₁(1 + 2Σeᵏ); restitution e = 0.9."""
    ball = ReactionSet(
        "ball",
        species=(
            Species("h", "1", initial="1", nonnegative=False, absolute_tolerance=1e-12),
            Species("v", "1", nonnegative=False, absolute_tolerance=1e-12),
            Species("n", "1"),
        ),
        parameters=(ModelParameter("g", "1/day"),),
        reactions=(
            Reaction("flight", "g*v", {}, {"h": 1.0}),
            Reaction("fall", "g", {"v": 1}),
        ),
        events=(
            Event("bounce", "h < 0 and v < 0", {"h": "0", "v": "-0.9*v", "n": "n + 1"}, once=False),
            Event("last", f"n > {number - 0.5}"),
        ),
        observables=(Observable("n", "n", "1"),),
    )
    found = solve(ball, [0.0, 26.0], {"g": 1.0}, options=SolverOptions(rtol=1e-10))
    first = np.sqrt(2)
    expected = first * (1 + 2 * sum(0.9**k for k in range(1, number)))
    assert abs(found.event_time("last")[0] - expected) < 1e-6


def test_a_quotient_in_a_trigger_is_rounded_once(solve: Solve) -> None:
    """49·(1/49) is below 1 in binary arithmetic; 49/49 is not."""
    part = ReactionSet(
        "whole",
        species=(Species("x", "1", initial="48"),),
        parameters=(ModelParameter("n", "1"),),
        events=(Event("reached", "x/n >= 1"),),
        observables=(Observable("x", "x", "1"),),
    )
    found = solve(part, [0.0, 2.0], {"n": 49.0}, doses=[("x", 1.0, 1.0)])
    assert found.event_time("reached")[0] == 1.0


def test_a_band_passed_between_two_looks_is_seen(solve: Solve) -> None:
    """x runs straight through the band in a thousandth of the only step there need be."""
    part = ReactionSet(
        "band",
        species=(Species("x", "1"),),
        parameters=(ModelParameter("k", "1/day"),),
        reactions=(Reaction("rise", "k", {}, {"x": 1.0}),),
        events=(Event("inside", "x > 5 and x < 5.001"),),
        observables=(Observable("x", "x", "1"),),
    )
    found = solve(part, [0.0, 10.0], {"k": 1.0})
    assert abs(found.event_time("inside")[0] - 5.0) < 1e-8
