"""Reads the fields of one record strictly and collects every problem with its line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, final

from progenitor.documents import Document, suggestion
from progenitor.errors import Problem, UnitError
from progenitor.units import dimension

__all__ = ["Fields"]

_LONGEST_SHOWN = 60


@final
@dataclass(slots=True)
class Fields:
    """One mapping of a document, read field by field.

    A field that is missing or wrong adds a problem and reads as its default, so that one pass
    finds everything. ``close`` refuses whatever was not asked for.

    Parameters
    ----------
    document
        The document the mapping stands in.
    path
        Where in it.
    data
        The mapping itself.
    problems
        Where problems are added; shared with the caller and with nested mappings.
    """

    document: Document
    path: tuple[str | int, ...]
    data: Mapping[str, Any]
    problems: list[Problem]
    _read: set[str] = field(default_factory=set)

    @classmethod
    def root(cls, document: Document, problems: list[Problem]) -> "Fields":
        """Return the fields of a whole document, which must be a mapping."""
        data = document.data
        if not isinstance(data, dict):
            shown = "empty" if data is None else f"a {type(data).__name__}"
            message = f"the document is {shown}, not a mapping"
            problems.append(document.problem((), message, "write 'name: value' lines"))
            data = {}
        return cls(document, (), data, problems)

    def refuse(self, name: str, message: str, fix: str) -> None:
        """Add a problem at a field, or at the record itself when ``name`` is empty."""
        path = (*self.path, name) if name else self.path
        self.problems.append(self.document.problem(path, message, fix))

    def has(self, name: str) -> bool:
        """Whether a field is given and not null."""
        return self.data.get(name) is not None

    def is_empty(self, name: str) -> bool:
        """Whether a field is absent, null, or an empty list or mapping."""
        value = self.data.get(name)
        return value is None or value == [] or value == {}

    def text(self, name: str, *, required: bool = True) -> str:
        """Read text; absent reads as empty."""
        value = self._value(name, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(name, f"{name} is {_shown(value)}, not text", "put it in quotes")
            return ""
        if required and not value.strip():
            self.refuse(name, f"{name} is empty", f"write the {name}")
        return value.strip()

    def number(self, name: str, *, required: bool = True) -> float | None:
        """Read a finite number."""
        value = self._value(name, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(name, f"{name} is {_shown(value)}, not a number", "write a number")
            return None
        return float(value)

    def count(self, name: str, *, required: bool = True) -> int | None:
        """Read a whole number that is not negative."""
        value = self._value(name, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            fix = "write a whole number, 0 or more"
            self.refuse(name, f"{name} is {_shown(value)}, not a count", fix)
            return None
        return value

    def flag(self, name: str) -> bool:
        """Read ``true`` or ``false``; absent reads as false."""
        value = self._value(name, required=False)
        if value is None:
            return False
        if not isinstance(value, bool):
            fix = "write true or false"
            self.refuse(name, f"{name} is {_shown(value)}, not true or false", fix)
            return False
        return value

    def choice(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        """Read one word out of several; required unless there is a default."""
        value = self.text(name, required=default is None)
        first = next(iter(choices))
        if not value:
            return default or first
        if value not in choices:
            self.refuse(name, f"{name} is {_shown(value)}", suggestion(value, choices))
            return default or first
        return value

    def unit(self, name: str) -> str:
        """Read a unit; a bare ``1`` is dimensionless."""
        if self.data.get(name) == 1 and not isinstance(self.data[name], bool):
            self._read.add(name)
            return "1"
        value = self.text(name)
        if not value:
            return "1"
        try:
            dimension(value)
        except UnitError as error:
            message, _, fix = str(error).partition("; ")
            self.refuse(name, message, fix or "write a known unit")
            return "1"
        return value

    def child(self, name: str, *, required: bool = False) -> "Fields | None":
        """Read a nested mapping."""
        value = self._value(name, required=required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(name, f"{name} is {_shown(value)}, not a mapping", "indent fields below it")
            return None
        return Fields(self.document, (*self.path, name), value, self.problems)

    def children(self, name: str) -> "list[Fields]":
        """Read a list of mappings; absent reads as empty."""
        value = self._value(name, required=False)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(
                name, f"{name} is {_shown(value)}, not a list", "start each entry with '- '"
            )
            return []
        entries = []
        for position, entry in enumerate(value):
            path = (*self.path, name, position)
            if isinstance(entry, dict):
                entries.append(Fields(self.document, path, entry, self.problems))
            else:
                message = f"entry {position + 1} is {_shown(entry)}, not a mapping"
                fix = "write 'name: value' lines below the '- '"
                self.problems.append(self.document.problem(path, message, fix))
        return entries

    def close(self) -> None:
        """Refuse every field that was not read."""
        for name in self.data:
            if name not in self._read:
                fix = suggestion(name, self._read - set(self.data)) if self._read else "remove it"
                self.refuse(name, f"unknown field '{name}'", _or_remove(fix))

    def raw(self, name: str) -> Any:
        """Read a field as it stands, for the caller to check."""
        return self._value(name, required=False)

    def _value(self, name: str, *, required: bool) -> Any:
        self._read.add(name)
        value = self.data.get(name)
        if value is None and required:
            what = "is empty" if name in self.data else "is missing"
            self.refuse(name, f"{name} {what}", f"add '{name}: …'")
        return value


def _or_remove(fix: str) -> str:
    return fix if fix.startswith("did you mean") else "remove it"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
