"""Events of exact simulation: moments, delays, order and withdrawal, against hand calculation.

Stochastic tests state their seed and number of runs; with |z| < 4.9 or p > 1e-6 a correct engine
raises a false alarm with probability 1e-6 per comparison when the seed is changed.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from scipy import stats

from progenitor.engine import (
    Event,
    Model,
    Observable,
    Reaction,
    ReactionSet,
    SolverOptions,
    Species,
    Status,
    Trajectories,
    simulate_exact,
)

Z = 4.9
ALARM = 1e-6


def run(
    species: Mapping[str, str],
    reactions: Mapping[str, tuple[str, Mapping[str, int], Mapping[str, float]]],
    events: Sequence[Event],
    times: Sequence[float],
    *,
    count: int = 1,
    seed: int = 1,
) -> Trajectories:
    part = ReactionSet(
        "part",
        species=tuple(Species(name, "1", initial=start) for name, start in species.items()),
        reactions=tuple(Reaction(name, *given) for name, given in reactions.items()),
        events=tuple(events),
        observables=tuple(Observable(name, name, "1") for name in species),
    )
    return simulate_exact(
        Model.build("part", [part], time_unit="1"),
        {},
        times=np.tile(np.asarray(times, dtype=float), (count, 1)),
        seed=seed,
        draw=np.zeros(count, int),
        patient=np.arange(count),
        options=SolverOptions(),
    )


STILL: Mapping[str, tuple[str, Mapping[str, int], Mapping[str, float]]] = {}
DECAY = {"death": ("0.5*n", {"n": 1}, {})}


@pytest.mark.parametrize(
    ("trigger", "moment"),
    [
        ("time >= 25", 25.0),
        ("time > 25", 25.0),
        ("2*time - 10 > 7", 8.5),
        ("time > n/4", 2.5),
        ("n - 3*time < 1", 3.0),
        ("time > 5 and n > 100 or time >= 9", 9.0),
        ("not time < 4", 4.0),
        ("n < piecewise(0, time < 6, 20)", 6.0),
    ],
)
def test_triggers_turn_at_the_exact_moment(trigger: str, moment: float) -> None:
    found = run({"n": "10"}, STILL, [Event("turn", trigger, {"n": "n + 1"})], [0, 10, 30])
    assert np.isclose(found.event_time("turn")[0], moment, rtol=1e-11, atol=0)
    assert found.observable("n")[0, -1] == 11


def test_a_trigger_of_time_and_state_follows_the_state() -> None:
    """Fires at 10 - n for the n alive then, by hand; 300 runs, seed 2."""
    events = [Event("late", "time > 10 - n", {"mark": "n"})]
    found = run({"n": "9", "mark": "99"}, DECAY, events, [0, 20], count=300, seed=2)
    when, mark = found.event_time("late"), found.observable("mark")[:, 1]
    assert np.isclose(when, 10 - mark, rtol=1e-9, atol=0).all()
    assert len(np.unique(mark)) > 3


def test_a_jump_fires_its_trigger_at_once() -> None:
    """Refilled whenever five are left: never fewer than five; the refills are counted."""
    refill = Event("refill", "n <= 5", {"n": "20", "refills": "refills + 1"}, once=False)
    found = run(
        {"n": "20", "refills": "0"}, DECAY, [refill], np.linspace(0, 40, 41), count=200, seed=3
    )
    assert found.observable("n").min() == 6
    assert found.observable("n").max() == 20
    cycle = (1 / (0.5 * np.arange(6, 21))).sum()
    mean = found.observable("refills")[:, -1].mean()
    assert abs(mean - 40 / cycle) < 1.0


def test_the_first_refill_comes_when_fifteen_have_died() -> None:
    """A sum of exponential times: mean and variance by hand, 4,000 runs, seed 4."""
    found = run({"n": "20"}, DECAY, [Event("low", "n <= 5")], [0, 200], count=4_000, seed=4)
    rates = 0.5 * np.arange(6, 21)
    times = found.event_time("low")
    assert abs(times.mean() - (1 / rates).sum()) < Z * np.sqrt((1 / rates**2).sum() / 4_000)


def test_outputs_at_the_moment_of_an_event_show_its_action() -> None:
    reset = Event("reset", "time >= 5", {"n": "50"})
    found = run({"n": "10"}, STILL, [reset], [0, 4.999, 5, 6])
    assert found.observable("n")[0].tolist() == [10, 10, 50, 50]


def test_delays_and_values_of_the_trigger() -> None:
    events = [
        Event("grow", "time >= 1", {"n": "n + 5"}, delay="1"),
        Event("then", "time >= 1", {"early": "n"}, delay="2", values_from_trigger=True),
        Event("late", "time >= 1", {"late": "n"}, delay="2"),
    ]
    found = run({"n": "10", "early": "0", "late": "0"}, STILL, events, [0, 1.5, 2.5, 3.5])
    assert found.observable("n")[0].tolist() == [10, 10, 15, 15]
    assert found.observable("early")[0].tolist() == [0, 0, 0, 10]
    assert found.observable("late")[0].tolist() == [0, 0, 0, 15]


def test_priorities_order_actions_of_one_moment() -> None:
    events = [
        Event("low", "time >= 1", {"n": "2*n"}, priority="1"),
        Event("high", "time >= 1", {"n": "n + 1"}, priority="2"),
        Event("none", "time >= 1", {"n": "n - 4"}),
    ]
    assert run({"n": "10"}, STILL, events, [0, 2]).observable("n")[0, 1] == 18


def test_an_action_is_withdrawn_when_its_trigger_falls() -> None:
    """Two cells: the alarm at n ≤ 1 rings 1 later, unless the last one dies before (e^-0.5)."""
    alarm = Event("alarm", "n <= 1 and n > 0", {"rang": "1"}, delay="1", persistent=False)
    found = run({"n": "2", "rang": "0"}, DECAY, [alarm], [0, 60], count=10_000, seed=5)
    rang = found.observable("rang")[:, 1]
    chance = np.exp(-0.5)
    assert abs(rang.mean() - chance) < Z * np.sqrt(chance * (1 - chance) / 10_000)


def test_a_stop_ends_the_run() -> None:
    found = run(
        {"n": "8"}, DECAY, [Event("end", "n <= 3", stop=True)], np.linspace(0, 60, 121),
        count=200, seed=6,
    )  # fmt: skip
    numbers = found.observable("n")
    assert (found.status == Status.OK).all()
    for row, when in zip(numbers, found.stopped_at, strict=True):
        gone = found.times[0] > when
        assert np.isnan(row[gone]).all()
        assert (row[~gone] > 3).all()
    assert stats.kstest(found.stopped_at, _sum_of_waits).pvalue > ALARM


def _sum_of_waits(times: np.ndarray) -> np.ndarray:
    """Law of the fifth of eight deaths: at least five of eight have died, each with 1 - e^-t/2."""
    return stats.binom.sf(4, 8, 1 - np.exp(-0.5 * np.asarray(times)))


def test_events_without_end_are_a_typed_failure() -> None:
    back = Event("back", "n < 5", {"n": "9"}, once=False)
    forth = Event("forth", "n > 8", {"n": "2"}, once=False)
    found = run({"n": "10"}, DECAY, [back, forth], [0, 60])
    assert found.status.tolist() == [Status.EVENT_STORM]


def test_an_event_may_fire_at_the_start() -> None:
    start = Event("start", "n > 5", {"n": "1"}, fires_at_start=True)
    usual = Event("usual", "n > 5", {"n": "1"})
    assert run({"n": "10"}, STILL, [start], [0, 1]).observable("n")[0].tolist() == [1, 1]
    assert run({"n": "10"}, STILL, [usual], [0, 1]).observable("n")[0].tolist() == [10, 10]
