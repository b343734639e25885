"""Bodies with chronic granulomatous disease: who they are, what is given on which day."""

from collections.abc import Mapping, Sequence

import numpy as np
from myeloid_bodies import CONTINUOUS, body, medians

from progenitor.body import Body, assemble
from progenitor.cohort import sample_numbers
from progenitor.engine import Dose, SolverOptions, Trajectories, simulate
from progenitor.evidence import default_catalogue

PATIENT = body("corrected_hsc/cgd/human_adult")
MOUSE = body("corrected_hsc/cgd_mouse/cgd_mouse")
SATURABLE = body(
    "corrected_hsc/cgd_mouse/cgd_mouse", ("bacterial_infection", "bacterial_infection_saturable")
)
GRAFT_OF_MICE = (("lymphodepletion", -1.0, 1.0), ("corrected_infused", 0.0, 1e6))
"""500 cGy, then a million cells: the dose the seeding share was solved for."""
BUSULFAN = tuple(("lymphodepletion", day, 1.0) for day in (-5.0, -4.0, -3.0, -2.0))
GRAFT_OF_PATIENTS = (*BUSULFAN, ("corrected_infused", 0.0, 7.5e8))

Given = Sequence[tuple[str, float, float]]


def gmp_mouse(**alternatives: str) -> Body:
    """A mouse given GMP, with structural alternatives."""
    return assemble(
        default_catalogue(),
        chassis="gmp",
        disease="cgd_mouse",
        host="cgd_mouse",
        alternatives=alternatives,
    )


def follow(
    found: Body,
    days: Sequence[float],
    given: Given = (),
    *,
    options: SolverOptions = CONTINUOUS,
    **numbers: float,
) -> Trajectories:
    """One subject at the medians; what is given is (species, day, amount)."""
    values = {**medians(found), **found.switches, **numbers}
    one = np.zeros(1, dtype=int)
    return simulate(
        found.model,
        {
            parameter.name: np.array([values[parameter.name]])
            for parameter in found.model.parameters
        },
        times=np.array([list(days)], dtype=float),
        doses=[Dose(name, np.array([day]), np.array([amount])) for name, day, amount in given],
        seed=1,
        draw=one,
        patient=one,
        options=options,
    )


def litter(count: int, seed: int = 7, **numbers: float) -> dict[str, np.ndarray]:
    """Mice of one strain: they differ as their records say, around numbers at their medians."""
    return spread(MOUSE, count, seed) | {
        name: np.full(count, value) for name, value in numbers.items()
    }


def spread(found: Body, count: int, seed: int) -> dict[str, np.ndarray]:
    """Symbol → values that differ between subjects alone, not by what we do not know."""
    catalogue, rows = default_catalogue(), np.arange(count)
    world = np.zeros(count, dtype=int)
    each, typical = (
        sample_numbers(
            catalogue, found.parameter_ids, seed=seed, draw=world, patient=rows, typical=same
        )
        for same in (False, True)
    )
    values = {}
    for symbol, address in found.symbols.items():
        used = catalogue.parameter(address).used
        assert used is not None
        values[symbol] = used.median * each[address] / typical[address]
    return values | {name: np.full(count, value) for name, value in found.switches.items()}


def follow_all(
    found: Body,
    values: Mapping[str, np.ndarray],
    days: Sequence[float],
    given: Given,
    seed: int = 7,
) -> Trajectories:
    """Many subjects given the same; few bacteria are counted one by one."""
    count = len(next(iter(values.values())))
    rows, world = np.arange(count), np.zeros(count, dtype=int)
    return simulate(
        found.model,
        {parameter.name: values[parameter.name] for parameter in found.model.parameters},
        times=np.tile(np.array(days, dtype=float), (count, 1)),
        doses=[
            Dose(name, np.full(count, day), np.full(count, amount)) for name, day, amount in given
        ],
        seed=seed,
        draw=world,
        patient=rows,
    )
