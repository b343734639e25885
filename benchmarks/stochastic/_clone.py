r"""The clone test: a tumour clone under a CAR-T population, which may leave an escape clone.

Sensitive cells divide, die and are killed; a division may bring forth an escape cell, which is not
killed. The CAR-T population is deterministic: it grows until day 8 and fades afterwards, or is
constant where other tools take part that know no rates that change with time. The chance that both
clones are gone on the last day is known without simulation: from one cell that is alive at time t
it is q(t), with

.. math::

    -\frac{dq_s}{dt} &= \mu_s(t) + \lambda (1-u) q_s^2 + \lambda u\, q_s q_r
                        - (\lambda + \mu_s(t)) q_s \\
    -\frac{dq_r}{dt} &= \mu + \lambda q_r^2 - (\lambda + \mu) q_r, \qquad q_s = q_r = 0
    \text{ on the last day}

and from n cells it is q(0) to the power n.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from progenitor.engine import (
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)

__all__ = ["DAYS", "NUMBERS", "SIZES", "clone_model", "gone_by_then"]

DAYS: Final = 100.0
SIZES: Final = (1, 10, 100, 1_000, 10_000)
"""Cells of the clone at the start; as many patients have each."""
NUMBERS: Final[Mapping[str, float]] = {
    "birth": 0.15,
    "death": 0.05,
    "escape": 1e-4,
    "kill": 0.6,
    "half": 200.0,
    "expansion": 0.9,
    "peak": 8.0,
    "decay": 0.12,
    "constant_kill": 0.25,
}
_UNITS: Final[Mapping[str, str]] = {
    "start": "cell",
    "birth": "1/day",
    "death": "1/day",
    "escape": "1",
    "kill": "1/day",
    "half": "1",
    "expansion": "1/day",
    "peak": "day",
    "decay": "1/day",
    "constant_kill": "1/day",
}
_EFFECTOR: Final = "exp(expansion*min(time, peak) - decay*max(time - peak, 0))"


def clone_model(*, constant: bool) -> Model:
    """Build the clone test with a CAR-T population that comes and goes, or is constant."""
    killing = "constant_kill" if constant else f"kill*{_EFFECTOR}/({_EFFECTOR} + half)"
    part = ReactionSet(
        "clone",
        species=(
            Species("sensitive", "cell", initial="start", countable=True),
            Species("escaped", "cell", countable=True),
        ),
        parameters=tuple(ModelParameter(name, unit) for name, unit in _UNITS.items()),
        rules=(Rule("killing", killing, "1/day"),),
        reactions=(
            Reaction(
                "division", "birth*(1 - escape)*sensitive", {"sensitive": 1}, {"sensitive": 2.0}
            ),
            Reaction(
                "mutation", "birth*escape*sensitive", {"sensitive": 1},
                {"sensitive": 1.0, "escaped": 1.0},
            ),
            Reaction("death", "(death + killing)*sensitive", {"sensitive": 1}),
            Reaction("escaped_division", "birth*escaped", {"escaped": 1}, {"escaped": 2.0}),
            Reaction("escaped_death", "death*escaped", {"escaped": 1}),
        ),
        observables=(Observable("cells", "sensitive + escaped", "cell"),),
    )  # fmt: skip
    return Model.build("clone", [part])


def gone_by_then(*, constant: bool) -> np.ndarray:
    """Return the chance that no cell is left on the last day, for each size."""
    from scipy.integrate import solve_ivp

    v = NUMBERS

    def killing(t: float) -> float:
        if constant:
            return v["constant_kill"]
        cells = np.exp(v["expansion"] * min(t, v["peak"]) - v["decay"] * max(t - v["peak"], 0.0))
        return float(v["kill"] * cells / (cells + v["half"]))

    slopes = _backwards(killing)
    early = solve_ivp(slopes, (0.0, DAYS - v["peak"]), [0.0, 0.0], "LSODA", rtol=1e-11, atol=1e-14)
    span = (DAYS - v["peak"], DAYS)
    late = solve_ivp(slopes, span, early.y[:, -1], "LSODA", rtol=1e-11, atol=1e-14)
    answer: np.ndarray = late.y[0, -1] ** np.array(SIZES, dtype=float)
    return answer


def _backwards(killing: Callable[[float], float]) -> Callable[[float, np.ndarray], list[float]]:
    birth, death, escape = NUMBERS["birth"], NUMBERS["death"], NUMBERS["escape"]

    def slopes(left: float, chance: np.ndarray) -> list[float]:
        sensitive, escaped = chance
        lost = death + killing(DAYS - left)
        kept = birth * ((1 - escape) * sensitive + escape * escaped) * sensitive
        return [
            lost + kept - (birth + lost) * sensitive,
            death + birth * escaped**2 - (birth + death) * escaped,
        ]

    return slopes
