"""Bodies with a solid tumour, with every number at its median unless a test says otherwise."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from progenitor.body import Body, assemble
from progenitor.cohort import sample_numbers
from progenitor.engine import Dose, SolverOptions, Trajectories, simulate
from progenitor.evidence import default_catalogue

CONTINUOUS = SolverOptions(countable_threshold=0.0)
"""No cell dies out by chance: what is compared with a closed form."""
HUMAN = "hsc_t/pd_l1_solid/human_adult"
MOUSE = "hsc_t/pd_l1_xenograft/immunocompetent_mouse"
GRAFT = "hsc_graft_t/pd_l1_solid/human_adult"
CONDITIONING = (-5.0, -4.0, -3.0)


@cache
def body(name: str, **alternatives: str) -> Body:
    """Assemble ``chassis/disease/host``, with structural alternatives in place of mechanisms."""
    chassis, disease, host = name.split("/")
    return assemble(
        default_catalogue(), chassis=chassis, disease=disease, host=host, alternatives=alternatives
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
    given: Mapping[str, float | Mapping[float, float]],
    *,
    conditioning: Sequence[float] = (),
    options: SolverOptions = CONTINUOUS,
    **numbers: float,
) -> Trajectories:
    """One subject at the medians; species → amount on day 0, or day → amount."""
    values = {**medians(found), **found.switches, **numbers}
    unknown = set(numbers) - {parameter.name for parameter in found.model.parameters}
    assert not unknown, f"no such number: {unknown}"
    doses = [
        Dose(name, np.array([day]), np.array([amount]))
        for name, when in given.items()
        for day, amount in (when.items() if isinstance(when, Mapping) else ((0.0, when),))
    ]
    doses += [Dose("lymphodepletion", np.array([day]), np.ones(1)) for day in conditioning]
    start = min([days[0], *conditioning])
    times = [start, *days] if start < days[0] else list(days)
    one = np.zeros(1, dtype=int)
    return simulate(
        found.model,
        {name: np.array([value]) for name, value in values.items()},
        times=np.array([times], dtype=float),
        doses=doses,
        seed=1,
        draw=one,
        patient=one,
        options=options,
    )


def course(trajectories: Trajectories, name: str) -> np.ndarray:
    """One observable of the one subject, (time,)."""
    return trajectories.observable(name)[0]


def population(
    found: Body,
    days: Sequence[float],
    given: Mapping[str, Mapping[float, float]],
    *,
    conditioning: Sequence[float] = (),
    patients: int = 200,
    seed: int = 1,
) -> Trajectories:
    """Patients, each from a parameter draw of its own; cells are given per kilogram."""
    who = np.arange(patients)
    weight = found.numbers.get("host/body_weight", "host/body_weight")
    ids = tuple(sorted({*found.parameter_ids, weight}))
    numbers = sample_numbers(default_catalogue(), ids, seed=seed, draw=who, patient=who)
    values = {symbol: numbers[address] for symbol, address in found.symbols.items()}
    values |= {name: np.full(patients, value) for name, value in found.switches.items()}
    doses = [
        Dose(name, np.full(patients, day), amount * scale)
        for name, when in given.items()
        for scale in [numbers[weight] if name.endswith("_infused") else np.ones(patients)]
        for day, amount in when.items()
    ]
    doses += [
        Dose("lymphodepletion", np.full(patients, day), np.ones(patients)) for day in conditioning
    ]
    start = min([days[0], *conditioning])
    times = [start, *days] if start < days[0] else list(days)
    return simulate(
        found.model,
        values,
        times=np.tile(np.array(times, dtype=float), (patients, 1)),
        doses=doses,
        seed=seed,
        draw=who,
        patient=who,
        options=CONTINUOUS,
    )
