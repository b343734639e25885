"""Reading an SBML text safely: refused before any library parses it are bombs and strangers."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn, final
from xml.parsers import expat

from progenitor.errors import InputError, Problem

__all__ = ["SbmlSource", "guarded", "read_source"]

MOST_BYTES: Final = 50_000_000
MOST_DEPTH: Final = 200
MOST_ELEMENTS: Final = 5_000_000
MOST_OPERANDS: Final = 10_000
_MATHEMATICS: Final = ("apply", "lambda", "piecewise")
_LOOKS_LIKE_XML: Final = re.compile(r"[\s\ufeff]*<")
_CORE: Final = re.compile(r"http://www\.sbml\.org/sbml/level\d(?:/version\d)?(?:/core)?\Z")
_PACKAGE: Final = re.compile(r"http://www\.sbml\.org/sbml/level\d/version\d/([a-z]+)/version\d\Z")
_DECLARATION: Final = re.compile(r"\s*<\?xml\s[^>]*\?>")
_ENCODINGS: Final = {"utf-8": "utf-8-sig", "us-ascii": "ascii", "iso-8859-1": "latin-1"}
_SEPARATOR: Final = "\n"


@final
@dataclass(frozen=True, slots=True)
class SbmlSource:
    """A text that may be parsed.

    Parameters
    ----------
    text
        A well-formed XML document without declaration and document type.
    name
        The file it came from, or ``<text>``.
    folder
        Where other files that it names may lie; None for a text.
    required
        Packages it cannot be understood without.
    """

    text: str
    name: str
    folder: Path | None
    required: tuple[str, ...] = ()


def read_source(path_or_text: str | Path) -> SbmlSource:
    """Read an SBML file or text and refuse what must not be parsed.

    Parameters
    ----------
    path_or_text
        A path, or the text itself, which begins with ``<``.

    Raises
    ------
    InputError
        When the file is missing, larger than 50 MB, not XML, not SBML, nested too deeply, or
        declares a document type (and with it entities).

    Examples
    --------
    >>> read_source('<!DOCTYPE sbml><sbml/>')
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: <text>:1: the XML declares a document type, with which \
entities come. Fix: remove <!DOCTYPE ...>; SBML needs none
    """
    if isinstance(path_or_text, str) and _LOOKS_LIKE_XML.match(path_or_text):
        return guarded(path_or_text.encode(), "<text>", None)
    path = Path(path_or_text)
    try:
        size = path.stat().st_size if path.is_file() else -1
        if size > MOST_BYTES:
            _refuse_size(size, str(path))
        text = path.read_bytes() if size >= 0 else b""
    except (OSError, ValueError) as error:
        raise InputError(
            [Problem(f"cannot be read ({error})", "check the path", str(path)[:200])]
        ) from None
    if size < 0:
        raise InputError([Problem("is not a file", "give the path of an SBML file", str(path))])
    return guarded(text, str(path), path.parent)


def guarded(text: bytes, name: str, folder: Path | None) -> SbmlSource:
    """Check a text without building anything from it.

    Raises
    ------
    InputError
        As for :func:`read_source`.
    """
    if len(text) > MOST_BYTES:
        _refuse_size(len(text), name)
    check = _Check(name)
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.StartDoctypeDeclHandler = lambda *_: check.refuse(
        parser.CurrentLineNumber,
        "the XML declares a document type, with which entities come",
        "remove <!DOCTYPE ...>; SBML needs none",
    )
    parser.XmlDeclHandler = lambda _, encoding, __: check.encoded(encoding)
    parser.StartElementHandler = lambda tag, pairs: check.start(
        parser.CurrentLineNumber, tag, pairs
    )
    parser.EndElementHandler = lambda _: check.end()
    try:
        if b"\0" in text:
            check.refuse(1, "not XML in UTF-8: it has zero bytes", "save the file as UTF-8")
        parser.Parse(text, True)  # noqa: FBT003 - positional only: this is all of it
        plain = _DECLARATION.sub("", text.decode(check.encoding), count=1)
    except expat.ExpatError as error:
        check.refuse(error.lineno, f"not XML: {error}", "export the model again")
    except ValueError as error:
        check.refuse(1, f"not XML: {error}", "save the file as UTF-8")
    return SbmlSource(plain, name, folder, tuple(sorted(check.required)))


def _refuse_size(size: int, name: str) -> NoReturn:
    raise InputError(
        [Problem(f"has {size:,} bytes; at most {MOST_BYTES:,}", "split the model", name)]
    )


@final
@dataclass(slots=True)
class _Check:
    name: str
    depth: int = 0
    elements: int = 0
    encoding: str = "utf-8-sig"
    operands: list[int] = field(default_factory=list)
    """For each open element how many children it may still have."""
    required: set[str] = field(default_factory=set)

    def refuse(self, line: int, message: str, fix: str) -> NoReturn:
        raise InputError([Problem(message, fix, self.name, line)])

    def encoded(self, encoding: str | None) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            self.refuse(1, f"is written in {encoding[:40]!r}", "save the file as UTF-8")
        self.encoding = _ENCODINGS[(encoding or "utf-8").lower()]

    def start(self, line: int, tag: str, attributes: dict[str, str]) -> None:
        if self.depth == 0:
            self._root(line, tag, attributes)
        self.depth += 1
        self.elements += 1
        if self.depth > MOST_DEPTH:
            self.refuse(
                line, f"nests deeper than {MOST_DEPTH} elements", "split long formulas in rules"
            )
        if self.elements > MOST_ELEMENTS:
            self.refuse(line, f"has more than {MOST_ELEMENTS:,} elements", "split the model")
        if self.operands:
            self.operands[-1] -= 1
            if self.operands[-1] < 0:
                what = f"a formula has more than {MOST_OPERANDS:,} operands side by side"
                self.refuse(line, what, "split it in rules")
        formula = tag.rpartition(_SEPARATOR)[2] in _MATHEMATICS
        self.operands.append(MOST_OPERANDS if formula else MOST_ELEMENTS)

    def end(self) -> None:
        self.depth -= 1
        self.operands.pop()

    def _root(self, line: int, tag: str, attributes: dict[str, str]) -> None:
        space, _, local = tag.rpartition(_SEPARATOR)
        if local != "sbml" or not _CORE.match(space):
            shown = f"{local} of {space}" if space else local
            self.refuse(line, f"the outermost element is <{shown[:120]}>", "give an SBML document")
        for key, value in attributes.items():
            found = _PACKAGE.match(key.rpartition(_SEPARATOR)[0])
            if found and key.endswith(f"{_SEPARATOR}required") and value in ("true", "1"):
                self.required.add(found[1])
