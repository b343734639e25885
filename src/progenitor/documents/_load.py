"""Reads a strict YAML document from a file or from text."""

import re
from pathlib import Path

import yaml

from progenitor.documents._builder import MAX_PROBLEMS, Builder
from progenitor.documents._document import Document
from progenitor.errors import InputError, Problem

__all__ = ["MAX_BYTES", "load_document", "read_document"]

MAX_BYTES = 1024 * 1024
"""How large a document may be."""

_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
_HINTS = (
    ("unexpected end of stream", "close the quote or bracket that is opened here"),
    ("unexpected document indicator", "close the quote or bracket that is opened here"),
    ("cannot start any token", "put text that begins with a special character in quotes"),
    (
        "mapping values are not allowed",
        "mend the indentation or a ':' missing above, or put the text in quotes",
    ),
    ("could not find expected ':'", "write 'name: value', with a space after the colon"),
    ("did not find expected key", "line the fields of a mapping up in one column"),
    ("did not find expected '-' indicator", "line the '-' of a list up in one column"),
    ("did not find expected ',' or", "close the bracket or add the missing comma"),
    ("escape", "use single quotes, or double the backslash"),
)
_ANY_SYNTAX = "check quotes, brackets and indentation here and on the line above"


def load_document(source: Path | str, *, name: str | None = None) -> Document:
    r"""Read strict YAML 1.2 and keep the line of every field.

    Refused, each with file, line and fix: anchors, aliases, tags, directives, duplicate or
    non-text field names, several documents, NaN and infinity, more than 1 MiB, nesting beyond 40.
    Numbers follow YAML 1.2, so ``1e3`` is a number and ``NO`` is text.

    Parameters
    ----------
    source
        A path to read, or the text itself.
    name
        What errors call the document; by default its path, or ``<text>``.

    Raises
    ------
    InputError
        Listing every problem found.

    Examples
    --------
    >>> load_document("dose: 2e6\ncountry: NO\n").data
    {'dose': 2000000.0, 'country': 'NO'}
    >>> load_document("a: 1\nb: .nan\na: 2\n", name="s.yaml")
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: s.yaml:2: b: '.nan' is not a finite number. Fix: give a ...
    s.yaml:3: a: duplicate field 'a', first given on line 1. Fix: keep one of them
    """
    document, problems = read_document(source, name=name)
    if document is None or problems:
        raise InputError(problems)
    return document


def read_document(
    source: Path | str, *, name: str | None = None
) -> tuple[Document | None, tuple[Problem, ...]]:
    r"""Read strict YAML as far as it can be read, for a caller who has more to complain about.

    Parameters
    ----------
    source, name
        As in :func:`load_document`.

    Returns
    -------
    Document or None
        What the document says, with ``None`` in place of every refused value and the first of
        duplicate fields; ``None`` when its structure cannot be read to the end.
    tuple of Problem
        Everything that is refused, in the order of the lines.

    Examples
    --------
    >>> document, problems = read_document("a: 1\nb: .nan\n")
    >>> document.data, problems[0].field
    ({'a': 1, 'b': None}, 'b')
    """
    try:
        text, name = _text_of(source, name)
    except InputError as error:
        return None, error.problems
    builder = Builder(name)
    try:
        builder.build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        builder.problems.extend(_syntax_problems(error, text, name))
    except yaml.YAMLError as error:
        builder.problems.append(Problem(f"not readable as YAML: {error}", _ANY_SYNTAX, name))
    problems = tuple(sorted(builder.problems, key=lambda problem: problem.line or 0))
    return (Document(name, builder.data, builder.lines) if builder.whole else None), problems


def _text_of(source: Path | str, name: str | None) -> tuple[str, str]:
    """Return the text of a document and what errors call it."""
    if isinstance(source, Path):
        name = str(source) if name is None else name
        text = _decode(_read(source, name), name)
    else:
        name = "<text>" if name is None else name
        text = source
        if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            raise InputError([_too_large(name)])
    text = text.removeprefix("\ufeff")
    _refuse_unprintable(text, name)
    return text, name


def _read(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():
            what = "is a folder or a device" if path.exists() else "does not exist"
            raise InputError([Problem(f"the file {what}", "give the path of a YAML file", name)])
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fix = "check the path and its permissions"
        raise InputError([Problem(f"the file cannot be read ({reason})", fix, name)]) from error
    if len(content) > MAX_BYTES:
        raise InputError([_too_large(name)])
    return content


def _too_large(name: str) -> Problem:
    return Problem("the document is larger than 1 MiB", "split it into several files", name)


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        raise InputError([Problem(message, "save the file as UTF-8", name, line)]) from error


def _refuse_unprintable(text: str, name: str) -> None:
    problems = []
    for match in _UNPRINTABLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        message = f"character U+{ord(match.group()):04X} is not accepted"
        problems.append(Problem(message, "delete the invisible character", name, line))
        if len(problems) == MAX_PROBLEMS:
            break
    if problems:
        raise InputError(problems)


def _syntax_problems(error: yaml.MarkedYAMLError, text: str, name: str) -> list[Problem]:
    """Say what the parser stumbled over, and every tab that may have tripped it."""
    tabs = [text.count("\n", 0, match.end()) + 1 for match in _TAB_INDENT.finditer(text)]
    problems = [
        Problem("a tab is used for indentation", "indent with spaces", name, line)
        for line in tabs[:MAX_PROBLEMS]
    ]
    what = error.problem or "not readable as YAML"
    mark = error.problem_mark
    unclosed = "end of stream" in what or "document indicator" in what
    if unclosed and error.context_mark is not None:
        mark = error.context_mark
    last = max(1, len(text.splitlines()))
    line = last if mark is None else min(mark.line + 1, last)
    if line in tabs:
        return problems
    fix = next((hint for needle, hint in _HINTS if needle in what), _ANY_SYNTAX)
    message = f"syntax error {error.context}: {what}" if error.context else f"syntax error: {what}"
    return [*problems, Problem(message, fix, name, line)]
