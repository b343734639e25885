"""Events with priorities, withdrawal, early values and a start act as SBML section 4.11 says."""

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
    "order",
    species=tuple(Species(name, "1", nonnegative=False) for name in ("x", "a", "b", "order")),
    parameters=(ModelParameter("d", "day"),),
    reactions=(Reaction("clock", "1/d", {}, {"x": 1}),),
    observables=tuple(Observable(name, name, "1") for name in ("x", "a", "b", "order")),
)
FINE = SolverOptions(rtol=1e-9)


def with_events(*events: Event) -> ReactionSet:
    return replace(BASE, events=events)


def last(found: Trajectories, name: str) -> float:
    assert found.status[0] == Status.OK
    return float(found.observable(name)[0, -1])


def digit(name: str, number: int, priority: str) -> Event:
    """Writes its number behind those of the events that acted before it."""
    return Event(name, "time >= d", {"order": f"10*order + {number}"}, priority=priority)


def test_the_highest_priority_acts_first_and_none_last(solve: Solve) -> None:
    part = with_events(
        digit("e1", 1, ""), digit("e2", 2, "-5"), digit("e3", 3, "7"), digit("e4", 4, "1/2")
    )
    assert last(solve(part, [0.0, 2.0], {"d": 1.0}), "order") == 3421


def test_equal_priorities_keep_the_declared_order(solve: Solve) -> None:
    part = with_events(digit("e1", 1, "3"), digit("e2", 2, "3"), digit("e3", 3, "3"))
    assert last(solve(part, [0.0, 2.0], {"d": 1.0}), "order") == 123


def test_a_priority_is_evaluated_again_before_each_action(solve: Solve) -> None:
    """The first action turns the order of the two others round."""
    first = Event("first", "time >= d", {"a": "1"}, priority="10")
    part = with_events(first, digit("e1", 1, "1 - a"), digit("e2", 2, "a - 1/2"))
    assert last(solve(part, [0.0, 2.0], {"d": 1.0}), "order") == 21


def test_an_event_set_off_by_an_action_may_overtake(solve: Solve) -> None:
    part = with_events(
        Event("one", "time >= d", {"order": "10*order + 1", "a": "1"}, priority="5"),
        digit("two", 2, "1"),
        Event("three", "a > 0", {"order": "10*order + 3"}, priority="2"),
    )
    assert last(solve(part, [0.0, 2.0], {"d": 1.0}), "order") == 132


def test_a_delayed_action_is_ordered_with_those_of_its_moment(solve: Solve) -> None:
    late = Event("late", "time >= d", {"order": "10*order + 9"}, delay="d", priority="8")
    part = with_events(late, Event("then", "time >= 2*d", {"order": "10*order + 1"}, priority="2"))
    assert last(solve(part, [0.0, 3.0], {"d": 1.0}), "order") == 91


def test_an_action_looks_at_triggers_before_the_next(solve: Solve) -> None:
    """The first action lifts a above 1/2, the second lowers it again: the watcher saw it."""
    part = with_events(
        Event("up", "time >= d", {"a": "1"}, priority="2"),
        Event("down", "time >= d", {"a": "0"}, priority="1"),
        Event("watcher", "a > 1/2", {"b": "1"}),
    )
    assert last(solve(part, [0.0, 2.0], {"d": 1.0}), "b") == 1


@pytest.mark.parametrize(("persistent", "expected"), [(True, 1.0), (False, 0.0)])
def test_a_waiting_action_is_withdrawn(solve: Solve, persistent: bool, expected: float) -> None:
    """x = t is between 1 and 2 for a day; the delay is two days."""
    event = Event("e", "x > 1 and x < 2", {"a": "1"}, delay="2*d", persistent=persistent)
    assert last(solve(with_events(event), [0.0, 5.0], {"d": 1.0}), "a") == expected


def test_an_action_over_before_the_trigger_falls_stands(solve: Solve) -> None:
    event = Event("e", "x > 1 and x < 2", {"a": "1"}, delay="d/2", persistent=False)
    assert last(solve(with_events(event), [0.0, 5.0], {"d": 1.0}), "a") == 1


def test_one_action_withdraws_another_of_the_same_moment(solve: Solve) -> None:
    part = with_events(
        Event("first", "time >= d", {"b": "1"}, priority="2"),
        Event("second", "time >= d and b < 1/2", {"a": "1"}, priority="1", persistent=False),
        Event("third", "time >= d and b < 1/2", {"order": "1"}, priority="1"),
    )
    found = solve(part, [0.0, 2.0], {"d": 1.0})
    assert last(found, "a") == 0
    assert last(found, "order") == 1


def test_a_withdrawn_action_may_be_set_off_again(solve: Solve) -> None:
    """sin(3t) rises at 0 and 2π/3 and stays up for π/3; only the delay of 2 spans a fall."""
    event = Event(
        "e",
        "sin(3*time/d) > 0",
        {"a": "a + 1"},
        delay="piecewise(2*d, time < d, d/2)",
        persistent=False,
        once=False,
        fires_at_start=True,
    )
    found = solve(with_events(event), [0.0, 4.0], {"d": 1.0}, options=FINE)
    assert last(found, "a") == 1


@pytest.mark.parametrize(("early", "expected"), [(True, 1.0), (False, 3.0)])
def test_values_are_of_the_moment_asked_for(solve: Solve, early: bool, expected: float) -> None:
    event = Event("e", "time >= d", {"a": "x"}, delay="2*d", values_from_trigger=early)
    found = last(solve(with_events(event), [0.0, 4.0], {"d": 1.0}, options=FINE), "a")
    assert found == pytest.approx(expected, abs=1e-7)


def test_early_values_of_one_moment_do_not_see_each_other(solve: Solve) -> None:
    """Two events at one moment: b = a + 1 sees the a of the trigger, not the new one."""
    part = with_events(
        Event("first", "time >= d", {"a": "5"}, priority="2"),
        Event("second", "time >= d", {"b": "a + 1"}, priority="1", values_from_trigger=True),
    )
    assert last(solve(part, [0.0, 2.0], {"d": 1.0}), "b") == 1


@pytest.mark.parametrize("at_start", [True, False])
def test_what_is_true_at_the_start_fires_when_asked(solve: Solve, at_start: bool) -> None:
    event = Event("e", "x < 10", {"a": "a + 1"}, fires_at_start=at_start, once=False)
    found = solve(with_events(event), [0.0, 2.0], {"d": 1.0})
    assert found.observable("a")[0].tolist() == ([1.0, 1.0] if at_start else [0.0, 0.0])
    assert found.event_time("e")[0] == 0 if at_start else np.isnan(found.event_time("e")[0])


def test_a_withdrawal_is_seen_after_a_single_event_is_spent(solve: Solve) -> None:
    """The only event has fired and cannot fire again, yet its action still hangs on its trigger."""
    event = Event("e", "x < 1", {"a": "1"}, delay="2*d", persistent=False, fires_at_start=True)
    assert last(solve(with_events(event), [0.0, 5.0], {"d": 1.0}), "a") == 0
