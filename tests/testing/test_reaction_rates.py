"""Rates read through the probe, against the same rates worked out by hand."""

import numpy as np

from progenitor.engine import (
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.testing import reaction_rates

PREDATION = ReactionSet(
    "predation",
    species=(
        Species("prey", "cell", initial="1", countable=True),
        Species("signal", "pg/mL"),
    ),
    parameters=(
        ModelParameter("kill_rate", "1/day"),
        ModelParameter("release", "pg/mL/(cell*day)"),
        ModelParameter("threshold", "pg/mL"),
    ),
    rules=(Rule("hungry", "piecewise(1, signal > threshold, 0)", "1"),),
    reactions=(
        Reaction("kill", "kill_rate * hungry * prey", {"prey": 1}),
        Reaction("alarm", "release * prey", products={"signal": 1}),
    ),
    events=(Event("late", "signal > threshold", {"prey": "0"}),),
    observables=(Observable("prey_left", "prey", "cell"),),
)


def test_rates_are_those_of_the_expressions() -> None:
    model = Model.build("predation", [PREDATION])
    states = {"prey": np.array([10.0, 10.0, 0.0, 0.5]), "signal": np.array([1.0, 3.0, 3.0, 3.0])}
    given = {"kill_rate": np.full(4, 0.5), "release": np.full(4, 2.0)}
    given["threshold"] = np.full(4, 2.0)
    rates = reaction_rates(model, given, states)
    assert rates["kill"].tolist() == [0.0, 5.0, 0.0, 0.25]
    assert rates["alarm"].tolist() == [20.0, 20.0, 0.0, 1.0]
