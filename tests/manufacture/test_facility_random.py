"""Random small plants, full of ties, against SimPy; and a moment at which everything happens."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.manufacture import Facility, Resource, Shift, Stage, run_facility

sys.path.insert(0, str(Path(__file__).parents[2]))
pytest.importorskip("simpy")
from benchmarks.manufacturing._simpy_oracle import simulate

_NAMES = ("room", "device", "operator", "laboratory")


def random_plant(seed: int) -> dict[str, Any]:
    """Up to four resources; times in whole quarter days, or with a few in between."""
    draws = stream(seed, "random plant")
    lots, attempts = int(draws.integers(1, 60)), int(draws.integers(1, 4))
    shifts = [None, None, Shift(), Shift(("Tue", "Thu", "Sun"), 6.0, 12.0)]
    resources = tuple(
        Resource(name, int(draws.integers(1, 6)), shift=shifts[int(draws.integers(4))])
        for name in _NAMES
    )
    # who keeps a resource may only wait for a later one: needs are runs of neighbours going up
    needs: list[tuple[str, ...]] = []
    low = 0
    for _ in range(int(draws.integers(1, 6))):
        low = int(draws.integers(low, 4)) if draws.random() < 0.7 else 0
        needs.append(_NAMES[low : low + int(draws.integers(0, 3))])
        if draws.random() < 0.3:
            needs.append(())
            low = 0
    durations = draws.integers(0, 8, (lots, attempts, len(needs))) / 4
    if draws.random() < 0.3:
        durations = durations + draws.random(durations.shape) * (draws.random() < 0.5)
    if draws.random() < 0.2:
        durations[draws.random(durations.shape) < 0.05] = 5e3  # beyond the calendar
    chance = draws.random((lots, attempts))
    return {
        "facility": Facility(resources),
        "stages": tuple(Stage(f"stage {i}", one) for i, one in enumerate(needs)),
        "arrivals": draws.integers(0, int(draws.integers(1, 40)), lots) / 2,
        "durations": durations,
        "stops": np.where(chance < 0.3, draws.integers(0, len(needs), chance.shape), -1),
        "levels": draws.integers(0, 3, (lots, attempts)),
        "restart_stage": int(draws.integers(len(needs))),
        "restart_wait": draws.integers(0, 6, lots) / 2,
    }


def started_here(case: dict[str, Any]) -> np.ndarray:
    given = {n: v[np.newaxis] if isinstance(v, np.ndarray) else v for n, v in case.items()}
    return run_facility(**given).started[0]


def compare(seeds: range) -> int:
    compared = 0
    for seed in seeds:
        case = random_plant(seed)
        try:
            found = started_here(case)
        except InputError as error:  # a plant that would be refused is no plant
            if not any(words in str(error) for words in ("wait for each other", "never at work")):
                raise
            continue
        np.testing.assert_array_equal(found, simulate(**case), err_msg=f"seed {seed}")
        compared += 1
    return compared


def test_random_plants_start_when_they_do_in_simpy() -> None:
    assert compare(range(150)) > 60


def test_work_of_no_length_ends_after_those_in_line_are_called() -> None:
    """A lot that frees what others wait for, and then passes a stage in no time."""
    assert compare(range(6_296, 6_297)) == 1


@pytest.mark.slow
def test_many_random_plants_start_when_they_do_in_simpy() -> None:
    assert compare(range(1_000, 1_500)) > 200


@pytest.mark.parametrize("lots", [7, 8, 300])
def test_a_moment_at_which_everything_ends(lots: int) -> None:
    """More is given back at one moment than there are lots."""
    facility = Facility(tuple(Resource(name, lots) for name in _NAMES))
    case = {
        "facility": facility,
        "stages": (Stage("all", _NAMES), Stage("none"), Stage("again", _NAMES)),
        "arrivals": np.zeros(lots),
        "durations": np.ones((lots, 2, 3)),
        "stops": np.tile([2, -1], (lots, 1)),
        "levels": np.zeros((lots, 2), dtype=np.int64),
        "restart_stage": 0,
        "restart_wait": np.zeros(lots),
    }
    np.testing.assert_array_equal(started_here(case), simulate(**case))


def test_one_station_is_the_same_as_a_station_among_others() -> None:
    draws = stream(8, "one station")
    arrivals = np.cumsum(draws.integers(0, 3, (2, 400)) / 4, axis=1)[:, ::-1].copy()
    days = draws.integers(0, 12, (2, 400, 1)) / 4
    site = Facility((Resource("other", 2), Resource("suite", 3)))
    alone = run_facility(site, [Stage("make", ("suite",))], arrivals, days)
    two = np.concatenate([days, np.zeros_like(days)], axis=2)
    among = run_facility(site, [Stage("make", ("suite",)), Stage("end")], arrivals, two)
    for name in ("requested", "started", "ended"):
        found, wanted = getattr(alone, name)[..., 0], getattr(among, name)[..., 0]
        np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(alone.released, among.released)
    np.testing.assert_allclose(alone.utilisation, among.utilisation, rtol=1e-9, atol=0)  # sums
