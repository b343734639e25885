"""A network as a YAML file: places, journeys, rules, and who needs a therapy when."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

import numpy as np

from progenitor.documents import Document
from progenitor.engine import uniforms
from progenitor.errors import InputError, Problem
from progenitor.manufacture._network import Centre, Network, Orders, Plant
from progenitor.manufacture._network_failures import Failures
from progenitor.manufacture._supply_reader import Fields, journey_table, supply_document

__all__ = ["NetworkFile", "load_network"]

_TOP: Final = (
    "network",
    "description",
    "centres",
    "plants",
    "inbound",
    "outbound",
    "collect_days",
    "make_days",
    "test_days",
    "materials",
    "tests",
    "return_limit",
    "maximum_plants",
    "banked",
    "horizon",
    "orders",
    "demand",
    "failures",
)


@final
@dataclass(frozen=True, slots=True)
class NetworkFile:
    """What a file asks for.

    Parameters
    ----------
    network, orders
        Places and rules; who needs a therapy.
    horizon
        Days that plants are paid for; None for as long as it takes.
    failures
        How lots fail, None where that is not asked.
    """

    network: Network
    orders: Orders
    horizon: int | None
    failures: Failures | None


def load_network(source: Path | str, *, patients: int | None = None) -> NetworkFile:
    """Read a network file.

    Parameters
    ----------
    source
        A path, or the text itself.
    patients
        Instead of the number in its ``demand``.

    Raises
    ------
    InputError
        Listing everything that is wrong with it.
    """
    document = supply_document(source)
    problems: list[Problem] = []
    top = Fields(document, (), problems, _TOP)
    centres, plants = _places(document, top, problems)
    banked = top.flag("banked", default=False)
    tables = _journeys(document, top, (centres, plants), problems, banked=banked)
    name = top.text("network", None)
    numbers: dict[str, Any] = {
        key: top.whole(key, 0 if banked else usual) for key, usual in _DAYS.items()
    }
    numbers |= {key: top.number(key, 0.0) for key in ("materials", "tests")}
    limit = top.whole("return_limit", None, least=1)
    most = top.whole("maximum_plants", None, least=1) if top.given("maximum_plants") else None
    horizon = top.whole("horizon", None, least=1) if top.given("horizon") else None
    orders = _orders(document, top, centres, problems, patients)
    failures = _failures(document, top, problems)
    if problems:
        raise InputError(problems)
    network = Network(
        name=name,
        centres=centres,
        plants=plants,
        **tables,
        **numbers,
        return_limit=limit,
        maximum_plants=most,
        banked=banked,
    )
    return NetworkFile(network, orders, horizon, failures)


_DAYS: Final = {"collect_days": 1, "make_days": 7, "test_days": 7}


def _places(
    document: Document, top: Fields, problems: list[Problem]
) -> tuple[tuple[Centre, ...], tuple[Plant, ...]]:
    centres = []
    for index in range(len(top.items("centres"))):
        one = Fields(document, ("centres", index), problems, ("name", "latitude", "longitude"))
        centres.append(
            Centre(one.text("name", None), one.degrees("latitude"), one.degrees("longitude"))
        )
    plants = []
    known = ("name", "lines", "cost_per_day", "latitude", "longitude", "at")
    for index in range(len(top.items("plants"))):
        one = Fields(document, ("plants", index), problems, known)
        plants.append(
            Plant(
                one.text("name", None),
                one.whole("lines", None, least=1),
                one.number("cost_per_day", None),
                one.degrees("latitude"),
                one.degrees("longitude"),
                at=one.text("at", None) if one.given("at") else None,
            )
        )
    return tuple(centres), tuple(plants)


def _journeys(
    document: Document,
    top: Fields,
    places: tuple[tuple[Centre, ...], tuple[Plant, ...]],
    problems: list[Problem],
    *,
    banked: bool,
) -> dict[str, Any]:
    centres = [(one.name, one.latitude, one.longitude) for one in places[0]]
    plants = [(one.name, one.latitude, one.longitude) for one in places[1]]
    back = tuple(top.mapping("outbound"))
    into = () if banked else tuple(top.mapping("inbound"))
    modes = tuple(dict.fromkeys((*into, *back))) or ("none",)
    shape = (len(centres), len(plants), len(modes))
    tables: dict[str, Any] = {
        "modes": modes,
        "inbound_cost": np.full(shape, np.nan),
        "inbound_days": np.full(shape, np.nan),
    }
    here = [modes.index(one) for one in into]
    if into:
        cost, days = journey_table(document, "inbound", centres, plants, into, problems)
        tables["inbound_cost"][..., here], tables["inbound_days"][..., here] = cost, days
    outbound = np.full((2, len(plants), len(centres), len(modes)), np.nan)
    if back:
        there = [modes.index(one) for one in back]
        outbound[..., there] = journey_table(document, "outbound", plants, centres, back, problems)
    return {**tables, "outbound_cost": outbound[0], "outbound_days": outbound[1]}


def _orders(
    document: Document,
    top: Fields,
    centres: tuple[Centre, ...],
    problems: list[Problem],
    patients: int | None,
) -> Orders:
    if top.given("demand") or patients is not None:
        return _demand(document, top, len(centres), problems, patients)
    names = [one.name for one in centres]
    where, day = [], []
    for index in range(len(top.items("orders"))):
        one = Fields(document, ("orders", index), problems, ("centre", "day"))
        name = one.text("centre", None)
        if name not in names:
            one.refuse("centre", f"unknown centre '{name}'", f"give one of {', '.join(names)}")
            continue
        where.append(names.index(name))
        day.append(one.whole("day", None))
    return Orders(np.array(where, dtype=np.int64), np.array(day, dtype=np.int64))


def _demand(
    document: Document,
    top: Fields,
    centres: int,
    problems: list[Problem],
    patients: int | None,
) -> Orders:
    """Patients come to any centre on any day with equal chance, keyed by the seed."""
    if not top.given("demand"):
        top.refuse("demand", "a number of patients needs days over which they come", "give demand")
        return Orders(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    fields = Fields(document, ("demand",), problems, ("patients", "days", "seed"))
    count = fields.whole("patients", patients, least=1) if patients is None else patients
    over, seed = fields.whole("days", 365, least=1), fields.whole("seed", 1)
    zero, index = np.zeros(count, dtype=np.int64), np.arange(count)
    where = uniforms(seed, "network/centre", zero, index) * max(centres, 1)
    day = 1 + uniforms(seed, "network/day", zero, index) * over
    return Orders(where.astype(np.int64), day.astype(np.int64))


def _failures(document: Document, top: Fields, problems: list[Problem]) -> Failures | None:
    if not top.given("failures"):
        return None
    known = ("probability", "wait", "futures", "risk", "seed")
    fields = Fields(document, ("failures",), problems, known)
    chance, risk = fields.number("probability", None), fields.number("risk", 0.05)
    for name, value in (("probability", chance), ("risk", risk)):
        if value >= 1:
            fields.refuse(name, f"{name} is {value:g}", "give a share from 0 to below 1")
    wait, futures = fields.whole("wait", 10), fields.whole("futures", 20, least=1)
    seed = fields.whole("seed", 1)
    return None if problems else Failures(chance, wait, futures, risk, seed)
