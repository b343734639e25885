"""Patients that are done the moment they begin do not keep others from being solved."""

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
    simulate,
)

DECAY = ReactionSet(
    "decay",
    species=(Species("drug", "1", initial="start"),),
    parameters=(ModelParameter("start", "1"), ModelParameter("rate", "1/day")),
    reactions=(Reaction("loss", "rate*drug", {"drug": 1}),),
    observables=(Observable("drug", "drug", "1"),),
)


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize("last", [0.0, 5.0])
def test_more_patients_than_lanes_looked_at_once(engine: str, last: float) -> None:
    """The first fifty are looked at at the start only, the others on day ``last``."""
    count = 77
    who = np.arange(count)
    day = np.where(who < 50, 0.0, last)
    found = simulate(
        Model.build("decay", [DECAY]),
        {"start": 1.0 + who, "rate": np.full(count, 0.3)},
        times=day[:, np.newaxis],
        seed=1,
        draw=np.zeros(count, dtype=np.int64),
        patient=who,
        options=SolverOptions(engine=engine),
    )
    assert (found.status == Status.OK).all()
    expected = (1.0 + who) * np.exp(-0.3 * day)
    assert found.values[:, 0, 0] == pytest.approx(expected, rel=1e-4, abs=0.0)
