"""Whatever runs beside a patient, in whatever order, chunk and thread: the same bits."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache

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
    Rule,
    SolverOptions,
    Species,
    Status,
    Trajectories,
    simulate,
    stream,
)

COUNT = 70
EVERYONE = np.arange(COUNT)


def treated(*, countable: bool) -> ReactionSet:
    """A tumour under a repeated drug; relapse brings rescue later, a large tumour ends it."""
    return ReactionSet(
        "treated",
        species=(
            Species("tumour", "cell", initial="start", countable=countable),
            Species("escaped", "cell", countable=countable),
            Species("drug", "1"),
            Species("signal", "1", nonnegative=False),
        ),
        parameters=(
            ModelParameter("start", "cell"),
            ModelParameter("rate", "1/day"),
            ModelParameter("kill", "1/day"),
            ModelParameter("steepness", "1"),
            ModelParameter("spring", "day"),
        ),
        rules=(
            Rule("effect", "kill*hill(drug, 0.5, steepness)", "1/day"),
            Rule("season", "piecewise(1.5, time > spring and time <= 1.1*spring, 1)", "1"),
        ),
        reactions=(
            Reaction("growth", "rate*season*tumour", {"tumour": 1}, {"tumour": 2.0}),
            Reaction("killing", "effect*tumour", {"tumour": 1}),
            Reaction("escape", "rate*tumour/1000", {"tumour": 1}, {"escaped": 1.0}),
            Reaction("growth_escaped", "rate*escaped", {"escaped": 1}, {"escaped": 2.0}),
            Reaction("death_escaped", "rate*escaped/2", {"escaped": 1}),
            Reaction("loss", "rate*drug", {"drug": 1}),
            Reaction("swing", "rate*sin(signal + drug)", {}, {"signal": 1.0}),
        ),
        events=(
            Event("relapse", "escaped > start/10", {"drug": "drug + 1"}, "3", once=False),
            Event("calm", "signal > 2 and drug < 0.1", {"signal": "-1"}, priority="drug + 1"),
            Event("too_many", "tumour + escaped > 300*start", stop=True),
        ),
        observables=(
            Observable("cells", "tumour + escaped", "cell"),
            Observable("drug", "drug", "1"),
            Observable("signal", "signal**2", "1"),
        ),
    )


MODELS: Mapping[str, Model] = {
    "deterministic": Model.build("treated", [treated(countable=False)]),
    "countable": Model.build("treated", [treated(countable=True)]),
}


@cache
def cohort() -> Mapping[str, np.ndarray]:
    generator = stream(1, "cohort", draw=0, patient=0)
    return {
        "start": 10 ** generator.uniform(2.5, 5, COUNT),
        "rate": generator.uniform(0.02, 0.25, COUNT),
        "kill": generator.uniform(0.1, 1.5, COUNT),
        "steepness": generator.uniform(0.8, 3, COUNT),
        "spring": generator.uniform(10, 60, COUNT),
        "first": generator.uniform(0, 6, COUNT),
        "asked": generator.integers(5, 40, COUNT),
    }


def run(
    name: str, rows: np.ndarray = EVERYONE, *, precision: str, chunk: int = 256, threads: int = 1
) -> Trajectories:
    patients = {key: values[rows] for key, values in cohort().items()}
    times = np.linspace(0, 120, 40) * (1 + 0.01 * rows[:, None])
    times[np.arange(40) >= patients["asked"][:, None]] = np.nan
    first, some = patients["first"], np.where(rows % 3 == 0, np.nan, 40.0)
    return simulate(
        MODELS[name],
        patients,
        times=times,
        doses=[
            Dose("drug", first, 0.5 + first, np.where(rows % 2, 2.0, np.nan), 2, 20.0),
            Change("kill", some, patients["kill"] / 2),
            Reset(np.where(rows % 7 == 0, 80.0, np.nan)),
        ],
        seed=7,
        draw=rows // 4,
        patient=rows % 4 + 100,
        options=SolverOptions(
            rtol=1e-6 if precision == "double" else 1e-5,
            precision=precision,
            chunk=chunk,
            threads=threads,
        ),
    )


@cache
def whole(name: str, precision: str) -> Trajectories:
    return run(name, precision=precision)


def differing(one: Trajectories, other: Trajectories, rows: np.ndarray = EVERYONE) -> list[str]:
    """Fields of the first that are not bit for bit those of some rows of the other."""
    found = []
    for item in fields(one):
        mine, theirs = getattr(one, item.name), getattr(other, item.name)
        if isinstance(mine, np.ndarray):
            if mine.tobytes() != np.ascontiguousarray(theirs[rows]).tobytes():
                found.append(item.name)
        elif mine != theirs:
            found.append(item.name)
    return found


both = pytest.mark.parametrize("precision", ["double", "single"])
each = pytest.mark.parametrize("name", MODELS)


@both
@each
def test_the_cohort_has_every_kind_of_history(name: str, precision: str) -> None:
    """The comparisons below would mean little if nothing ever happened."""
    found = whole(name, precision)
    assert (found.status == Status.OK).all()
    assert found.steps.max() < 1_000
    assert (np.isfinite(found.event_times).sum(axis=0) > 5).all()
    assert (np.isnan(found.event_times).sum(axis=0) > 5).all()
    assert 5 < np.isfinite(found.stopped_at).sum() < COUNT - 5


@both
@each
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("chunk", [1, 17, 64, 333])
def test_chunks_and_threads_change_no_bit(
    name: str, precision: str, chunk: int, threads: int
) -> None:
    found = run(name, precision=precision, chunk=chunk, threads=threads)
    assert differing(found, whole(name, precision)) == []


ORDERS = {
    "reversed": EVERYONE[::-1].copy(),
    "shuffled": stream(3, "order", draw=0, patient=0).permutation(COUNT),
    "some": np.array([3, 60, 0, 41]),
    "twice": np.array([5, 5, 9, 9, 5]),
}


@both
@each
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("threads", [1, 2])
def test_order_and_company_change_no_bit(
    name: str, precision: str, order: str, threads: int
) -> None:
    rows = ORDERS[order]
    found = run(name, rows, precision=precision, chunk=17, threads=threads)
    assert differing(found, whole(name, precision), rows) == []


@both
@each
def test_a_patient_alone_has_the_same_bits(name: str, precision: str) -> None:
    for row in range(0, COUNT, 5):
        rows = np.array([row])
        assert differing(run(name, rows, precision=precision), whole(name, precision), rows) == []
