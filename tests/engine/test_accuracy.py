"""The reported error is the error made."""

import numpy as np

from progenitor.engine import (
    Accuracy,
    Dose,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    SolverOptions,
    Species,
    accuracy,
)

PART = ReactionSet(
    "logistic",
    species=(Species("x", "1", initial="1"),),
    parameters=(ModelParameter("rate", "1/day"), ModelParameter("capacity", "1")),
    reactions=(Reaction("growth", "rate*x*(1 - x/capacity)", {"x": 1}, {"x": 2.0}),),
    observables=(Observable("twice", "2*x", "1"), Observable("constant", "capacity", "1")),
)
COUNT = 40
RATE = np.linspace(0.1, 0.5, COUNT)
DAYS = np.linspace(0, 30, 31)


def check(fraction: float, options: SolverOptions, rows: slice = slice(None)) -> Accuracy:
    count = len(RATE[rows])
    return accuracy(
        Model.build("m", [PART]),
        {"rate": RATE[rows], "capacity": np.full(count, 1e4)},
        times=np.tile(DAYS, (count, 1)),
        doses=[Dose("x", np.full(count, -1.0), np.zeros(count))],
        seed=3,
        draw=np.zeros(count, int),
        patient=np.arange(COUNT)[rows],
        options=options,
        fraction=fraction,
    )


def test_the_error_is_that_against_the_closed_form() -> None:
    options = SolverOptions(rtol=1e-4)
    found = check(1.0, options)
    assert found.rows.tolist() == list(range(COUNT))
    assert found.worst == "twice"
    assert 1e-6 < found.largest < 1e-2
    finer = check(1.0, SolverOptions(rtol=1e-7))
    assert finer.largest < found.largest / 10
    assert found.failed == 0


def test_a_share_of_the_patients_is_checked_whoever_else_is_there() -> None:
    whole = check(0.3, SolverOptions())
    assert 0 < len(whole.rows) < COUNT
    half = check(0.3, SolverOptions(), slice(20, None))
    assert {*(half.rows + 20)} == {row for row in whole.rows if row >= 20}


def test_at_least_one_patient_is_checked() -> None:
    assert len(check(0.0, SolverOptions()).rows) == 1


def test_failures_are_counted_not_hidden() -> None:
    found = check(1.0, SolverOptions(max_steps=40))
    assert found.failed > 0
    assert np.isnan(found.errors).sum() == found.failed
