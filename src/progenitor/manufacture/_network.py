"""A network that makes a therapy: treatment centres, plants, journeys between them, and rules."""

from dataclasses import dataclass, field
from typing import final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import InputError, Problem

__all__ = ["Centre", "Network", "Orders", "Plant"]


@final
@dataclass(frozen=True, slots=True)
class Centre:
    """Where cells are collected and given back.

    Parameters
    ----------
    name
        What it is called.
    latitude, longitude
        Degrees, for the map; NaN where unknown.
    """

    name: str
    latitude: float = float("nan")
    longitude: float = float("nan")


@final
@dataclass(frozen=True, slots=True)
class Plant:
    """Where lots may be made, or from where banked doses may be sent.

    Parameters
    ----------
    name
        What it is called.
    lines
        Lots that can be made at the same time, or banked doses that can be sent on one day.
    cost_per_day
        Of keeping it, used or not; USD/day.
    latitude, longitude
        Degrees, for the map; NaN where unknown.
    at
        Name of the centre it stands in, if any: there is no journey between the two.
    """

    name: str
    lines: int
    cost_per_day: float
    latitude: float = float("nan")
    longitude: float = float("nan")
    at: str | None = None


@final
@dataclass(frozen=True, slots=True)
class Orders:
    """Who needs a therapy.

    Parameters
    ----------
    centre
        Index of each patient's centre, (patient,).
    day
        Day on which the patient comes for collection, or a banked dose is ordered, (patient,);
        whole days from 0.
    """

    centre: Int[np.ndarray, " patient"]
    day: Int[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True)
class Network:
    """Places, journeys and rules.

    Parameters
    ----------
    name
        What it is called.
    centres, plants
        Places.
    modes
        Names of the ways to travel.
    inbound_cost, inbound_days
        From a centre to a plant, (centre, plant, mode); USD and whole days, NaN for no such
        journey.
    outbound_cost, outbound_days
        From a plant to a centre, (plant, centre, mode).
    collect_days, make_days, test_days
        Collection, occupation of a line, and tests after it; whole days. All 0 for a product that
        waits in a bank.
    materials, tests
        Of a lot; USD.
    return_limit
        Most days from collection (or order) to return.
    maximum_plants
        Most plants kept, None for any number.
    banked
        Whether doses wait in a bank: nothing travels to the plant.

    Raises
    ------
    InputError
        Listing every cost that is negative and everything else that cannot be.

    Examples
    --------
    >>> journey = np.array([[[500.0]]]), np.array([[[1.0]]])
    >>> Network("one", (Centre("A"),), (Plant("P", 4, 2e4),), ("van",), *journey, *journey).name
    'one'
    """

    name: str
    centres: tuple[Centre, ...]
    plants: tuple[Plant, ...]
    modes: tuple[str, ...]
    inbound_cost: Float[np.ndarray, "centre plant mode"] = field(repr=False)
    inbound_days: Float[np.ndarray, "centre plant mode"] = field(repr=False)
    outbound_cost: Float[np.ndarray, "plant centre mode"] = field(repr=False)
    outbound_days: Float[np.ndarray, "plant centre mode"] = field(repr=False)
    collect_days: int = 1
    make_days: int = 7
    test_days: int = 7
    materials: float = 0.0
    tests: float = 0.0
    return_limit: int = 18
    maximum_plants: int | None = None
    banked: bool = False

    def __post_init__(self) -> None:
        problems = [*self._shape_problems(), *self._number_problems(), *self._name_problems()]
        if problems:
            raise InputError(problems)

    @property
    def hold_days(self) -> int:
        """Days a lot holds a line, a banked dose the desk that sends it; at least one."""
        return max(self.make_days, 1)

    def _shape_problems(self) -> list[Problem]:
        problems = [
            Problem(f"there is no {what}", "give at least one", field=where)
            for what, where, given in (
                ("centre", "centres", self.centres),
                ("plant", "plants", self.plants),
                ("way to travel", "modes", self.modes),
            )
            if not given
        ]
        size = {"centre": len(self.centres), "plant": len(self.plants), "mode": len(self.modes)}
        for name, ends in (("inbound", ("centre", "plant")), ("outbound", ("plant", "centre"))):
            wanted = (size[ends[0]], size[ends[1]], size["mode"])
            for kind in ("cost", "days"):
                found = getattr(self, f"{name}_{kind}").shape
                if found != wanted:
                    message = f"{name}_{kind} has shape {found}"
                    problems.append(Problem(message, f"give {wanted}", field=f"{name}_{kind}"))
        return problems

    def _number_problems(self) -> list[Problem]:
        values: list[tuple[str, float, str]] = [
            (f"plants.{one.name}.cost_per_day", one.cost_per_day, "USD/day from 0")
            for one in self.plants
        ]
        values += [
            (name, float(getattr(self, name)), "USD from 0") for name in ("materials", "tests")
        ]
        problems = [
            Problem(f"{where} is {value:g}", f"give {wanted}", field=where)
            for where, value, wanted in values
            if not 0 <= value < np.inf
        ]
        whole = [(name, getattr(self, name), 0) for name in _DAYS]
        whole += [("return_limit", self.return_limit, 0)]
        whole += [(f"plants.{one.name}.lines", one.lines, 1) for one in self.plants]
        if self.maximum_plants is not None:
            whole.append(("maximum_plants", self.maximum_plants, 1))
        problems += [
            Problem(f"{where} is {value:g}", f"give a whole number from {least}", field=where)
            for where, value, least in whole
            if not (np.isfinite(value) and value == int(value) and value >= least)
        ]
        for name in ("inbound_cost", "inbound_days", "outbound_cost", "outbound_days"):
            bad = getattr(self, name)[getattr(self, name) < 0]
            if bad.size:
                message = f"{bad.size} journeys of {name} are below 0, the first {bad[0]:g}"
                problems.append(Problem(message, "give numbers from 0 up", field=name))
        return problems

    def _name_problems(self) -> list[Problem]:
        names = [one.name for one in self.centres]
        problems = [
            Problem(f"'{name}' is named twice", "give each place a name of its own", field=where)
            for where, given in (("centres", names), ("plants", [one.name for one in self.plants]))
            for name in sorted({name for name in given if given.count(name) > 1})
        ]
        problems += [
            Problem(
                f"plant '{one.name}' stands at '{one.at}', which is no centre",
                f"give one of {', '.join(names)}",
                field=f"plants.{one.name}.at",
            )
            for one in self.plants
            if one.at is not None and one.at not in names
        ]
        return problems


_DAYS = ("collect_days", "make_days", "test_days")
