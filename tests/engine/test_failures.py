"""Whatever goes wrong in a patient ends in time, with a status, and as NaN."""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from progenitor.engine import (
    Dose,
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

Solve = Callable[..., Trajectories]
DAYS = np.linspace(0, 10, 11)


def part(
    rate: str,
    *,
    start: str = "0.5",
    nonnegative: bool = True,
    events: Sequence[Event] = (),
    loss: bool = False,
) -> ReactionSet:
    change: Mapping[str, Mapping[str, int]] = (
        {"reactants": {"y": 1}} if loss else {"products": {"y": 1}}
    )
    return ReactionSet(
        "failing",
        species=(Species("y", "1", initial=start, nonnegative=nonnegative),),
        parameters=(ModelParameter("k", "1/day"),),
        reactions=(Reaction("change", rate, **change),),
        events=tuple(events),
        observables=(Observable("y", "y", "1"),),
    )


LIMITED = (Status.STEP_LIMIT, Status.NONFINITE)
CASES = {
    "explosion in finite time": (part("k*y*y", start="1"), LIMITED),
    "chattering sign switch": (
        part("k*piecewise(-1, y > 0, 1)", nonnegative=False),
        (Status.STEP_LIMIT,),
    ),
    "undefined rate": (part("k*log(y - 1)"), (Status.NONFINITE,)),
    "rate undefined later": (part("k*(1 + sqrt(y - 0.25))", loss=True, start="1"), LIMITED),
    "infinite rate": (part("k/(y - 0.5)"), (Status.NONFINITE,)),
    "overflow": (part("k*exp(1000*y)", start="1"), LIMITED),
    "pole": (part("k*y/(y - 0.25)", loss=True), LIMITED),
    "loss that does not vanish": (part("k", loss=True), (Status.NEGATIVE,)),
    "event that sets itself off": (
        part("k*y", events=[Event("e", "y > 1", {"y": "0.999999"}, once=False)]),
        (Status.EVENT_STORM,),
    ),
    "events that set each other off": (
        part(
            "0*k*y",
            start="0",
            events=[
                Event("rise", "y < 1 and time > 1/k", {"y": "2"}, once=False),
                Event("fall", "y > 1", {"y": "0.5"}, once=False),
            ],
        ),
        (Status.EVENT_STORM,),
    ),
    "assignment below zero": (
        part("k*y", events=[Event("e", "y > 1", {"y": "-1"})]),
        (Status.NEGATIVE,),
    ),
    "assignment of nothing": (
        part("k*y", events=[Event("e", "y > 1", {"y": "log(0*y)*0"})]),
        (Status.NONFINITE,),
    ),
    "infinite start": (part("k*y", start="1/0"), (Status.NONFINITE,)),
    "negative start": (part("k*y", start="-1"), (Status.NEGATIVE,)),
}


@pytest.mark.parametrize("case", CASES)
def test_every_failure_is_typed_bounded_and_empty(solve: Solve, case: str) -> None:
    failing, expected = CASES[case]
    start = time.perf_counter()
    found = solve(failing, DAYS, {"k": 1.0}, options=SolverOptions(max_steps=20_000))
    assert Status(int(found.status[0])) in expected
    assert np.isnan(found.values).all()
    assert np.isnan(found.event_times).all()
    assert found.failures == {Status(int(found.status[0])): 1}
    assert time.perf_counter() - start < 20


def test_the_deadline_is_kept(solve: Solve) -> None:
    options = SolverOptions(deadline=0.2, max_steps=10**9)
    failing, _ = CASES["chattering sign switch"]
    start = time.perf_counter()
    found = solve(failing, DAYS, {"k": 1.0}, options=options)
    assert found.status[0] == Status.DEADLINE
    assert time.perf_counter() - start < 1.2


def test_a_failure_stays_with_its_patient() -> None:
    failing, _ = CASES["explosion in finite time"]
    found = simulate(
        Model.build("m", [failing]),
        {"k": np.array([0.01, 1.0, 0.02])},
        times=np.tile(DAYS, (3, 1)),
        seed=1,
        draw=np.zeros(3, int),
        patient=np.arange(3),
        options=SolverOptions(max_steps=5_000),
    )
    assert (found.status != Status.OK).tolist() == [False, True, False]
    expected = 1 / (1 - np.array([[0.01], [0.02]]) * DAYS)
    assert (np.abs(found.observable("y")[[0, 2]] / expected - 1) < 1e-4).all()


def test_undershoot_is_read_as_zero_and_counted() -> None:
    """A whole population removed within a minute undershoots; nothing negative is ever shown."""
    model = Model.build("m", [part("1000*k*y", loss=True, start="1e10")])
    found = simulate(
        model,
        {"k": np.array([1.0])},
        times=np.linspace(0, 735, 736)[None],
        doses=[Dose("y", np.array([100.0]), np.array([1e9]), additional=50, interval=7.0)],
        seed=1,
        draw=np.array([0]),
        patient=np.array([0]),
    )
    assert found.status[0] == Status.OK
    assert (found.observable("y") >= 0).all()
    assert found.clipped[0] >= 0


def test_growth_from_nothing_stays_nothing(solve: Solve) -> None:
    """Solver noise around zero must not become a population."""
    noisy = ReactionSet(
        "noisy",
        species=(
            Species("prey", "1", initial="1"),
            Species("drug", "1", initial="1e6"),
        ),
        parameters=(ModelParameter("k", "1/day"),),
        reactions=(
            Reaction("growth", "k*prey", {"prey": 1}, {"prey": 2.0}),
            Reaction("kill", "k*prey*drug", {"prey": 1}),
        ),
        events=(Event("cleared", "prey < 1e-3", {"prey": "0"}),),
        observables=(Observable("prey", "prey", "1"),),
    )
    found = solve(noisy, np.linspace(0, 700, 8), {"k": 1.0})
    assert found.status[0] == Status.OK
    assert (found.observable("prey")[0, 1:] == 0).all()


def test_every_status_says_what_to_try() -> None:
    assert all(len(status.remedy) > 10 for status in Status)
    assert len({status.remedy for status in Status}) == len(Status)
