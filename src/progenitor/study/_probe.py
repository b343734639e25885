"""Looking into a study file that may be malformed anywhere."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

from pydantic_core import PydanticCustomError

from progenitor.documents import Document, suggestion
from progenitor.errors import Problem
from progenitor.study._quantities import read_quantity
from progenitor.study._wording import shorten

__all__ = ["Probe"]


@final
@dataclass(frozen=True, slots=True)
class Probe:
    """Look into a file that may be malformed anywhere, and collect what is wrong with it.

    Parameters
    ----------
    document
        The file as read.
    problems
        What was found so far.

    Examples
    --------
    >>> from progenitor.documents import load_document
    >>> probe = Probe(load_document("looks: {until: 4 week}"))
    >>> probe.days("looks", "until"), probe.value("looks", "every")
    (28.0, None)
    """

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def value(self, *path: str | int) -> Any:
        """Value at a path, or ``None`` where there is none."""
        current = self.document.data
        for part in path:
            if isinstance(current, Mapping) and isinstance(part, str):
                current = current.get(part)
            elif isinstance(current, list) and isinstance(part, int) and part < len(current):
                current = current[part]
            else:
                return None
        return current

    def names(self, *path: str | int) -> list[str]:
        """Keys of the mapping at a path."""
        found = self.value(*path)
        return [key for key in found if isinstance(key, str)] if isinstance(found, Mapping) else []

    def length(self, *path: str | int) -> int:
        """Length of the list at a path."""
        found = self.value(*path)
        return len(found) if isinstance(found, list) else 0

    def number(self, read: Callable[[Any], float], *path: str | int) -> float | None:
        """Quantity at a path, or ``None`` where there is no good one."""
        try:
            return read(self.value(*path))
        except PydanticCustomError:
            return None

    def days(self, *path: str | int) -> float | None:
        """Time in days at a path."""
        return self.number(lambda value: read_quantity(value, "day"), *path)

    def report(self, path: tuple[str | int, ...], message: str, fix: str) -> None:
        """Add a problem that stands at a path."""
        self.problems.append(self.document.problem(path, message, fix))

    def known(self, path: tuple[str | int, ...], names: Iterable[str], kind: str) -> None:
        """Complain when the text at a path is not among the names."""
        value = self.value(*path)
        choices = list(names)
        if isinstance(value, str) and value not in choices:
            self.report(path, f"unknown {kind} '{shorten(value)}'", suggestion(value, choices))

    def increasing(
        self, path: tuple[str | int, ...], limits: tuple[float, float], where: str
    ) -> None:
        """Complain about times outside the open-below interval and about wrong order.

        Parameters
        ----------
        path
            A list of times.
        limits
            Days; an upper limit of 0 is left out of the interval, a lower limit always is.
        where
            What the fix says of a time that is allowed.
        """
        low, high = limits
        previous: float | None = None
        for position in range(self.length(*path)):
            day = self.days(*path, position)
            if day is None:
                continue
            inside = low <= day < high if high == 0.0 else low < day <= high
            if not inside:
                self.report((*path, position), f"day {day:g} is impossible", f"give a time {where}")
            elif previous is not None and day <= previous:
                self.report(
                    (*path, position),
                    f"day {day:g} does not come after day {previous:g}",
                    "list the days in increasing order, each once",
                )
            previous = day if inside else previous
