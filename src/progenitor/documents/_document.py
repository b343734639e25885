"""A document: the data a person wrote, and the line on which they wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from progenitor.errors import Problem

__all__ = ["Document", "FieldPath", "dotted"]

FieldPath = tuple[str | int, ...]
"""Where a field stands: mapping keys and list positions from the root."""


def dotted(path: FieldPath) -> str:
    """Return a field path as people write it.

    Examples
    --------
    >>> dotted(("arms", "tscm", "dose"))
    'arms.tscm.dose'
    >>> dotted(("reported", 0, "value"))
    'reported[0].value'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


@final
@dataclass(frozen=True, slots=True)
class Document:
    r"""What a YAML file says, with the line of every field.

    Parameters
    ----------
    name
        What errors call the file: its path, or whatever the caller chose.
    data
        Nested ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool`` and ``None``.
    lines
        Field path → line number, counted from one.

    Examples
    --------
    >>> from progenitor.documents import load_document
    >>> document = load_document("arms:\n  tscm:\n    dose: 2e6 cell/kg\n", name="s.yaml")
    >>> document.line(("arms", "tscm", "dose"))
    3
    >>> document.line(("arms", "tscm", "schedule"))
    2
    """

    name: str
    data: Any
    lines: Mapping[FieldPath, int]

    def line(self, path: FieldPath) -> int:
        """Return the line of a field, or of its nearest parent when the field is absent.

        Parameters
        ----------
        path
            Mapping keys and list positions from the root.
        """
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return self.lines.get((), 1)

    def problem(self, path: FieldPath, message: str, fix: str) -> Problem:
        """Return a problem that names this file, the field and its line.

        Parameters
        ----------
        path
            The field that is wrong.
        message, fix
            What is wrong with the value, and what to write instead.

        Examples
        --------
        >>> from progenitor.documents import load_document
        >>> document = load_document("dose: -1 cell/kg", name="s.yaml")
        >>> print(document.problem(("dose",), "dose is -1 cell/kg", "give a dose above zero"))
        s.yaml:1: dose: dose is -1 cell/kg. Fix: give a dose above zero
        """
        return Problem(message, fix, self.name, self.line(path), dotted(path) or None)
