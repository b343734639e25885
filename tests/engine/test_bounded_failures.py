"""A patient that cannot be solved ends in time, with a type, empty, and harms nobody beside it."""

import time
from dataclasses import fields

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
    Status,
    Trajectories,
    simulate,
)

WELL, EXPLODING, CHATTERING, UNDEFINED, STORMY, DRAINED, ENDLESS = range(7)
LIMITED = {Status.STEP_LIMIT, Status.NONFINITE}
EXPECTED = {
    WELL: {Status.OK},
    EXPLODING: LIMITED,
    CHATTERING: {Status.STEP_LIMIT, Status.DEADLINE},
    UNDEFINED: LIMITED | {Status.DEADLINE},
    STORMY: {Status.EVENT_STORM},
    DRAINED: {Status.NEGATIVE},
    ENDLESS: {Status.DEADLINE, Status.STEP_LIMIT},
}
RATES = {
    WELL: "y",
    EXPLODING: "y*y",
    CHATTERING: "1000*piecewise(-1, y > 0, 1)",
    UNDEFINED: "(1 + log(1.2 - y)*1e-3)",
    STORMY: "y",
    DRAINED: "y",
    ENDLESS: "y",
}


def chosen(fate: int = WELL) -> str:
    """The rate of the fate a patient has."""
    if fate == ENDLESS:
        return RATES[fate]
    return f"piecewise({RATES[fate]}, fate < {fate + 0.5}, {chosen(fate + 1)})"


MODEL = Model.build(
    "fates",
    [
        ReactionSet(
            "fates",
            species=(
                Species("y", "1", initial="0.5", nonnegative=False),
                Species("stock", "1", initial="0.5"),
                Species("u", "1", initial="1", nonnegative=False),
                Species("v", "1", nonnegative=False),
            ),
            parameters=(
                ModelParameter("k", "1/day"),
                ModelParameter("w", "1/day"),
                ModelParameter("fate", "1"),
            ),
            reactions=(
                Reaction("change", f"k*{chosen()}", {}, {"y": 1}),
                Reaction(
                    "drain",
                    f"k*piecewise(1, fate > {DRAINED - 0.5} and fate < {DRAINED + 0.5}, 0)",
                    {"stock": 1},
                ),
                Reaction("swing", "w*v", {}, {"u": 1}),
                Reaction("swing_back", "w*u", {"v": 1}),
            ),
            events=(
                Event(
                    "storm",
                    f"y > 0.8 and fate > {STORMY - 0.5} and fate < {STORMY + 0.5}",
                    {"y": "0.799999"},
                    once=False,
                ),
                Event("seen", "y > 0.7"),
            ),
            observables=(Observable("y", "y", "1"), Observable("u", "u", "1")),
        )
    ],
)
DAYS = np.linspace(0.0, 8.0, 9)
RATE = 0.3


def run(fates: list[int], options: SolverOptions) -> Trajectories:
    count = len(fates)
    return simulate(
        MODEL,
        {
            "k": np.full(count, RATE),
            "w": np.where(np.array(fates) == ENDLESS, 1e9, 1.0),
            "fate": np.array(fates, dtype=float),
        },
        times=np.tile(DAYS, (count, 1)),
        seed=1,
        draw=np.zeros(count, int),
        patient=np.zeros(count, int),
        options=options,
    )


def options(
    precision: str, *, deadline: float, chunk: int = 256, threads: int = 1
) -> SolverOptions:
    return SolverOptions(
        rtol=1e-6, max_steps=10**9, deadline=deadline, precision=precision, chunk=chunk,
        threads=threads,
    )  # fmt: skip


both = pytest.mark.parametrize("precision", ["double", "single"])


@both
def test_each_fate_has_its_type_and_the_well_are_untouched(precision: str) -> None:
    """Well patients stand between the others in one block of lanes: bit for bit as when alone."""
    fates = [WELL, EXPLODING, WELL, UNDEFINED, STORMY, WELL, DRAINED, CHATTERING, WELL, WELL]
    found = run(fates, options(precision, deadline=0.5))
    for row, fate in enumerate(fates):
        assert Status(int(found.status[row])) in EXPECTED[fate], fate
    well = np.array(fates) == WELL
    assert np.isnan(found.values[~well]).all()
    assert np.isnan(found.event_times[~well]).all()
    assert np.isnan(found.stopped_at[~well]).all()
    alone = run([WELL], options(precision, deadline=60.0))
    for item in fields(found):
        values = getattr(found, item.name)
        if isinstance(values, np.ndarray):
            expected = np.broadcast_to(getattr(alone, item.name), values[well].shape)
            assert values[well].tobytes() == np.ascontiguousarray(expected).tobytes(), item.name
    relative = 1e-4 if precision == "double" else 1e-3
    exact = 0.5 * np.exp(RATE * DAYS)
    assert (np.abs(found.observable("y")[well] / exact - 1) < relative).all()
    assert np.abs(found.observable("u")[well] - np.cos(DAYS)).max() < relative


@both
@pytest.mark.parametrize(("chunk", "threads"), [(256, 1), (4, 2)])
def test_an_endless_patient_ends_at_the_deadline(precision: str, chunk: int, threads: int) -> None:
    """A thousand million turns a day: years of computing; given up within a second more."""
    run([WELL], options(precision, deadline=60.0))  # compiled before the watch starts
    fates = [ENDLESS, WELL, ENDLESS, ENDLESS, WELL, ENDLESS, WELL, ENDLESS]
    start = time.perf_counter()
    found = run(fates, options(precision, deadline=0.5, chunk=chunk, threads=threads))
    assert time.perf_counter() - start < 1.5
    endless = np.array(fates) == ENDLESS
    assert (found.status[endless] == Status.DEADLINE).all()
    assert np.isnan(found.values[endless]).all()
    assert (found.status[~endless] == Status.OK).all()
    assert found.failures == {Status.DEADLINE: int(endless.sum())}


@both
@pytest.mark.parametrize("fate", [EXPLODING, CHATTERING, UNDEFINED, STORMY, DRAINED])
def test_every_failure_comes_within_the_deadline(precision: str, fate: int) -> None:
    run([WELL], options(precision, deadline=60.0))
    start = time.perf_counter()
    found = run([fate], options(precision, deadline=0.5))
    assert time.perf_counter() - start < 1.5
    assert Status(int(found.status[0])) in EXPECTED[fate]


def test_a_limit_on_steps_is_a_limit() -> None:
    found = run([ENDLESS, WELL], SolverOptions(max_steps=2_000, deadline=20.0))
    assert found.status.tolist() == [Status.STEP_LIMIT, Status.OK]
    assert 2_000 < found.steps[0] <= 2 * 2_000 + 2
