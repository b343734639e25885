"""Other tools on the clone test with a constant CAR-T population, each in its fastest form.

rebop compiles nothing and takes laws of mass action as numbers; GillesPy2 writes and compiles C++
for a model, which is not counted. It needs a C++ compiler and SCons.
"""

import importlib.util
import os
import sys
import time
from collections.abc import Callable
from typing import Final

import numpy as np

from benchmarks.stochastic._clone import DAYS, NUMBERS, SIZES

__all__ = ["PEERS", "missing_peers"]

_SEED: Final = 1


def missing_peers() -> list[str]:
    """Name the peers that are not installed."""
    modules = {"rebop": ["rebop"], "GillesPy2": ["gillespy2", "SCons"]}
    return [
        name
        for name, needed in modules.items()
        if any(importlib.util.find_spec(module) is None for module in needed)
    ]


def _rates() -> dict[str, float]:
    v = NUMBERS
    return {
        "division": v["birth"] * (1 - v["escape"]),
        "mutation": v["birth"] * v["escape"],
        "death": v["death"] + v["constant_kill"],
        "escaped_division": v["birth"],
        "escaped_death": v["death"],
    }


def run_rebop(runs: int) -> tuple[float, np.ndarray]:
    """Return seconds, and how many of each size's runs end without a cell."""
    import rebop

    rates, tool = _rates(), rebop.Gillespie()
    tool.add_reaction(rates["division"], ["S"], ["S", "S"])
    tool.add_reaction(rates["mutation"], ["S"], ["S", "R"])
    tool.add_reaction(rates["death"], ["S"], [])
    tool.add_reaction(rates["escaped_division"], ["R"], ["R", "R"])
    tool.add_reaction(rates["escaped_death"], ["R"], [])
    gone = np.zeros(len(SIZES), int)
    begin = time.perf_counter()
    for place, size in enumerate(SIZES):
        for run in range(runs):
            found = tool.run({"S": size, "R": 0}, DAYS, 1, rng=_SEED + runs * place + run)
            gone[place] += int(found["S"][-1]) + int(found["R"][-1]) == 0
    return time.perf_counter() - begin, gone


def run_gillespy2(runs: int) -> tuple[float, np.ndarray]:
    """Return seconds, and how many of each size's runs end without a cell."""
    import gillespy2

    # It starts SCons with the interpreter a virtual environment was made from.
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    rates = _rates()
    model = gillespy2.Model(name="clone")
    one, other = (gillespy2.Species(name=n, initial_value=1, mode="discrete") for n in "SR")
    other.initial_value = 0
    model.add_species([one, other])
    model.add_parameter([gillespy2.Parameter(name=n, expression=str(r)) for n, r in rates.items()])
    turnovers = {
        "division": ({one: 1}, {one: 2}),
        "mutation": ({one: 1}, {one: 1, other: 1}),
        "death": ({one: 1}, {}),
        "escaped_division": ({other: 1}, {other: 2}),
        "escaped_death": ({other: 1}, {}),
    }
    for name, (used, made) in turnovers.items():
        model.add_reaction(
            gillespy2.Reaction(name=f"r_{name}", reactants=used, products=made, rate=name)
        )
    model.timespan(gillespy2.TimeSpan.linspace(t=DAYS, num_points=2))
    solver = gillespy2.SSACSolver(model, variable=True)
    asked = {"number_of_trajectories": runs, "seed": _SEED}
    solver.run(number_of_trajectories=1, seed=_SEED, variables={"S": 1})
    gone = np.zeros(len(SIZES), int)
    begin = time.perf_counter()
    for place, size in enumerate(SIZES):
        found = solver.run(**asked, variables={"S": size})
        gone[place] = sum(int(run["S"][-1]) + int(run["R"][-1]) == 0 for run in found)
    return time.perf_counter() - begin, gone


PEERS: Final[dict[str, Callable[[int], tuple[float, np.ndarray]]]] = {
    "rebop": run_rebop,
    "GillesPy2": run_gillespy2,
}
