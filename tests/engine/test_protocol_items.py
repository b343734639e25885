"""Changes of parameters, resets and ragged outputs against closed forms, in both engines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from progenitor.engine import (
    Change,
    Dose,
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Reset,
    SolverOptions,
    Species,
    Status,
    Trajectories,
    accuracy,
    simulate,
)

Items = Sequence[Dose | Change | Reset]

DRUG = ReactionSet(
    "drug",
    species=(Species("drug", "1", initial="start"),),
    parameters=(ModelParameter("start", "1"), ModelParameter("loss", "1/day")),
    reactions=(Reaction("loss", "loss*drug", {"drug": 1}),),
    observables=(Observable("drug", "drug", "1"), Observable("loss_rate", "loss", "1/day")),
)
FINE = SolverOptions(rtol=1e-9, atol_scale=1e-4)

Run = Callable[..., Trajectories]


@pytest.fixture(params=["fast", "reference"])
def run(request: pytest.FixtureRequest) -> Run:
    def solved(
        part: ReactionSet,
        parameters: Mapping[str, Sequence[float]],
        times: Sequence[Sequence[float]],
        doses: Items,
        options: SolverOptions = FINE,
    ) -> Trajectories:
        rows = len(times)
        return simulate(
            Model.build(part.name, [part]),
            {name: np.array(values, dtype=float) for name, values in parameters.items()},
            times=np.array(times, dtype=float),
            doses=doses,
            seed=1,
            draw=np.zeros(rows, int),
            patient=np.arange(rows),
            options=replace(options, engine=request.param),
        )

    return solved


def at(*days: float) -> np.ndarray:
    return np.array(days)


def close(found: np.ndarray, expected: np.ndarray, rtol: float = 1e-6) -> None:
    # 1e-9 absolute: values here are of order 1, and tolerances are four orders finer than 1e-6.
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-9)


def test_a_changed_rate_holds_until_the_next_change(run: Run) -> None:
    changes = [
        Change("loss", at(1.0, np.nan), at(2.0, 0.0)),
        Change("loss", at(3.0, 2.0), at(0.0, 0.25)),
    ]
    days = [0.0, 0.5, 1.0, 2.0, 3.0, 10.0]
    found = run(DRUG, {"start": [5.0, 5.0], "loss": [0.5, 0.5]}, [days, days], changes)
    time = np.array(days)
    lost = 0.5 * np.minimum(time, 1) + 2 * np.clip(time - 1, 0, 2)
    close(found.observable("drug")[0], 5 * np.exp(-lost))
    slower = 0.5 * np.minimum(time, 2) + 0.25 * np.maximum(time - 2, 0)
    close(found.observable("drug")[1], 5 * np.exp(-slower))
    assert found.observable("loss_rate")[0].tolist() == [0.5, 0.5, 2.0, 2.0, 0.0, 0.0]


def test_a_change_of_a_parameter_is_not_a_change_of_what_has_begun(run: Run) -> None:
    changes = [Change("start", at(1.0), at(100.0))]
    found = run(DRUG, {"start": [5.0], "loss": [0.0]}, [[0.0, 2.0]], changes)
    assert found.observable("drug")[0].tolist() == [5.0, 5.0]


def test_a_reset_starts_from_initial_values_of_that_moment(run: Run) -> None:
    items: Items = [
        Change("start", at(1.0), at(100.0)),
        Reset(at(2.0)),
        Reset(at(4.0)),
    ]
    days = [0.0, 2.0, 3.0, 4.0, 5.0]
    found = run(DRUG, {"start": [5.0], "loss": [0.5]}, [days], items)
    close(
        found.observable("drug")[0], np.array([5, 100, 100 * np.exp(-0.5), 100, 100 * np.exp(-0.5)])
    )


@pytest.mark.parametrize("reset_first", [True, False])
def test_items_of_one_time_act_in_their_order(run: Run, *, reset_first: bool) -> None:
    dose, reset = Dose("drug", at(1.0), at(7.0)), Reset(at(1.0))
    items: Items = [reset, dose] if reset_first else [dose, reset]
    found = run(DRUG, {"start": [5.0], "loss": [0.0]}, [[1.0]], items)
    assert found.observable("drug")[0, 0] == (12.0 if reset_first else 5.0)


def test_a_reset_ends_infusions_but_not_later_doses(run: Run) -> None:
    items: Items = [
        Dose("drug", at(0.0), at(8.0), at(4.0), additional=1, interval=5.0),
        Reset(at(1.0)),
    ]
    days = [1.0, 3.0, 5.0, 6.0, 9.0, 12.0]
    found = run(DRUG, {"start": [0.0], "loss": [0.3]}, [days], items)
    since = np.array(days) - 5.0
    during = 2 / 0.3 * (1 - np.exp(-0.3 * np.clip(since, 0, 4)))
    close(found.observable("drug")[0], during * np.exp(-0.3 * np.maximum(since - 4, 0)))


def test_overlapping_infusions_add_up_and_end(run: Run) -> None:
    amounts = (0.1, 0.2, 0.3)
    items = [Dose("drug", at(0.5 * k), at(a), at(1.0 + k)) for k, a in enumerate(amounts)]
    found = run(DRUG, {"start": [0.0], "loss": [0.0]}, [[10.0, 100.0]], items)
    close(found.observable("drug")[0], np.array([0.6, 0.6]), rtol=1e-12)


WATCHED = ReactionSet(
    "watched",
    species=(Species("drug", "1", initial="5"), Species("count", "1")),
    parameters=(
        ModelParameter("limit", "1"),
        ModelParameter("until", "day"),
        ModelParameter("speed", "1/day"),
    ),
    reactions=(Reaction("gain", "piecewise(speed, time <= until, 0)", {}, {"drug": 1}),),
    events=(Event("over", "drug > limit", {"count": "count + 1"}, once=False),),
    observables=(Observable("drug", "drug", "1"), Observable("count", "count", "1")),
)


def test_a_change_can_fire_an_event_and_arm_it_again(run: Run) -> None:
    changes = [Change("limit", at(k), at(v)) for k, v in [(1.0, 4.0), (2.0, 9.0), (3.0, 1.0)]]
    start = {"limit": [9.0], "until": [0.0], "speed": [0.0]}
    found = run(WATCHED, start, [[0.0, 1.0, 2.0, 3.0, 4.0]], changes)
    assert found.observable("count")[0].tolist() == [0, 1, 1, 2, 2]
    assert found.event_time("over").tolist() == [1.0]


def test_a_reset_can_arm_and_fire_an_event(run: Run) -> None:
    start = {"limit": [4.0], "until": [0.0], "speed": [0.0]}
    items: Items = [
        Change("limit", at(1.0), at(6.0)),
        Reset(at(2.0)),
        Change("limit", at(3.0), at(4.5)),
    ]
    found = run(WATCHED, start, [[0.0, 1.0, 2.0, 3.0]], items)
    # True from the start, so it has not become true; it does when the limit falls again.
    assert found.observable("count")[0].tolist() == [0, 0, 0, 1]


def test_a_switch_with_time_moves_with_its_parameter(run: Run) -> None:
    start = {"limit": [1e9], "until": [2.0], "speed": [1.0]}
    changes = [Change("until", at(1.0), at(50.0)), Change("until", at(40.0), at(41.5))]
    found = run(WATCHED, start, [[1.0, 2.0, 30.0, 41.0, 60.0]], changes)
    close(found.observable("drug")[0], 5 + np.array([1.0, 2.0, 30.0, 41.0, 41.5]), rtol=1e-9)


def test_a_reset_before_everything_begins_there(run: Run) -> None:
    found = run(DRUG, {"start": [5.0], "loss": [1.0]}, [[0.0]], [Reset(at(-2.0))])
    close(found.observable("drug")[0], 5 * np.exp(np.array([-2.0])))


def test_ragged_times_give_each_patient_what_it_would_get_alone(run: Run) -> None:
    nan = np.nan
    times = [[0.0, 1.0, 2.0, 3.0], [0.5, 4.0, nan, nan], [7.0, nan, nan, nan]]
    parameters = {"start": [1.0, 2.0, 3.0], "loss": [0.1, 0.2, 0.3]}
    together = run(DRUG, parameters, times, [])
    assert (together.status == Status.OK).all()
    assert np.isnan(together.times).tolist() == np.isnan(times).tolist()
    for row in range(3):
        own = [day for day in times[row] if not np.isnan(day)]
        alone = run(DRUG, {k: [v[row]] for k, v in parameters.items()}, [own], [])
        assert (together.values[row, : len(own)] == alone.values[0]).all()
        assert np.isnan(together.values[row, len(own) :]).all()


def test_the_accuracy_check_follows_every_item() -> None:
    nan = np.nan
    rows = np.arange(3)
    found = accuracy(
        Model.build("drug", [DRUG]),
        {"start": np.full(3, 5.0), "loss": np.full(3, 0.5)},
        times=np.array([[1.0, 2.0], [3.0, nan], [0.0, 9.0]]),
        doses=[Change("loss", at(1.0, nan, 2.0), at(1.0, 0.0, 0.1)), Reset(at(nan, 2.0, 1.0))],
        seed=1,
        draw=np.zeros(3, int),
        patient=rows,
        fraction=1.0,
    )
    assert found.rows.tolist() == [0, 1, 2]
    assert found.largest < 1e-4


COUNTED = ReactionSet(
    "counted",
    species=(Species("cells", "1", initial="start", countable=True),),
    parameters=(ModelParameter("start", "1"), ModelParameter("death", "1/day")),
    reactions=(Reaction("death", "death*cells", {"cells": 1}),),
    observables=(Observable("cells", "cells", "1"),),
)


def test_few_individuals_follow_changes_and_resets(run: Run) -> None:
    rows = 40
    found = run(
        COUNTED,
        {"start": [20.0] * rows, "death": [0.0] * rows},
        [[0.0, 3.0, 40.0, 41.0]] * rows,
        [Change("death", np.full(rows, 4.0), np.full(rows, 2.0)), Reset(np.full(rows, 41.0))],
        SolverOptions(),
    )
    # Nobody dies before the change; a chance of 20·e⁻⁷² that anybody is left long after it.
    assert (found.observable("cells") == [20.0, 20.0, 0.0, 20.0]).all()
