"""A model may have another unit of time than the day, or none at all."""

import numpy as np
import pytest

from progenitor.engine import (
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    SolverOptions,
    Species,
    simulate,
)
from progenitor.errors import ModelError

PLAIN = ReactionSet(
    "plain",
    species=(Species("x", "1", initial="1"), Species("n", "1")),
    parameters=(ModelParameter("k", "1"),),
    reactions=(Reaction("growth", "k*x + 0*time", {}, {"x": 1}),),
    events=(Event("tick", "time > 2", {"n": "n + time"}, delay="k"),),
    observables=(Observable("x", "x", "1"), Observable("n", "n", "1")),
)
DAILY = ReactionSet(
    "daily",
    species=(Species("x", "cell", initial="start"), Species("y", "cell")),
    parameters=(ModelParameter("rate", "1/day"), ModelParameter("start", "cell")),
    reactions=(Reaction("change", "rate*x", {"x": 1}, {"y": 2.0}),),
    events=(Event("end", "x < start/2", {"x": "0"}, delay="1/rate"),),
    observables=(Observable("both", "x + y", "cell"),),
)
DAILY_HASH = "383affa66c3a48b8d0f4277be61c754f8137954a0fab971917237f2466185831"
"""As the first release computed it: results kept under it stay valid."""


def test_old_models_keep_their_hash() -> None:
    assert Model.build("daily", [DAILY]).content_hash == DAILY_HASH
    assert Model.build("daily", [DAILY], time_unit="day").content_hash == DAILY_HASH


def test_the_unit_of_time_is_hashed() -> None:
    with_rate = ReactionSet("p", species=(Species("x", "1"),))
    hashes = {Model.build("m", [with_rate], time_unit=u).content_hash for u in ("1", "day", "hour")}
    assert len(hashes) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"priority": "1"},
        {"persistent": False},
        {"values_from_trigger": True},
        {"fires_at_start": True},
    ],
)
def test_how_an_event_acts_is_hashed(change: dict[str, object]) -> None:
    def built(event: Event) -> str:
        part = ReactionSet("p", species=(Species("x", "1"),), events=(event,))
        return Model.build("m", [part]).content_hash

    plain = Event("e", "x > 1", {"x": "0"})
    changed = Event("e", "x > 1", {"x": "0"}, **change)  # type: ignore[arg-type]
    assert built(plain) != built(changed)


def test_a_model_without_units_is_solved_in_its_own_time() -> None:
    model = Model.build("plain", [PLAIN], time_unit="1")
    assert model.time_unit == "1"
    found = simulate(
        model,
        {"k": np.array([0.5])},
        times=np.array([[0.0, 4.0]]),
        seed=1,
        draw=np.array([0]),
        patient=np.array([0]),
        options=SolverOptions(rtol=1e-9),
    )
    assert found.observable("x")[0, 1] == pytest.approx(np.exp(2.0), rel=1e-5)
    assert found.observable("n")[0, 1] == pytest.approx(2.5, rel=1e-9)


def test_units_follow_the_unit_of_time() -> None:
    with pytest.raises(ModelError) as told:
        Model.build("plain", [PLAIN])
    assert "reaction 'growth'" in str(told.value)
    hourly = ReactionSet(
        "hourly",
        species=(Species("x", "cell"),),
        parameters=(ModelParameter("k", "1/hour"),),
        reactions=(Reaction("loss", "k*x", {"x": 1}),),
    )
    assert Model.build("h", [hourly], time_unit="hour").time_unit == "hour"
    with pytest.raises(ModelError, match="the rate 'k\\*x' that changes 'x'"):
        Model.build("h", [hourly])


@pytest.mark.parametrize(
    ("unit", "told"), [("cell", "which is not a time"), ("dya", "unknown unit 'dya'")]
)
def test_a_unit_that_is_no_time_is_refused(unit: str, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        Model.build("m", [ReactionSet("p", species=(Species("x", "1"),))], time_unit=unit)


def test_a_priority_with_a_unit_is_refused() -> None:
    part = ReactionSet(
        "p", species=(Species("x", "cell"),), events=(Event("e", "x > 1", priority="x"),)
    )
    with pytest.raises(ModelError, match="event 'e', priority: 'x' has unit cell"):
        Model.build("m", [part])


def test_a_long_step_is_looked_into_a_bounded_number_of_times() -> None:
    """A billion units of time with nothing to do take no billion looks."""
    part = ReactionSet(
        "still",
        species=(Species("x", "1", initial="1"),),
        parameters=(ModelParameter("k", "1"),),
        reactions=(Reaction("loss", "k*x", {"x": 1}),),
        events=(Event("never", "x > 2"),),
        observables=(Observable("x", "x", "1"),),
    )
    one = np.array([0])
    found = simulate(
        Model.build("still", [part], time_unit="1"),
        {"k": np.array([1e-9])},
        times=np.array([[0.0, 1e9]]),
        seed=1,
        draw=one,
        patient=one,
        options=SolverOptions(deadline=10.0),
    )
    assert found.observable("x")[0, 1] == pytest.approx(np.exp(-1), rel=1e-4)
