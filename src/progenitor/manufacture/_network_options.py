"""Every way in which a plant could make the therapy of a patient in time, and what it costs."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import InputError, Problem
from progenitor.manufacture._network import Network, Orders

__all__ = ["Options", "network_options"]


@final
@dataclass(frozen=True, slots=True)
class Options:
    """Ways to serve patients; of several that occupy a line on the same days only the cheapest.

    Parameters
    ----------
    patient, plant
        Whom and where, (option,).
    begins
        Day on which a line is taken, (option,).
    returns
        Day on which the therapy is back, (option,).
    inbound, outbound
        Index of the way to travel, -1 for none, (option,).
    journeys
        Cost of both journeys, (option,); USD.
    """

    patient: Int[np.ndarray, " option"]
    plant: Int[np.ndarray, " option"]
    begins: Int[np.ndarray, " option"]
    returns: Int[np.ndarray, " option"]
    inbound: Int[np.ndarray, " option"]
    outbound: Int[np.ndarray, " option"]
    journeys: Float[np.ndarray, " option"]


def network_options(network: Network, orders: Orders, *, horizon: int) -> Options:
    """List the options of all patients.

    Parameters
    ----------
    network, orders
        Places and rules; who needs a therapy.
    horizon
        Day by which everybody must have theirs back.

    Raises
    ------
    InputError
        Listing every centre from which no plant can serve a patient in time.
    """
    routes = [
        route
        for centre in range(len(network.centres))
        for plant in range(len(network.plants))
        for route in _routes(network, centre, plant)
    ]
    table = np.array(routes, dtype=float).reshape(-1, 7)
    rows, problems = [], []
    for centre, place in enumerate(network.centres):
        here = table[table[:, 0] == centre]
        who = np.flatnonzero(orders.centre == centre)
        if not who.size:
            continue
        patient = np.repeat(who, len(here))
        option = np.tile(here, (who.size, 1))
        returns = orders.day[patient] + option[:, 3]
        kept = returns <= horizon
        missed = np.setdiff1d(who, patient[kept])
        if missed.size:
            problems.append(_too_late(network, place.name, centre, missed.size, horizon))
        begins = orders.day[patient] + option[:, 2]
        columns = (patient, option[:, 1], begins, returns, *option[:, 4:].T)
        rows.append(np.stack([column[kept] for column in columns], axis=1))
    if problems:
        raise InputError(problems)
    every = np.concatenate(rows)
    every = every[np.lexsort((every[:, 2], every[:, 1], every[:, 0]))]
    whole = every[:, :6].astype(np.int64)
    patient, plant, begins, returns, inbound, outbound = whole.T
    return Options(patient, plant, begins, returns, inbound, outbound, every[:, 6])


def _routes(network: Network, centre: int, plant: int) -> list[tuple[float, ...]]:
    """Cheapest way for each number of days until a line is taken.

    Centre, plant, days until the line, days until the return, both modes, cost.
    """
    stay = network.make_days + network.test_days
    found: dict[int, tuple[float, ...]] = {}
    for into, to_line, into_cost in _inbound(network, centre, plant):
        line = (0 if network.banked else network.collect_days) + to_line
        for back, back_days, back_cost in _outbound(network, centre, plant):
            days, cost = line + stay + back_days, into_cost + back_cost
            if days > network.return_limit:
                continue
            if line not in found or (cost, days) < (found[line][6], found[line][3]):
                found[line] = (centre, plant, line, days, into, back, cost)
    return list(found.values())


def _inbound(network: Network, centre: int, plant: int) -> list[tuple[int, int, float]]:
    if network.banked or network.plants[plant].at == network.centres[centre].name:
        return [(-1, 0, 0.0)]
    return _journeys(network.inbound_days[centre, plant], network.inbound_cost[centre, plant])


def _outbound(network: Network, centre: int, plant: int) -> list[tuple[int, int, float]]:
    if network.plants[plant].at == network.centres[centre].name:
        return [(-1, 0, 0.0)]
    return _journeys(network.outbound_days[plant, centre], network.outbound_cost[plant, centre])


def _journeys(
    days: Float[np.ndarray, " mode"], cost: Float[np.ndarray, " mode"]
) -> list[tuple[int, int, float]]:
    return [
        (mode, int(np.ceil(days[mode])), float(cost[mode]))
        for mode in range(len(days))
        if np.isfinite(days[mode]) and np.isfinite(cost[mode])
    ]


def _too_late(network: Network, name: str, centre: int, patients: int, horizon: int) -> Problem:
    """Say what the fastest plant would need."""
    ways = [
        to_line + back_days
        for plant in range(len(network.plants))
        for _, to_line, _ in _inbound(network, centre, plant)
        for _, back_days, _ in _outbound(network, centre, plant)
    ]
    message = f"no plant can serve {patients} patients of '{name}' in {network.return_limit} days"
    if not ways:
        return Problem(f"{message}: no journey is given", "give one", field=f"centres.{name}")
    fixed = network.make_days + network.test_days
    fastest = min(ways) + fixed + (0 if network.banked else network.collect_days)
    if fastest <= network.return_limit:
        message = f"{patients} patients of '{name}' come too late for the horizon of {horizon} days"
        fix = "give a longer horizon, or leave them out"
    else:
        fix = f"the fastest way takes {fastest} days: allow them, or give a faster journey"
    return Problem(message, fix, field=f"centres.{name}")
