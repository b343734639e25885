"""Donors for the lots of these tests."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from progenitor.cohort import sample_numbers
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.manufacture import Batch, Recipe, load_recipe, manufacture

SEED = 20261121
Numbers = Mapping[str, np.ndarray]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return default_catalogue()


@pytest.fixture(scope="session", params=["conventional_car_t", "tscm_car_t"])
def recipe(request: pytest.FixtureRequest, catalogue: Catalogue) -> Recipe:
    return load_recipe(catalogue, request.param)


@pytest.fixture(scope="session")
def donors(catalogue: Catalogue) -> Callable[..., Numbers]:
    """Numbers of donors 0, 1, 2, …; ``typical`` makes every donor the median one of draw 0."""

    def sample(recipe: Recipe, lot: np.ndarray, *, typical: bool = False) -> Numbers:
        draw = np.zeros_like(lot)
        ids = recipe.parameter_ids
        return sample_numbers(catalogue, ids, seed=SEED, draw=draw, patient=lot, typical=typical)

    return sample


@pytest.fixture(scope="session")
def median(catalogue: Catalogue) -> Callable[..., dict[str, np.ndarray]]:
    """Every number at the median of its record, for a number of lots."""

    def numbers(recipe: Recipe, lots: int) -> dict[str, np.ndarray]:
        records = {name: catalogue.parameter(name).used for name in recipe.parameter_ids}
        return {name: np.full(lots, used.median) for name, used in records.items() if used}

    return numbers


@pytest.fixture(scope="session")
def made() -> Callable[[Recipe, Numbers], Batch]:
    """Lots 0, 1, 2, … from numbers."""

    def make(recipe: Recipe, numbers: Numbers, seed: int = SEED) -> Batch:
        lot = np.arange(len(next(iter(numbers.values()))))
        return manufacture(recipe, numbers, seed=seed, draw=np.zeros_like(lot), lot=lot)

    return make
