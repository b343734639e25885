"""Small YAML files that describe a facility or a network, read with every problem at once."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float

from progenitor.documents import Document, load_document, suggestion
from progenitor.errors import InputError, Problem

__all__ = ["Fields", "journey_table", "kilometres", "supply_document"]

_RADIUS: Final = 6371.0088
"""Mean radius of the earth; km."""

_MODE: Final = ("days", "cost", "fixed", "per_km", "km_per_day")


def supply_document(source: Path | str, *, name: str | None = None) -> Document:
    """Read the file; its top must be a mapping.

    Raises
    ------
    InputError
        Listing everything that cannot be read.
    """
    document = load_document(source, name=name)
    if not isinstance(document.data, dict):
        raise InputError([document.problem((), "no fields", "write 'name: value' lines")])
    return document


@final
class Fields:
    """Fields of one mapping of a document; collects what is wrong with them.

    Parameters
    ----------
    document, path
        Where the mapping stands.
    problems
        List to which problems are added.
    known
        Names of all fields it may have.
    """

    def __init__(
        self,
        document: Document,
        path: tuple[str | int, ...],
        problems: list[Problem],
        known: tuple[str, ...],
    ) -> None:
        data: Any = document.data
        for part in path:
            data = data[part]
        self._document, self._path, self._problems = document, path, problems
        self._data: Mapping[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.refuse("", f"{data!r} is no mapping", f"give {', '.join(known)}")
        for one in self._data:
            if one not in known:
                self.refuse(one, f"unknown field '{one}'", suggestion(one, known))

    def refuse(self, name: str, message: str, fix: str) -> None:
        """Add a problem with a field."""
        path = (*self._path, name) if name else self._path
        self._problems.append(self._document.problem(path, message, fix))

    def given(self, name: str) -> bool:
        """Whether the field is there."""
        return name in self._data

    def number(self, name: str, default: float | None, *, least: float = 0.0) -> float:
        """Return a number from ``least`` up; without a default it must be there."""
        value = self._data.get(name, default)
        if value is None:
            self.refuse(name, f"'{name}' is missing", "give a number")
            return math.nan
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= least:
            self.refuse(name, f"{name} is {value!r}", f"give a number from {least:g} up")
            return math.nan
        return float(value)

    def whole(self, name: str, default: int | None, *, least: int = 0) -> int:
        """Return a whole number from ``least`` up."""
        value = self.number(name, default, least=least)
        if math.isnan(value):
            return least
        if value != int(value):
            self.refuse(name, f"{name} is {value:g}", "give a whole number")
        return int(value)

    def degrees(self, name: str) -> float:
        """Return a latitude or longitude, NaN where there is none."""
        value = self._data.get(name)
        if value is None:
            return math.nan
        far = 90.0 if name == "latitude" else 180.0
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > far:
            self.refuse(name, f"{name} is {value!r}", f"give degrees from {-far:g} to {far:g}")
            return math.nan
        return float(value)

    def text(self, name: str, default: str | None) -> str:
        """Return a text."""
        value = self._data.get(name, default)
        if not isinstance(value, str) or not value.strip():
            self.refuse(name, f"{name} is {value!r}", "give a name")
            return "?"
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._data.get(name, default)
        if not isinstance(value, bool):
            self.refuse(name, f"{name} is {value!r}", "write true or false")
            return default
        return value

    def items(self, name: str) -> list[Any]:
        """Return a list that must not be empty."""
        value = self._data.get(name)
        if not isinstance(value, list) or not value:
            self.refuse(name, f"{name} is {value!r}", "give a list with at least one entry")
            return []
        return value

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return a mapping that must not be empty."""
        value = self._data.get(name)
        if not isinstance(value, dict) or not value:
            self.refuse(name, f"{name} is {value!r}", "give fields")
            return {}
        return value


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance between two points given as latitude and longitude.

    Examples
    --------
    >>> round(kilometres((51.5, -0.1), (40.7, -74.0)) / 100)
    56
    """
    north, south = math.radians(one[0]), math.radians(other[0])
    across = math.radians(other[1] - one[1])
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(across / 2) ** 2
    return 2.0 * _RADIUS * math.asin(min(1.0, math.sqrt(half)))


def journey_table(
    document: Document,
    field: str,
    starts: list[tuple[str, float, float]],
    ends: list[tuple[str, float, float]],
    modes: tuple[str, ...],
    problems: list[Problem],
) -> tuple[Float[np.ndarray, "start end mode"], Float[np.ndarray, "start end mode"]]:
    """Return costs and days of all journeys; NaN where none is given.

    A mode gives days, and the cost of each start and end, or else ``fixed`` and ``per_km`` with
    ``km_per_day``, by which distance decides.
    """
    cost = np.full((len(starts), len(ends), len(modes)), np.nan)
    days = np.full_like(cost, np.nan)
    for number, mode in enumerate(modes):
        fields = Fields(document, (field, mode), problems, _MODE)
        if fields.given("per_km"):
            fixed, per_km = fields.number("fixed", 0.0), fields.number("per_km", None)
            speed, extra = fields.number("km_per_day", None, least=1.0), fields.number("days", 0.0)
            for i, start in enumerate(starts):
                for j, end in enumerate(ends):
                    far = kilometres(start[1:], end[1:])
                    cost[i, j, number] = fixed + per_km * far
                    days[i, j, number] = math.ceil(extra + far / speed) if far == far else math.nan
            if any(math.isnan(place[1] + place[2]) for place in (*starts, *ends)):
                fields.refuse("per_km", "some places have no latitude and longitude", "give both")
            continue
        took = fields.number("days", None)
        table = fields.mapping("cost")
        names = [one[0] for one in starts], [one[0] for one in ends]
        for origin in table:
            if origin not in names[0]:
                fields.refuse("cost", f"unknown place '{origin}'", suggestion(origin, names[0]))
                continue
            row = Fields(document, (field, mode, "cost", origin), problems, tuple(names[1]))
            i = names[0].index(origin)
            for j, target in enumerate(names[1]):
                if row.given(target):
                    cost[i, j, number], days[i, j, number] = row.number(target, None), took
    return cost, days
