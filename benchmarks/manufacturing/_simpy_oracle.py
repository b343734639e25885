"""The queue of a facility as processes of SimPy: the oracle of the compiled kernel."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import simpy

from progenitor.engine._queue_room import WEEK
from progenitor.manufacture import Facility, Stage


def simulate(
    facility: Facility,
    stages: tuple[Stage, ...],
    arrivals: np.ndarray,
    durations: np.ndarray,
    stops: np.ndarray,
    levels: np.ndarray,
    restart_stage: int,
    restart_wait: np.ndarray,
) -> np.ndarray:
    """Start times (lot, attempt, stage) of one replicate, NaN where a stage was not reached."""
    environment = simpy.Environment()
    units = {
        one.name: simpy.PriorityResource(environment, capacity=one.units)
        for one in facility.resources
    }
    started = np.full(durations.shape, np.nan)
    world = (environment, units, facility, stages, durations, stops, levels, started)
    for lot in range(len(arrivals)):
        environment.process(
            _lot(lot, float(arrivals[lot]), restart_stage, float(restart_wait[lot]), world)
        )
    environment.run()
    return started


def _lot(lot: int, arrival: float, restart: int, wait: float, world: Any) -> Iterator[Any]:
    environment, units, facility, stages, durations, stops, levels, started = world
    yield environment.timeout(arrival)
    for attempt in range(stops.shape[1]):
        held: dict[str, Any] = {}
        passed = True
        for place in range(restart if attempt else 0, len(stages)):
            needs = stages[place].needs
            for name in facility.names:
                if name in needs and name not in held:
                    held[name] = units[name].request(priority=int(levels[lot, attempt]))
                    yield held[name]
            opens = _opens(facility, needs, environment.now)
            if opens > environment.now:
                yield environment.timeout(opens - environment.now)
            started[lot, attempt, place] = environment.now
            yield environment.timeout(float(durations[lot, attempt, place]))
            failed = stops[lot, attempt] == place
            after = stages[place + 1].needs if place + 1 < len(stages) and not failed else ()
            for name in facility.names:
                if name in held and name not in after:
                    units[name].release(held.pop(name))
            if failed:
                passed = False
                break
        if passed or attempt + 1 == stops.shape[1]:
            return
        yield environment.timeout(wait)


def _opens(facility: Facility, needs: tuple[str, ...], now: float) -> float:
    """Earliest moment from now on at which all who are needed work, minute arithmetic apart."""
    shifts = [one.opening for one in facility.resources if one.shift and one.name in needs]
    candidates = [now]
    for opening in shifts:
        candidates += [
            np.floor(now) + ahead + float(opening[int((np.floor(now) + ahead) % WEEK), 0])
            for ahead in range(4 * WEEK)
        ]
    for moment in sorted(one for one in candidates if one >= now):
        day = np.floor(moment)
        if all(_is_open(opening, moment, day) for opening in shifts):
            return float(moment)
    raise AssertionError("nobody ever works together")


def _is_open(opening: np.ndarray, moment: float, day: float) -> bool:
    begins, ends = opening[int(day % WEEK)]
    return bool(day + begins <= moment < day + ends)


def simulate_station(case: dict[str, Any]) -> np.ndarray:
    """Start times (lot, attempt 1, stage 1) of one station, as SimPy's documentation writes it."""
    environment = simpy.Environment()
    suites = simpy.Resource(environment, capacity=case["facility"].resources[0].units)
    started = np.zeros((len(case["arrivals"]), 1, 1))

    def lot(index: int, arrival: float, work: float) -> Iterator[Any]:
        yield environment.timeout(arrival)
        with suites.request() as suite:
            yield suite
            started[index] = environment.now
            yield environment.timeout(work)

    for index, arrival in enumerate(case["arrivals"]):
        environment.process(lot(index, float(arrival), float(case["durations"][index, 0])))
    environment.run()
    return started
