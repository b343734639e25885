r"""A tumour clone that is killed and may leave an escape clone: hybrid, exact and analytic agree.

The chance that both are gone on the last day solves the backward equations of a branching process
of two types (Athreya, Ney. Branching Processes. Springer 1972, chapter V.7),

.. math::

    -q_s' = \mu_s(t) + \lambda (1-u) q_s^2 + \lambda u\, q_s q_r - (\lambda + \mu_s(t)) q_s,
    \qquad -q_r' = \mu + \lambda q_r^2 - (\lambda + \mu) q_r,

with q = 0 on the last day. With |z| < 4.9 a correct engine raises a false alarm with probability
1e-6 per comparison when the seed is changed.
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from progenitor.engine import (
    Dose,
    Model,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
    Status,
    Trajectories,
    simulate,
    simulate_exact,
)

DAYS = 60.0
BIRTH, DEATH, ESCAPE = 0.2, 0.06, 3e-4
SIZES = np.array([3.0, 50.0, 800.0])
RUNS = 700
Z = 4.9


def killing(t: float) -> float:
    return 0.9 * np.exp(-(((t - 12.0) / 8.0) ** 2))


def clones() -> Model:
    part = ReactionSet(
        "clones",
        species=(
            Species("sensitive", "1", initial="0", countable=True),
            Species("escaped", "1", countable=True),
        ),
        rules=(Rule("killing", "0.9*exp(-((time - 12)/8)**2)", "1"),),
        reactions=(
            Reaction(
                "division", f"{BIRTH * (1 - ESCAPE)}*sensitive", {"sensitive": 1},
                {"sensitive": 2.0},
            ),
            Reaction(
                "mutation", f"{BIRTH * ESCAPE}*sensitive", {"sensitive": 1},
                {"sensitive": 1.0, "escaped": 1.0},
            ),
            Reaction("death", f"({DEATH} + killing)*sensitive", {"sensitive": 1}),
            Reaction("more", f"{BIRTH}*escaped", {"escaped": 1}, {"escaped": 2.0}),
            Reaction("less", f"{DEATH}*escaped", {"escaped": 1}),
        ),
        observables=(Observable("cells", "sensitive + escaped", "1"),),
    )  # fmt: skip
    return Model.build("clones", [part], time_unit="1")


def chances() -> np.ndarray:
    def slopes(left: float, chance: np.ndarray) -> list[float]:
        one, other = chance
        lost = DEATH + killing(DAYS - left)
        kept = BIRTH * ((1 - ESCAPE) * one + ESCAPE * other) * one
        return [
            lost + kept - (BIRTH + lost) * one,
            DEATH + BIRTH * other**2 - (BIRTH + DEATH) * other,
        ]

    solved = solve_ivp(slopes, (0, DAYS), [0.0, 0.0], "DOP853", rtol=1e-11, atol=1e-13)
    answer: np.ndarray = solved.y[0, -1] ** SIZES
    return answer


@pytest.mark.parametrize("engine", [simulate, simulate_exact])
def test_both_clones_die_out_as_often_as_they_should(
    engine: Callable[..., Trajectories],
) -> None:
    """700 runs of each of three sizes, seed 9."""
    rows = np.arange(RUNS * SIZES.size)
    found = engine(
        clones(),
        {},
        times=np.tile([0.0, DAYS], (rows.size, 1)),
        doses=[Dose("sensitive", np.zeros(rows.size), SIZES[rows % SIZES.size])],
        seed=9,
        draw=0 * rows,
        patient=rows,
    )
    assert (found.status == Status.OK).all()
    cells = found.observable("cells")[:, 1].reshape(RUNS, SIZES.size)
    expected = chances()
    assert 0.02 < expected[-1] < expected[1] < 0.99
    spread = np.sqrt(expected * (1 - expected) / RUNS)
    assert (np.abs((cells == 0).mean(axis=0) - expected) < Z * spread).all()
