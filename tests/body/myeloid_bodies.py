"""Bodies given a myeloid product, with every number at its median unless a test says otherwise."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from progenitor.body import Body, assemble
from progenitor.cohort import sample_numbers
from progenitor.engine import Dose, SolverOptions, Trajectories, simulate
from progenitor.evidence import default_catalogue

CONTINUOUS = SolverOptions(countable_threshold=0.0)
"""No cell dies out by chance: what is compared with a closed form."""
PER_KILOGRAM = 75.0
"""Kilograms of the typical adult, for doses per kilogram."""


@cache
def body(name: str, alternative: tuple[str, str] | None = None) -> Body:
    """Assemble ``chassis/disease/host``, with a structural alternative in place of a mechanism."""
    chassis, disease, host = name.split("/")
    return assemble(
        default_catalogue(),
        chassis=chassis,
        disease=disease,
        host=host,
        alternatives=dict([alternative]) if alternative else None,
    )


def medians(found: Body) -> dict[str, float]:
    """Symbol → median used."""
    catalogue = default_catalogue()
    values = {}
    for symbol, address in found.symbols.items():
        used = catalogue.parameter(address).used
        assert used is not None
        values[symbol] = used.median
    return values


def run(
    found: Body,
    days: Sequence[float],
    doses: Mapping[str, float],
    *,
    options: SolverOptions = CONTINUOUS,
    **numbers: float,
) -> Trajectories:
    """One recipient at the medians, dosed on day 0; species → cells (or conditioning doses)."""
    values = {**medians(found), **found.switches, "bridging_stop_day": -5.0, **numbers}
    wanted = {parameter.name for parameter in found.model.parameters}
    one = np.zeros(1, dtype=int)
    return simulate(
        found.model,
        {name: np.array([value]) for name, value in values.items() if name in wanted},
        times=np.array([list(days)], dtype=float),
        doses=[Dose(name, np.zeros(1), np.array([amount])) for name, amount in doses.items()],
        seed=1,
        draw=one,
        patient=one,
        options=options,
    )


def patients(
    found: Body,
    days: Sequence[float],
    doses: Mapping[str, float],
    count: int,
    seed: int,
    **inputs: float,
) -> Trajectories:
    """Sampled recipients, each from a parameter draw of its own, all dosed on day 0."""
    rows, one = np.arange(count), np.ones(count)
    numbers = sample_numbers(
        default_catalogue(), found.parameter_ids, seed=seed, draw=rows, patient=rows
    )
    values = {symbol: numbers[address] for symbol, address in found.symbols.items()}
    supplied = {"bridging_stop_day": -5.0, **found.switches, **inputs}
    return simulate(
        found.model,
        {**values, **{name: supplied[name] * one for name in found.inputs}},
        times=np.tile(np.array(days, dtype=float), (count, 1)),
        doses=[Dose(name, 0.0 * one, amount * one) for name, amount in doses.items()],
        seed=seed,
        draw=rows,
        patient=rows,
    )


def course(trajectories: Trajectories, name: str) -> np.ndarray:
    """One observable of the one recipient, (time,)."""
    return trajectories.observable(name)[0]
