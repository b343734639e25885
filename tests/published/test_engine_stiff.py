"""Two stiff problems of the literature against their published reference solutions.

ROBER and HIRES with the reference values of Mazzia & Magherini, Test Set for Initial Value Problem
Solvers, release 2.4 (2008), parts II-10 and II-1; time is read as days.
"""

import numpy as np

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

ROBER = np.array([0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050])
HIRES = np.array(
    [
        0.7371312573325668e-3,
        0.1442485726316185e-3,
        0.5888729740967575e-4,
        0.1175651343283149e-2,
        0.2386356198831331e-2,
        0.6238968252742796e-2,
        0.2849998395185769e-2,
        0.2850001604814231e-2,
    ]
)

TURNS = [
    ("y1", ["y2"], "light"),
    ("y2", ["y1"], "dark"),
    ("y2", ["y4"], "decay"),
    ("y3", ["y1"], "decay"),
    ("y3", ["y4"], "light"),
    ("y4", ["y3"], "dark"),
    ("y4", ["y6"], "free"),
    ("y5", ["y3"], "slow"),
    ("y5", ["y6"], "light"),
    ("y6", ["y5"], "dark"),
    ("y7", ["y5", "y8"], "dark"),
    ("y7", ["y6", "y8"], "free"),
    ("y7", ["y8"], "free"),
]


def last_values(part: ReactionSet, rates: dict[str, float], end: float, rtol: float) -> np.ndarray:
    found = simulate(
        Model.build(part.name, [part]),
        {name: np.array([rate]) for name, rate in rates.items()},
        times=np.array([[0.0, end]]),
        seed=1,
        draw=np.array([0]),
        patient=np.array([0]),
        options=SolverOptions(rtol=rtol),
    )
    assert found.status[0] == Status.OK
    return found.values[0, -1]


def test_robertson_over_eleven_decades() -> None:
    rates = {"slow": 0.04, "fast": 3e7, "middle": 1e4}
    part = ReactionSet(
        "rober",
        species=tuple(
            Species(name, "1", initial=start, absolute_tolerance=1e-18)
            for name, start in (("a", "1"), ("b", "0"), ("c", "0"))
        ),
        parameters=tuple(ModelParameter(name, "1/day") for name in rates),
        reactions=(
            Reaction("first", "slow*a", {"a": 1}, {"b": 1.0}),
            Reaction("second", "fast*b**2", {"b": 2}, {"b": 1.0, "c": 1.0}),
            Reaction("third", "middle*b*c", {"b": 1, "c": 1}, {"a": 1.0, "c": 1.0}),
        ),
        observables=tuple(Observable(name, name, "1") for name in "abc"),
    )
    found = last_values(part, rates, 1e11, 1e-8)
    assert (np.abs(found / ROBER - 1) < 1e-4).all()


def test_high_irradiance_response() -> None:
    rates = {"light": 1.71, "dark": 0.43, "decay": 8.32, "slow": 0.035, "complex": 280.0}
    rates |= {"free": 0.69, "source": 0.0007}
    species = [f"y{i}" for i in range(1, 9)]
    part = ReactionSet(
        "hires",
        species=tuple(
            Species(
                name,
                "1",
                initial={"y1": "1", "y8": "0.0057"}.get(name, "0"),
                absolute_tolerance=1e-12,
            )
            for name in species
        ),
        parameters=tuple(ModelParameter(name, "1/day") for name in rates),
        reactions=(
            Reaction("source", "source", {}, {"y1": 1.0}),
            *(
                Reaction(f"{a}_{i}", f"{rate}*{a}", {a: 1}, dict.fromkeys(made, 1.0))
                for i, (a, made, rate) in enumerate(TURNS)
            ),
            Reaction("binding", "complex*y6*y8", {"y6": 1, "y8": 1}, {"y7": 1.0}),
        ),
        observables=tuple(Observable(name, name, "1") for name in species),
    )
    found = last_values(part, rates, 321.8122, 1e-8)
    assert (np.abs(found / HIRES - 1) < 1e-4).all()
