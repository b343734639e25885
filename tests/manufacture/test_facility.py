"""The queue of a facility against SimPy, Erlang's formula and small cases worked out by hand."""

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.manufacture import (
    Facility,
    FacilityRun,
    Resource,
    Shift,
    Stage,
    erlang_wait,
    run_facility,
)

sys.path.insert(0, str(Path(__file__).parents[2]))
from benchmarks.manufacturing._queue_cases import hard_case, one_station


def with_replicate(case: dict[str, Any]) -> dict[str, Any]:
    return {n: v[np.newaxis] if isinstance(v, np.ndarray) else v for n, v in case.items()}


@pytest.mark.parametrize("whole_days", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_start_times_are_those_of_simpy(seed: int, *, whole_days: bool) -> None:
    pytest.importorskip("simpy")
    from benchmarks.manufacturing._simpy_oracle import simulate

    case = hard_case(1_500, seed=seed, whole_days=whole_days)
    run = run_facility(**with_replicate(case))
    np.testing.assert_array_equal(run.started[0], simulate(**case))
    assert run.attempts.max() == 2
    assert run.wait.mean() > 0.5  # the case is one with queues


@pytest.mark.slow
@pytest.mark.parametrize("whole_days", [False, True])
def test_twenty_thousand_lots_start_when_they_do_in_simpy(*, whole_days: bool) -> None:
    pytest.importorskip("simpy")
    from benchmarks.manufacturing._simpy_oracle import simulate

    case = hard_case(20_000, seed=3, whole_days=whole_days)
    run = run_facility(**with_replicate(case))
    np.testing.assert_array_equal(run.started[0], simulate(**case))


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (4, 0.8), (10, 0.85)])
def test_mean_wait_is_erlangs(servers: int, load: float) -> None:
    """24 x 20,000 lots, seed 2; |z| < 4 by the spread of replicates, false alarm about 1e-3."""
    draws = stream(2, f"erlang {servers}")
    rate = load * servers
    arrivals = np.cumsum(draws.exponential(1 / rate, (24, 20_000)), axis=1)
    work = draws.exponential(1.0, (24, 20_000, 1))
    site = Facility((Resource("suite", servers),))
    waits = run_facility(site, [Stage("make", ("suite",))], arrivals, work).stage_wait
    chance, mean = erlang_wait(servers=servers, arrivals=rate, service=1.0)
    settled = waits[:, 2_000:, 0, 0]
    for found, wanted in ((settled, mean), (settled > 0, chance)):
        means = found.mean(axis=1)
        error = means.std(ddof=1) / math.sqrt(len(means))
        assert abs(means.mean() - wanted) < 4 * error


def test_erlang_of_known_tables() -> None:
    chance, mean = erlang_wait(servers=2, arrivals=1.0, service=1.0)
    assert chance == pytest.approx(1 / 3, rel=1e-12)  # a²/2 / (0.5(1 + a) + a²/2) at a = 1
    assert mean == pytest.approx(1 / 3, rel=1e-12)
    with pytest.raises(InputError, match="grow for ever"):
        erlang_wait(servers=2, arrivals=2.0, service=1.0)


def test_replicates_do_not_know_each_other() -> None:
    case = with_replicate(one_station(400, seed=5))
    alone = run_facility(**case)
    twice = {**case, "arrivals": np.repeat(case["arrivals"], 3, axis=0),
             "durations": np.repeat(case["durations"], 3, axis=0)}  # fmt: skip
    np.testing.assert_array_equal(
        run_facility(**twice).started, np.repeat(alone.started, 3, axis=0)
    )


def test_order_of_lots_does_not_matter() -> None:
    case = with_replicate(one_station(300, seed=6))
    order = stream(6, "order").permutation(300)
    shuffled = {**case, "arrivals": case["arrivals"][:, order],
                "durations": case["durations"][:, order]}  # fmt: skip
    np.testing.assert_array_equal(
        run_facility(**shuffled).started, run_facility(**case).started[:, order]
    )


def test_no_more_units_are_held_than_there_are() -> None:
    case = hard_case(600, seed=7, whole_days=False)
    run = run_facility(**with_replicate(case))
    for resource in case["facility"].resources:
        held = [place for place, one in enumerate(case["stages"]) if resource.name in one.needs]
        began = run.started[0][..., held].ravel()
        ended = run.ended[0][..., held].ravel()
        known = np.isfinite(ended)
        moments = np.concatenate([ended[known], began[known]])
        change = np.concatenate([-np.ones(known.sum()), np.ones(known.sum())])
        order = np.lexsort((change, moments))
        assert np.cumsum(change[order]).max() <= resource.units


def test_work_begins_within_the_shift() -> None:
    site = Facility((Resource("operator", 1, kept=False, shift=Shift(("Mon", "Wed"), 8, 18)),))
    stages = [Stage("harvest", ("operator",))]
    arrivals = np.array([[0.5, 0.8, 4.0]])
    run = run_facility(site, stages, arrivals, np.full((1, 3, 1), 0.1))
    # Monday noon; Wednesday 8:00; the Monday after
    wanted = [0.5, 2 + 8 / 24, 7 + 8 / 24]
    np.testing.assert_allclose(run.started.ravel(), wanted, rtol=1e-14, atol=0)  # rounding


def test_who_is_made_again_goes_first_and_comes_back_whole() -> None:
    site = Facility((Resource("suite", 1),))
    stages = [Stage("make", ("suite",)), Stage("test")]
    arrivals, days = np.array([[0.0, 0.1, 0.2]]), np.tile([10.0, 1.0], (1, 3, 1))
    stops = np.array([[[1, -1], [-1, -1], [-1, -1]]])
    levels = np.array([[[1, 0], [1, 0], [1, 0]]])
    run = run_facility(site, stages, arrivals, days, stops=stops, levels=levels, restart_wait=2.0)
    # begins 0, 10; the first fails at 11, asks again at 13 and goes before the third
    np.testing.assert_array_equal(run.started[0, :, 0, 0], [0.0, 10.0, 30.0])
    assert run.started[0, 0, 1, 0] == 20.0
    assert run.released.all()
    np.testing.assert_array_equal(run.attempts, [[2, 1, 1]])


def test_a_lot_that_never_passes_has_no_duration() -> None:
    site = Facility((Resource("suite", 1),))
    run = run_facility(site, [Stage("make", ("suite",))], np.zeros((1, 1)), np.ones((1, 1, 1)),
                       stops=np.array([[[0, 0]]]))  # fmt: skip
    assert not run.released.any()
    assert np.isnan(run.duration).all()
    assert run.attempts[0, 0] == 2


def test_everything_wrong_with_lots_is_said_at_once() -> None:
    site = Facility((Resource("suite", 1),))
    with pytest.raises(InputError) as caught:
        run_facility(site, [Stage("make", ("room",))], np.array([[-1.0]]), np.array([[[np.nan]]]),
                     levels=np.array([[[99]]]), restart_stage=4)  # fmt: skip
    text = str(caught.value)
    for words in ("'room'", "-1", "durations", "levels", "restart_stage"):
        assert words in text


def test_a_facility_that_cannot_be_is_refused_as_a_whole() -> None:
    with pytest.raises(InputError) as caught:
        Facility(
            (Resource("suite", 0), Resource("suite", 1), Resource("x", 1, shift=Shift((), 9, 8)))
        )
    assert len(caught.value.problems) == 4


def test_orders_that_could_lock_are_refused() -> None:
    site = Facility((Resource("operator", 1), Resource("suite", 1)))
    stages = [Stage("a", ("suite",)), Stage("b", ("suite", "operator"))]
    with pytest.raises(InputError, match="wait for each other"):
        run_facility(site, stages, np.zeros((1, 1)), np.ones((1, 1, 2)))


def test_people_who_never_meet_are_refused() -> None:
    early, late = Shift(begins=6, ends=12), Shift(begins=13, ends=20)
    site = Facility((Resource("a", 1, shift=early), Resource("b", 1, shift=late)))
    with pytest.raises(InputError, match="never at work"):
        run_facility(site, [Stage("both", ("a", "b"))], np.zeros((1, 1)), np.ones((1, 1, 1)))


def test_no_lots_are_no_trouble() -> None:
    site = Facility((Resource("suite", 1),))
    run = run_facility(site, [Stage("make", ("suite",))], np.zeros((2, 0)), np.zeros((2, 0, 1)))
    assert isinstance(run, FacilityRun)
    assert run.wait.shape == (2, 0)
