"""The queue beside SimPy and beside Erlang's formula."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.manufacturing._queue_cases import hard_case, one_station
from benchmarks.manufacturing._simpy_oracle import simulate, simulate_station
from benchmarks.manufacturing._witness import Witness
from progenitor.engine import stream
from progenitor.manufacture import Facility, Resource, Stage, erlang_wait, run_facility

__all__ = ["queue_witnesses"]

_LOTS, _ROUNDS = 20_000, 9


def queue_witnesses() -> list[Witness]:
    """Start times equal to SimPy's bit by bit, how much faster, and the mean wait of M/M/c."""
    found = []
    for words, whole in (("", False), (", whole quarter days", True)):
        case = hard_case(_LOTS, seed=3, whole_days=whole)
        found += _beside_simpy(
            f"plant, six stages{words}", case, lambda case=case: simulate(**case)
        )
    station = one_station(_LOTS, seed=4)
    found += _beside_simpy("one station, ten suites", station, lambda: simulate_station(station))
    return [*found, *_beside_erlang()]


def _beside_simpy(
    what: str, case: dict[str, Any], oracle: Callable[[], np.ndarray]
) -> list[Witness]:
    given = {name: _first_axis(value) for name, value in case.items()}
    run = run_facility(**given)
    ours = min(_seconds(lambda: run_facility(**given)) for _ in range(_ROUNDS))
    start = time.process_time()
    theirs_started = oracle()
    theirs = time.process_time() - start
    equal = (theirs_started == run.started[0]) | (
        np.isnan(theirs_started) & np.isnan(run.started[0])
    )
    return [
        Witness(f"{what}: start times equal to SimPy's", "%", "100", 100.0, 100 * equal.mean()),
        Witness(
            f"{what}: times faster than SimPy",
            "1",
            "≥ 500",
            math.nan,
            theirs / ours,
            f"{_LOTS:,} lots: SimPy {theirs:.2f} s, ours {1e3 * ours:.2f} ms of processor time",
        ),
    ]


def _first_axis(value: Any) -> Any:
    return value[np.newaxis] if isinstance(value, np.ndarray) else value


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _beside_erlang() -> list[Witness]:
    replicates, lots, servers, rate = 40, 20_000, 10, 8.5
    draws = stream(1, "benchmark/erlang")
    arrivals = np.cumsum(draws.exponential(1 / rate, (replicates, lots)), axis=1)
    work = draws.exponential(1.0, (replicates, lots, 1))
    site = Facility((Resource("suite", servers),))
    run = run_facility(site, [Stage("make", ("suite",))], arrivals, work)
    waits = run.stage_wait[:, 2_000:, 0, 0]  # the first lots find it empty
    chance, mean = erlang_wait(servers=servers, arrivals=rate, service=1.0)
    error = waits.mean(axis=1).std(ddof=1) / math.sqrt(replicates)
    note = f"M/M/{servers}, load {rate / servers:g}; z = {(waits.mean() - mean) / error:.2f}"
    return [
        Witness("mean wait by Erlang's C", "d", f"{mean:.4f}", mean, float(waits.mean()), note),
        Witness("chance to wait", "1", f"{chance:.4f}", chance, float((waits > 0).mean())),
    ]
