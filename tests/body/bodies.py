"""The DLBCL body with every number at its median, for tests that vary one thing at a time."""

from functools import cache

import numpy as np

from progenitor.body import Body, assemble
from progenitor.engine import Dose, Trajectories, simulate
from progenitor.evidence import default_catalogue
from progenitor.product import PHENOTYPES

INFUSION = 33.0
CONVENTIONAL = (0.04, 0.29, 0.56, 0.11)


@cache
def body() -> Body:
    return assemble(
        default_catalogue(), chassis="conventional_car_t", disease="dlbcl", host="human_adult"
    )


def medians() -> dict[str, float]:
    """Symbol → median used."""
    catalogue = default_catalogue()
    found = {}
    for symbol, address in body().symbols.items():
        used = catalogue.parameter(address).used
        assert used is not None
        found[symbol] = used.median
    return found


def run(
    days: list[float],
    *,
    cells: float = 1.5e8,
    composition: tuple[float, ...] = CONVENTIONAL,
    conditioning: bool = True,
    **numbers: float,
) -> Trajectories:
    """One patient at the medians, observed on ``days`` after infusion (enrolment is day −33)."""
    values = {**medians(), **numbers}
    parameters = {name: np.array([value]) for name, value in values.items()}
    parameters |= {
        "bridging_stop_day": np.array([INFUSION - 5]),
        "vector_copies_per_car_cell": np.array([5.0]),
    }
    doses = [
        Dose(f"{phenotype}_infused", np.array([INFUSION]), np.array([cells * share]))
        for phenotype, share in zip(PHENOTYPES, composition, strict=True)
    ]
    if conditioning:
        doses += [
            Dose("lymphodepletion", np.array([INFUSION + day]), np.ones(1)) for day in (-5, -4, -3)
        ]
    one = np.zeros(1, dtype=int)
    return simulate(
        body().model,
        parameters,
        times=np.array([days]) + INFUSION,
        doses=doses,
        seed=1,
        draw=one,
        patient=one,
    )


def level(trajectories: Trajectories, name: str) -> np.ndarray:
    return trajectories.observable(name)[0]
