"""The one patient who received T cells with a receptor against PD-L1 (Liu 2020, NCT03330834).

Verification: 1e6 cells/kg in three parts (10, 30, 60 %) after fludarabine and cyclophosphamide;
CAR-T cells 3.3 % of blood T cells on day 29, stable disease, severe lung injury with interleukin-6
more than a hundredfold on day 43. One patient is no rate: what we ask is whether he is one of ours.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "body"))

from solid_bodies import HUMAN, body, population

from progenitor.engine import Trajectories
from progenitor.evidence import default_catalogue

PARTS = {0.0: 0.1, 3.0: 0.3, 7.0: 0.6}
CONVENTIONAL = {"tscm": 0.04, "tcm": 0.29, "teff": 0.56, "tex": 0.11}
DAYS = tuple(float(day) for day in (0, 3, 7, 10, 14, 21, 29, 43, 60, 90))


def published(name: str) -> float:
    return default_catalogue().parameter(f"observed/{name}").reported[0].value


@cache
def patients() -> Trajectories:
    given = {
        f"{phenotype}_infused": {day: 1e6 * share * part for day, part in PARTS.items()}
        for phenotype, share in CONVENTIONAL.items()
    }
    return population(
        body(HUMAN), DAYS, given, conditioning=(-4.0, -3.0, -2.0), patients=300, seed=1
    )


def at(name: str, day: float) -> np.ndarray:
    found = patients()
    return found.observable(name)[:, int(np.searchsorted(found.times[0], day))]


def test_his_car_t_cells_are_among_ours() -> None:
    """3.3 % lies between the median (0.01 %) and the 95th percentile (28 %): high, no outlier."""
    cars, host = at("car_t_in_blood", 29.0), at("lymphocytes_in_blood", 29.0)
    share = 100.0 * cars / (cars + host)
    low, high = np.quantile(share, (0.5, 0.95))
    assert low < published("pd_l1_car_t_level") < high


def test_stable_disease_is_the_most_frequent_outcome() -> None:
    """Volume between -66 % (partial response) and +73 % (progression) on day 29."""
    size = at("relative_tumour_size", 29.0)
    assert np.mean((size > 0.343) & (size < 1.73)) > 0.5


def test_a_hundredfold_interleukin_6_and_a_severe_reaction_happen() -> None:
    """In 5 to 50 % of patients of the widest priors."""
    found = patients()
    rise = found.observable("interleukin_6_level")
    hundredfold = np.mean(rise.max(axis=1) > 100.0 * rise[:, 0])
    severe = np.mean(-np.expm1(-at("severe_reaction_hazard", 90.0)))
    assert 0.05 < hundredfold < 0.5
    assert 0.05 < severe < 0.5


def test_the_delay_of_his_reaction_is_missed() -> None:
    """Day 43 in the patient; here interleukin-6 peaks with the cells, in the second week."""
    found = patients()
    peak = found.times[0][found.observable("interleukin_6_level").argmax(axis=1)]
    assert np.median(peak) / published("pd_l1_car_t_reaction_day") < 0.4
    assert np.mean(peak >= 29.0) < 0.2
