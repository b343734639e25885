"""Reads the fields of a fit file, collecting what is wrong with its line."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, final

from progenitor.body import Body, assemble, body_names
from progenitor.documents import Document, suggestion
from progenitor.errors import InputError, ModelError, Problem, UnitError
from progenitor.evidence import Catalogue
from progenitor.units import convert, parse_quantity

__all__ = ["FitFields", "quantity_of"]

_Path = tuple[str | int, ...]


def quantity_of(value: Any, unit: str) -> float:
    """Return text such as ``"4 week"`` in a unit.

    Raises
    ------
    UnitError
        When it is no quantity or has another dimension.

    Examples
    --------
    >>> quantity_of("4 week", "day")
    28.0
    """
    if not isinstance(value, str):
        raise UnitError(f"{value!r} has no unit")
    read = parse_quantity(value)
    return float(convert(read.value, read.unit, unit))


@final
@dataclass(frozen=True, slots=True)
class FitFields:
    """The fields of a document; what is wrong is collected in ``problems``.

    Parameters
    ----------
    document
        The file.
    problems
        Everything refused so far.
    """

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, path: _Path, message: str, fix: str) -> None:
        """Add a problem at a field."""
        self.problems.append(self.document.problem(path, message, fix))

    def unknown(self, path: _Path, what: str, name: str, known: Iterable[str]) -> None:
        """Add a problem with a name that is not known."""
        self.refuse(path, f"unknown {what} '{name}'", suggestion(name, known))

    def at(self, path: _Path) -> Any:
        """Return what stands at a place, None where nothing does."""
        found = self.document.data
        for part in path:
            if not isinstance(found, dict | list):
                return None
            try:
                found = found[part]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def known(self, path: _Path, names: Iterable[str]) -> None:
        """Refuse fields that mean nothing."""
        found = self.at(path)
        for name in found if isinstance(found, dict) else ():
            if name not in set(names):
                self.unknown((*path, name), "field", name, names)

    def text(self, name: str) -> str:
        """Read a text that must be there."""
        value = self.at((name,))
        if not isinstance(value, str) or not value.strip():
            self.refuse((name,), f"'{name}' is missing", f"write '{name}: …'")
            return ""
        return value

    def mapping(self, path: _Path, *, optional: bool = False) -> Mapping[str, Any]:
        """Read a mapping."""
        value = self.at(path)
        if isinstance(value, dict):
            return value
        if value is not None or not optional:
            name = path[-1]
            self.refuse(path, f"'{name}' is missing or no mapping", f"write '{name}:' and fields")
        return {}

    def names(self, path: _Path, *, optional: bool) -> tuple[str, ...]:
        """Read a list of names."""
        value = self.at(path)
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return tuple(value)
        if value is not None or not optional:
            self.refuse(path, f"'{path[-1]}' is no list of names", "write '- NAME' for each")
        return ()

    def days(self, path: _Path, *, optional: bool) -> tuple[float, ...]:
        """Read a list of days with units, increasing."""
        found = tuple(
            self.quantity((*path, index), "day")
            for index in range(len(self.names(path, optional=optional)))
        )
        if any(later <= first for first, later in pairwise(found)):
            self.refuse(path, "days do not increase", "write the earlier day first")
        return found

    def quantity(self, path: _Path, unit: str) -> float:
        """Read a quantity with its unit."""
        value = self.at(path)
        try:
            found = quantity_of(value, unit)
        except UnitError as error:
            self.refuse(path, f"'{value}' is no quantity in {unit} ({error})", f"write '28 {unit}'")
            return math.nan
        if not math.isfinite(found):
            self.refuse(path, f"'{value}' is not finite", "write a finite number")
        return found

    def number(self, path: _Path, above: float) -> float:
        """Read a plain number above another."""
        value = self.at(path)
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > above:
            fix = "write a number" if math.isinf(above) else f"write a number above {above:g}"
            self.refuse(path, f"'{value}' is not allowed for '{path[-1]}'", fix)
            return 1.0
        return float(value)

    def whole(self, path: _Path, least: int, most: int) -> int:
        """Read a whole number within bounds."""
        value = self.at(path)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            fix = f"write a whole number from {least} to {most}"
            self.refuse(path, f"'{value}' is not allowed for '{path[-1]}'", fix)
            return least
        return value

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """Read one of a few words."""
        value = self.at((name,))
        if value not in allowed:
            self.refuse((name,), f"'{value}' is not allowed for '{name}'", f"write {allowed[0]}")
            return allowed[0]
        return str(value)

    def body(self, catalogue: Catalogue) -> tuple[str, Body | None]:
        """Assemble the body that is named, with its alternatives."""
        name, known = self.text("body"), body_names(catalogue)
        if name and name not in known:
            self.unknown(("body",), "body", name, known)
        if name not in known:
            return name, None
        chassis, disease, host = name.split("/")
        alternatives = {
            str(key): str(value)
            for key, value in self.mapping(("alternatives",), optional=True).items()
        }
        try:
            body = assemble(
                catalogue, chassis=chassis, disease=disease, host=host, alternatives=alternatives
            )
        except InputError as error:
            for problem in error.problems:
                self.refuse(("alternatives",), problem.message, problem.fix)
            return name, None
        except ModelError as error:
            self.refuse(("alternatives",), str(error), "name mechanisms that fit each other")
            return name, None
        return name, body
