"""Linear networks in which nothing is made or lost, against the matrix exponential."""

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
    Trajectories,
    simulate,
)

DAYS = np.array([[0.0, 0.5, 3.0, 20.0]])
NODES = 4
PAIRS = [(i, j) for i in range(NODES) for j in range(NODES) if i != j]
# Zero, or rates spread over six decades: stiff but honest.
RATES = st.lists(
    st.one_of(st.just(0.0), st.floats(-3.0, 3.0).map(lambda power: 10.0**power)),
    min_size=len(PAIRS),
    max_size=len(PAIRS),
)
AMOUNTS = st.lists(st.floats(1.0, 1e6), min_size=NODES, max_size=NODES)

NETWORK = Model.build(
    "closed network",
    [
        ReactionSet(
            "transfers",
            species=tuple(Species(f"x{i}", "1", absolute_tolerance=1e-9) for i in range(NODES)),
            parameters=tuple(ModelParameter(f"k{i}{j}", "1/day") for i, j in PAIRS),
            reactions=tuple(
                Reaction(f"t{i}{j}", f"k{i}{j} * x{i}", {f"x{i}": 1}, {f"x{j}": 1})
                for i, j in PAIRS
            ),
            observables=tuple(Observable(f"x{i}", f"x{i}", "1") for i in range(NODES)),
        )
    ],
)


def solve(rates: list[float], amounts: list[float]) -> Trajectories:
    one = np.array([0])
    return simulate(
        NETWORK,
        {f"k{i}{j}": np.array([rate]) for (i, j), rate in zip(PAIRS, rates, strict=True)},
        times=DAYS,
        doses=[Dose(f"x{i}", np.zeros(1), np.array([x])) for i, x in enumerate(amounts)],
        seed=1,
        draw=one,
        patient=one,
    )


@settings(max_examples=60)
@given(rates=RATES, amounts=AMOUNTS)
def test_mass_is_kept_and_nothing_is_negative(rates: list[float], amounts: list[float]) -> None:
    result = solve(rates, amounts)
    assert result.status[0] == Status.OK
    assert (result.values >= 0.0).all()
    # Transfers cancel exactly in exact arithmetic; a step may lose a part in the tolerance, 1e-6.
    np.testing.assert_allclose(result.values.sum(axis=2), sum(amounts), rtol=1e-5, atol=0)


@settings(max_examples=60)
@given(rates=RATES, amounts=AMOUNTS)
def test_agrees_with_the_matrix_exponential(rates: list[float], amounts: list[float]) -> None:
    generator = np.zeros((NODES, NODES))
    for (i, j), rate in zip(PAIRS, rates, strict=True):
        generator[j, i] += rate
        generator[i, i] -= rate
    expected = [expm(generator * day) @ amounts for day in DAYS[0]]
    found = solve(rates, amounts).values[0]
    # Errors of an accepted step at 1e-6 add up over hundreds of steps; amounts below 1e-6 of the
    # total are beside the point.
    np.testing.assert_allclose(found, expected, rtol=2e-4, atol=1e-6 * sum(amounts))


@settings(max_examples=20)
@given(rates=RATES, amounts=AMOUNTS, factor=st.floats(1.5, 1e3))
def test_linear_in_the_dose(rates: list[float], amounts: list[float], factor: float) -> None:
    once = solve(rates, amounts).values
    more = solve(rates, [factor * x for x in amounts]).values
    np.testing.assert_allclose(more, factor * once, rtol=2e-4, atol=1e-6 * factor * sum(amounts))
