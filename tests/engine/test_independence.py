"""A patient's result depends on nothing but the patient: bit for bit."""

from dataclasses import fields

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
    Species,
    Trajectories,
    simulate,
)

PART = ReactionSet(
    "mixed",
    species=(
        Species("tumour", "cell", initial="start", countable=True),
        Species("escaped", "cell", countable=True),
        Species("drug", "1"),
    ),
    parameters=(
        ModelParameter("start", "cell"),
        ModelParameter("rate", "1/day"),
        ModelParameter("kill", "1/day"),
    ),
    reactions=(
        Reaction("growth", "rate*tumour", {"tumour": 1}, {"tumour": 2.0}),
        Reaction("killing", "kill*drug*tumour", {"tumour": 1}),
        Reaction("escape", "rate*tumour/1000", {"tumour": 1}, {"escaped": 1.0}),
        Reaction("growth_escaped", "rate*escaped", {"escaped": 1}, {"escaped": 2.0}),
        Reaction("death_escaped", "rate*escaped/2", {"escaped": 1}),
        Reaction("loss", "rate*drug", {"drug": 1}),
    ),
    events=(
        Event("relapse", "escaped > start", {"drug": "drug + 1"}, delay="3", once=False),
        Event("cure", "tumour + escaped <= 0", stop=True),
    ),
    observables=(Observable("tumour", "tumour", "cell"), Observable("escaped", "escaped", "cell")),
)
COUNT = 12
RATE = np.linspace(0.05, 0.3, COUNT)
DRAW = np.arange(COUNT) // 4
PATIENT = np.arange(COUNT) % 4 + 100


def run(rows: np.ndarray, *, seed: int = 5) -> Trajectories:
    days = np.linspace(0, 120, 25) * (1 + 0.01 * np.arange(COUNT)[:, None])
    return simulate(
        Model.build("mixed", [PART]),
        {
            "start": np.full(len(rows), 3e4),
            "rate": RATE[rows],
            "kill": np.full(len(rows), 0.5),
        },
        times=days[rows],
        doses=[Dose("drug", DRAW[rows] * 2.0, 0.3 + 2 * RATE[rows], additional=2, interval=20.0)],
        seed=seed,
        draw=DRAW[rows],
        patient=PATIENT[rows],
    )


def same(one: Trajectories, other: Trajectories) -> bool:
    return all(
        np.array_equal(getattr(one, item.name), getattr(other, item.name), equal_nan=True)
        if isinstance(getattr(one, item.name), np.ndarray)
        and getattr(one, item.name).dtype.kind == "f"
        else np.array_equal(getattr(one, item.name), getattr(other, item.name))
        for item in fields(one)
    )


def picked(whole: Trajectories, rows: np.ndarray) -> Trajectories:
    chosen = {
        item.name: getattr(whole, item.name)[rows]
        if isinstance(getattr(whole, item.name), np.ndarray)
        else getattr(whole, item.name)
        for item in fields(whole)
    }
    return Trajectories(**chosen)


@pytest.mark.parametrize(
    "rows",
    [np.arange(COUNT)[::-1], np.array([7]), np.array([3, 11, 0]), np.array([5, 5])],
    ids=["reversed", "alone", "some", "twice"],
)
def test_company_and_order_change_nothing(rows: np.ndarray) -> None:
    assert same(run(rows), picked(run(np.arange(COUNT)), rows))


def test_the_seed_changes_only_what_is_random() -> None:
    one, other = run(np.arange(COUNT)), run(np.arange(COUNT), seed=6)
    assert not np.array_equal(one.values, other.values, equal_nan=True)
    assert np.array_equal(one.values[:, 0], other.values[:, 0])


def test_patients_and_draws_have_numbers_of_their_own() -> None:
    rows = np.zeros(4, int)
    found = simulate(
        Model.build("mixed", [PART]),
        {"start": np.full(4, 500.0), "rate": RATE[rows], "kill": np.full(4, 0.5)},
        times=np.tile([0.0, 5.0, 10.0], (4, 1)),
        seed=1,
        draw=np.array([0, 0, 1, 0]),
        patient=np.array([0, 1, 0, 0]),
    )
    numbers = found.observable("tumour")[:, 2]
    assert numbers[0] == numbers[3]
    assert len({*numbers[:3].tolist()}) == 3
