"""Builds plain data from a stream of YAML events, refusing what a strict document may not hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, final

import yaml

from progenitor.documents._document import FieldPath, dotted
from progenitor.documents._scalars import Refusal, plain_value
from progenitor.errors import Problem

__all__ = ["MAX_DEPTH", "MAX_PROBLEMS", "MAX_VALUES", "Builder"]

MAX_DEPTH = 40
"""How deep lists and mappings may nest."""
MAX_VALUES = 5_000
"""How many values one document may hold."""
MAX_PROBLEMS = 100
"""How many problems are listed before reading stops."""

_SHOWN = 40
_LONGEST_KEY = 200


@final
class _UnreadableKey:
    """Stands where a key was refused, so that its value is read but not kept."""


_UNREADABLE = _UnreadableKey()


@final
@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open."""

    container: Any
    path: FieldPath
    is_key: bool = False
    key: str | _UnreadableKey | None = None
    keys: dict[str, int] = field(default_factory=dict)


@final
@dataclass(slots=True)
class Builder:
    """Turns parser events into data, line numbers and problems.

    Parameters
    ----------
    name
        What problems call the document.
    data, whole
        What was read, with nothing in place of refused values, and whether reading got to the end.
    """

    name: str
    data: Any = None
    whole: bool = False
    lines: dict[FieldPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _stack: list[_Frame] = field(default_factory=list)
    _documents: int = 0

    def build(self, events: Iterable[yaml.Event]) -> None:
        """Read every event; stop early when the document is plainly not meant to be read."""
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._open(event, {} if kind is yaml.MappingStartEvent else [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close()
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent and not self._start(event):
                return
            if self._must_stop(event):
                return
        self.whole = True

    def refuse(self, line: int, path: FieldPath, message: str, fix: str) -> None:
        """Add a problem at a line."""
        self.problems.append(Problem(message, fix, self.name, line, dotted(path) or None))

    def _start(self, event: Any) -> bool:
        line = event.start_mark.line + 1
        self._documents += 1
        if self._documents > 1:
            self.refuse(line, (), "a second document starts here", "keep one document per file")
            return False
        if event.version or event.tags:
            self.refuse(line, (), "YAML directives are not accepted", "remove the lines with '%'")
        return True

    def _must_stop(self, event: Any) -> bool:
        line = event.start_mark.line + 1
        if len(self._stack) > MAX_DEPTH:
            message = f"lists and mappings nest deeper than {MAX_DEPTH}"
            self.refuse(line, (), message, "flatten the document")
            return True
        if len(self.lines) > MAX_VALUES:
            message = f"the document holds more than {MAX_VALUES} values"
            self.refuse(line, (), message, "split it into several files")
            return True
        if len(self.problems) >= MAX_PROBLEMS:
            message = f"reading stopped here after {len(self.problems)} problems"
            self.refuse(line, (), message, "mend the problems above first")
            return True
        return False

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        frame = self._stack[-1] if self._stack else None
        if frame is not None and type(frame.container) is dict and frame.key is None:
            self._check_properties(event, (*frame.path, event.value[:_SHOWN]), line)
            self._take_key(frame, event.value, line)
            return
        path = self._path_of_next()
        self._check_properties(event, path, line)
        value: Any = event.value
        if event.implicit[0]:
            value = plain_value(value)
            if isinstance(value, Refusal):
                self.refuse(line, path, value.message, value.fix)
                value = None
        self._attach(value, path, line)

    def _take_key(self, frame: _Frame, key: str, line: int) -> None:
        frame.key = _UNREADABLE
        if key == "<<":
            fix = "write every field where it belongs"
            self.refuse(line, frame.path, "merge keys ('<<') are not accepted", fix)
        elif not key.strip():
            self.refuse(line, frame.path, "a field has no name", "write 'name: value'")
        elif len(key) > _LONGEST_KEY:
            message = f"a field name is longer than {_LONGEST_KEY} characters"
            self.refuse(line, frame.path, message, "write a short name")
        elif key in frame.keys:
            message = f"duplicate field '{key[:_SHOWN]}', first given on line {frame.keys[key]}"
            self.refuse(line, (*frame.path, key), message, "keep one of them")
        else:
            frame.keys[key] = line
            frame.key = key

    def _open(self, event: Any, container: Any) -> None:
        line = event.start_mark.line + 1
        frame = self._stack[-1] if self._stack else None
        if frame is not None and type(frame.container) is dict and frame.key is None:
            fix = "use plain text for the name of a field"
            self.refuse(line, frame.path, "a list or mapping is used as the name of a field", fix)
            self._stack.append(_Frame(container, (*frame.path, "?"), is_key=True))
            return
        path = self._path_of_next()
        self._check_properties(event, path, line)
        self._attach(container, path, line)
        self._stack.append(_Frame(container, path))

    def _close(self) -> None:
        closed = self._stack.pop()
        if closed.is_key:
            self._stack[-1].key = _UNREADABLE

    def _alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        frame = self._stack[-1] if self._stack else None
        path = self._path_of_next()
        message = f"alias '*{event.anchor[:_SHOWN]}' is not accepted"
        self.refuse(line, path, message, "write the value out where it is needed")
        if frame is not None and type(frame.container) is dict and frame.key is None:
            frame.key = _UNREADABLE
        else:
            self._attach(None, path, line)

    def _check_properties(self, event: Any, path: FieldPath, line: int) -> None:
        if event.anchor is not None:
            message = f"anchor '&{event.anchor[:_SHOWN]}' is not accepted"
            self.refuse(line, path, message, "write the value out where it is needed")
        if event.tag is not None:
            message = f"tag '{event.tag[:_SHOWN]}' is not accepted"
            self.refuse(line, path, message, "remove the tag")

    def _path_of_next(self) -> FieldPath:
        if not self._stack:
            return ()
        frame = self._stack[-1]
        if type(frame.container) is list:
            return (*frame.path, len(frame.container))
        return (*frame.path, frame.key if isinstance(frame.key, str) else "?")

    def _attach(self, value: Any, path: FieldPath, line: int) -> None:
        if not self._stack:
            self.data = value
            self.lines[()] = line
            return
        frame = self._stack[-1]
        if type(frame.container) is list:
            frame.container.append(value)
            self.lines[path] = line
            return
        if isinstance(frame.key, str):
            frame.container[frame.key] = value
            self.lines[path] = frame.keys[frame.key]
        frame.key = None
