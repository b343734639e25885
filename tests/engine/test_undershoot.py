"""Solver error that looks like a negative amount is told from an amount that is negative.

A step that ends below zero by more than the tolerance is no answer. Whether the model or the solver
is to blame shows when it is followed again with smaller errors and the same random numbers.
"""

from typing import Any

import numpy as np
import pytest

from progenitor.engine import (
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    SolverOptions,
    Species,
    Status,
    Trajectories,
    _fast,
    simulate,
)

HALVES = 10.0 ** np.linspace(1.5, 2.5, 41)
HUNTED = ReactionSet(
    "hunted",
    species=(
        Species("prey", "cell", initial="1e9"),
        Species("hunters", "cell", initial="1e2"),
        Species("few", "cell", initial="300", countable=True),
    ),
    parameters=(
        ModelParameter("half", "cell"),
        ModelParameter("leak", "cell/day"),
        ModelParameter("rate", "1/day"),
    ),
    reactions=(
        Reaction("feeding", "5*rate*hunters*prey/(prey + half)", {"hunters": 1}, {"hunters": 2}),
        Reaction("hunting", "100*rate*hunters*prey/(prey + half)", {"prey": 1}),
        Reaction("starving", "2.5*rate*hunters", {"hunters": 1}),
        Reaction("leaking", "leak", {"prey": 1}),
        Reaction("counted_death", "0.1*rate*few", {"few": 1}),
    ),
    rules=(),
    events=(),
    observables=(
        Observable("prey", "prey", "cell"),
        Observable("hunters", "hunters", "cell"),
        Observable("few", "few", "cell"),
    ),
)
MODEL = Model.build("hunted", [HUNTED])


def hunted(leak: float = 0.0, **options: Any) -> Trajectories:
    """A thousand million prey eaten in an instant, in forty-one runs of random numbers each."""
    runs = HALVES.size
    return simulate(
        MODEL,
        {"half": HALVES, "leak": np.full(runs, leak), "rate": np.ones(runs)},
        times=np.tile([0.0, 1.0, 2.0, 10.0, 20.0], (runs, 1)),
        seed=1,
        draw=np.zeros(runs, int),
        patient=np.arange(runs),
        options=SolverOptions(**options),
    )


@pytest.fixture
def unrescued(monkeypatch: pytest.MonkeyPatch) -> Trajectories:
    """The same with nobody tried again."""
    with monkeypatch.context() as patch:
        patch.setattr(_fast, "_NEGATIVE", ())
        return hunted()


def test_those_who_undershoot_are_solved_and_the_others_are_left_alone(
    unrescued: Trajectories,
) -> None:
    lost = unrescued.status == Status.NEGATIVE
    assert 5 < lost.sum() < HALVES.size
    found = hunted()
    assert (found.status == Status.OK).all()
    assert found.values[~lost].tobytes() == unrescued.values[~lost].tobytes()
    exact = hunted(engine="reference", rtol=1e-10, countable_threshold=0.0, atol_scale=1e-3)
    for name in ("prey", "hunters"):
        away = np.abs(found.observable(name) - exact.observable(name))[lost]
        assert (away < 1e-4 * exact.observable(name)[lost] + 1.0).all()  # one cell is nothing


def test_chance_is_not_asked_again(unrescued: Trajectories) -> None:
    """Counted cells die by the same random numbers as when errors are small from the start."""
    lost = unrescued.status == Status.NEGATIVE
    careful = hunted(rtol=1e-8)
    few = hunted().observable("few")[lost]
    assert few.tobytes() == careful.observable("few")[lost].tobytes()
    assert len(np.unique(few[:, -1])) > 5


def test_what_is_really_negative_stays_so() -> None:
    """Prey leak away at a constant rate, whether there are any or not."""
    found = hunted(leak=1e7)
    assert (found.status == Status.NEGATIVE).all()
    assert np.isnan(found.values).all()
