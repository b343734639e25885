"""Random closed networks: nothing is made, lost or negative, and the course is exp(At)."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from progenitor.engine import (
    Dose,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Species,
    Status,
    simulate,
)

NAMES = "abcde"
DAYS = np.array([0.0, 0.1, 1.0, 10.0, 100.0, 735.0])
PAIRS = [(a, b) for a in range(len(NAMES)) for b in range(len(NAMES)) if a != b]
MODEL = Model.build(
    "network",
    [
        ReactionSet(
            "network",
            species=tuple(Species(name, "cell", absolute_tolerance=1e-3) for name in NAMES),
            parameters=tuple(ModelParameter(f"k{NAMES[a]}{NAMES[b]}", "1/day") for a, b in PAIRS),
            reactions=tuple(
                Reaction(
                    f"{NAMES[a]}_to_{NAMES[b]}",
                    f"k{NAMES[a]}{NAMES[b]}*{NAMES[a]}",
                    {NAMES[a]: 1},
                    {NAMES[b]: 1.0},
                )
                for a, b in PAIRS
            ),
            observables=(
                *(Observable(name, name, "cell") for name in NAMES),
                Observable("total", " + ".join(NAMES), "cell"),
            ),
        )
    ],
)

exponents = st.lists(st.floats(-4, 2), min_size=len(PAIRS), max_size=len(PAIRS))
present = st.lists(st.booleans(), min_size=len(PAIRS), max_size=len(PAIRS))


@settings(max_examples=40)
@given(exponents, present, st.floats(2, 12))
def test_closed_networks_follow_the_matrix_exponential(
    powers: list[float], there: list[bool], size: float
) -> None:
    rates = np.where(there, 10.0 ** np.array(powers), 0.0)
    start = np.array([10.0**size, 0.0, 0.0, 10.0 ** (size / 2), 0.0])
    found = simulate(
        MODEL,
        {
            f"k{NAMES[a]}{NAMES[b]}": np.array([rate])
            for (a, b), rate in zip(PAIRS, rates, strict=True)
        },
        times=DAYS[None],
        doses=[
            Dose(name, np.zeros(1), np.array([amount]))
            for name, amount in zip(NAMES, start, strict=True)
        ],
        seed=1,
        draw=np.zeros(1, int),
        patient=np.zeros(1, int),
    )
    matrix = np.zeros((len(NAMES), len(NAMES)))
    for (a, b), rate in zip(PAIRS, rates, strict=True):
        matrix[b, a] += rate
        matrix[a, a] -= rate
    expected = np.array([expm(matrix * day) @ start for day in DAYS])
    values = found.values[0]
    assert found.status[0] == Status.OK
    assert (values >= 0).all()
    # 1e-3 of a value; ten absolute tolerances, or 1e-9 of the whole, where one is nearly empty.
    scale = np.abs(expected) + 1e-6 * start.sum() + 10.0
    assert (np.abs(values[:, :-1] - expected) / scale).max() < 1e-3
    assert (np.abs(values[:, -1] / start.sum() - 1) < 1e-5).all()
