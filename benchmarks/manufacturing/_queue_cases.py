"""Lots for the facility tests and the benchmark: every difficulty at once, or one station."""

from typing import Any

import numpy as np

from progenitor.engine import stream
from progenitor.manufacture import Facility, Resource, Shift, Stage


def hard_case(lots: int, *, seed: int, whole_days: bool) -> dict[str, Any]:
    """Suites kept through several stages, staff with hours, priorities, ties and remakes."""
    draws = stream(seed, "queue case")
    facility = Facility(
        (
            Resource("clean room", 40),
            Resource("culture device", 36),
            Resource("operator", 9, kept=False, shift=Shift()),
            Resource("QC laboratory", 24, kept=False),
            Resource("qualified person", 3, kept=False, shift=Shift(begins=9.0, ends=17.0)),
        )
    )
    stages = (
        Stage("ship"),
        Stage("enrich", ("clean room", "operator")),
        Stage("culture", ("clean room", "culture device")),
        Stage("harvest", ("clean room", "operator")),
        Stage("test", ("QC laboratory",)),
        Stage("release", ("qualified person",)),
    )
    means = np.array([1.0, 0.2, 7.0, 0.3, 4.0, 0.1])
    durations = draws.gamma(20.0, means / 20.0, size=(lots, 2, len(means)))
    arrivals = np.cumsum(draws.exponential(0.25, lots))
    if whole_days:
        durations, arrivals = np.round(durations * 4) / 4, np.floor(arrivals)
    stops = np.where(draws.random((lots, 2)) < 0.06, draws.choice([2, 5], (lots, 2)), -1)
    levels = np.stack([draws.integers(1, 3, lots), np.zeros(lots, dtype=np.int64)], axis=1)
    return {
        "facility": facility,
        "stages": stages,
        "arrivals": arrivals,
        "durations": durations,
        "stops": stops,
        "levels": levels,
        "restart_stage": 1,
        "restart_wait": draws.integers(1, 10, lots) * 1.0,
    }


def one_station(lots: int, *, seed: int) -> dict[str, Any]:
    """Ten suites and nothing else, 95 % in use."""
    draws = stream(seed, "queue station")
    return {
        "facility": Facility((Resource("clean room", 10),)),
        "stages": (Stage("make", ("clean room",)),),
        "arrivals": np.cumsum(draws.exponential(1 / 9.5, lots)),
        "durations": draws.exponential(1.0, (lots, 1)),
    }
