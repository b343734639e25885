"""The catalogue: every number, source and entry the package ships, validated as a whole."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final, final

from progenitor.documents import Document, load_document, suggestion
from progenitor.errors import CatalogueError, InputError, Problem
from progenitor.evidence._parameter import Parameter
from progenitor.evidence._published_table import PublishedTable, read_published_table
from progenitor.evidence._read_parameter import read_parameter
from progenitor.evidence._read_source import read_source
from progenitor.evidence._review import Extraction, read_review, review_state
from progenitor.evidence._roles import overlap_problems
from progenitor.evidence._source import Source
from progenitor.evidence._trust import trust_grade

__all__ = ["KINDS", "Catalogue", "default_catalogue"]

KINDS: Final = (
    "chassis",
    "designs",
    "diseases",
    "hosts",
    "recipes",
    "specifications",
    "steps",
    "studies",
)
"""Kinds of entries that other packages read as documents."""

_FOLDERS: Final = (*KINDS, "library", "parameters", "reviews", "sources")
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
_SHIPPED = Path(__file__).resolve().parent.parent / "catalogue"
_Documents = dict[str, dict[str, Document]]


@final
@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the catalogue says; immutable, and stamped with the hash of its content.

    Parameters
    ----------
    path
        The folder it was read from.
    parameters, sources
        Records by id.
    entries
        Kind → name → document.
    library
        Tables of published models by name; their records are among the parameters too.
    content_hash
        Changes when any value in any record changes; comments and layout do not count.
    """

    path: Path
    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Source]
    entries: Mapping[str, Mapping[str, Document]] = field(repr=False)
    library: Mapping[str, PublishedTable] = field(repr=False)
    content_hash: str

    @classmethod
    def load(cls, path: Path | None = None) -> "Catalogue":
        """Read and check a whole catalogue.

        Parameters
        ----------
        path
            Its folder; by default the one shipped with the package.

        Raises
        ------
        CatalogueError
            Listing every problem in every file.
        """
        root = _SHIPPED if path is None else path
        problems: list[Problem] = []
        documents = _load_documents(root, problems)
        sources = {
            name: read_source(document, name, problems)
            for name, document in documents["sources"].items()
        }
        parameters = {
            name: read_parameter(document, name, problems)
            for name, document in documents["parameters"].items()
        }
        library = {
            name: read_published_table(document, name, problems)
            for name, document in documents["library"].items()
        }
        _check_sources(parameters, sources, documents["parameters"], problems)
        for name, table in library.items():
            problems += table.unknown_sources(sources, documents["library"][name])
            parameters |= table.records
        reviews = _read_reviews(documents["reviews"], parameters, problems)
        own = {name: parameters[name] for name in documents["parameters"]}
        problems += overlap_problems(own, documents["parameters"])
        if problems:
            raise CatalogueError(problems)
        rated = {
            name: _rated(parameter, reviews.get(name, ()), sources)
            for name, parameter in parameters.items()
        }
        entries = {kind: documents[kind] for kind in KINDS}
        tables = {name: table.rated(rated) for name, table in library.items()}
        return cls(root, rated, sources, entries, tables, _content_hash(documents))

    def parameter(self, identifier: str) -> Parameter:
        """Return a parameter by id.

        Raises
        ------
        CatalogueError
            When there is none; the message names the nearest.
        """
        if identifier not in self.parameters:
            raise _unknown("parameter", identifier, self.parameters)
        return self.parameters[identifier]

    def table(self, name: str) -> PublishedTable:
        """Return the numbers of a published model.

        Raises
        ------
        CatalogueError
            When there is none; the message names the nearest.
        """
        if name not in self.library:
            raise _unknown("published model", name, self.library)
        return self.library[name]

    def source(self, identifier: str) -> Source:
        """Return a source by id.

        Raises
        ------
        CatalogueError
            When there is none; the message names the nearest.
        """
        if identifier not in self.sources:
            raise _unknown("source", identifier, self.sources)
        return self.sources[identifier]

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of all entries of a kind, sorted.

        Parameters
        ----------
        kind
            ``parameters``, ``sources``, or one of ``KINDS``.

        Raises
        ------
        CatalogueError
            When there is no such kind.
        """
        if kind == "parameters":
            return tuple(sorted(self.parameters))
        if kind == "sources":
            return tuple(sorted(self.sources))
        if kind not in self.entries:
            raise _unknown("kind of entry", kind, (*KINDS, "parameters", "sources"))
        return tuple(sorted(self.entries[kind]))

    def entry(self, kind: str, name: str) -> Document:
        """Return an entry such as a recipe or a disease as a document with line numbers.

        Parameters
        ----------
        kind
            One of ``KINDS``.
        name
            The file's name without ``.yaml``.

        Raises
        ------
        CatalogueError
            When there is no such kind or entry; the message names the nearest.
        """
        if kind not in self.entries:
            raise _unknown("kind of entry", kind, KINDS)
        if name not in self.entries[kind]:
            raise _unknown(f"entry of {kind}", name, self.entries[kind])
        return self.entries[kind][name]


@cache
def default_catalogue() -> Catalogue:
    """Return the catalogue shipped with the package; read once per process.

    Raises
    ------
    CatalogueError
        When a shipped record is wrong.

    Examples
    --------
    >>> default_catalogue() is default_catalogue()
    True
    """
    return Catalogue.load()


def _unknown(what: str, name: str, known: Mapping[str, object] | tuple[str, ...]) -> CatalogueError:
    return CatalogueError([Problem(f"unknown {what} '{name}'", suggestion(name, known))])


def _load_documents(root: Path, problems: list[Problem]) -> _Documents:
    """Read every record of every folder; sorted, so that nothing depends on the file system."""
    documents: _Documents = {folder: {} for folder in _FOLDERS}
    if not root.is_dir():
        fix = "give the path of a catalogue folder"
        raise CatalogueError([Problem("the catalogue is not a folder", fix, str(root))])
    for path in sorted(root.iterdir()):
        if path.is_dir() and path.name not in _FOLDERS and not path.name.startswith((".", "_")):
            where = f"{root.name}/{path.name}"
            message = f"unknown folder '{path.name}'"
            problems.append(Problem(message, suggestion(path.name, _FOLDERS), where))
    for folder in _FOLDERS:
        for path in _records(root / folder):
            where = f"{root.name}/{path.relative_to(root).as_posix()}"
            name = path.relative_to(root / folder).with_suffix("").as_posix()
            problem = _name_problem(path, name, where)
            if problem is not None:
                problems.append(problem)
                continue
            try:
                documents[folder][name] = load_document(path, name=where)
            except InputError as error:
                problems.extend(error.problems)
    return documents


def _records(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder in order, without hidden ones and notes."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix != ".md":
            yield path


def _name_problem(path: Path, name: str, where: str) -> Problem | None:
    if path.suffix != ".yaml":
        return Problem(f"'{path.name}' is not a .yaml file", "rename or remove it", where)
    if not all(_NAME.fullmatch(part) for part in name.split("/")):
        fix = "use small letters, digits and underscores"
        return Problem(f"'{name}' is not a name the catalogue uses", fix, where)
    return None


def _check_sources(
    parameters: Mapping[str, Parameter],
    sources: Mapping[str, Source],
    documents: Mapping[str, Document],
    problems: list[Problem],
) -> None:
    for name, parameter in parameters.items():
        if "/" not in name:
            fix = "move it to parameters/<subject>/<quantity>.yaml"
            problems.append(documents[name].problem((), f"'{name}' has no subject", fix))
        for position, entry in enumerate(parameter.reported):
            if entry.source and entry.source not in sources:
                path = ("reported", position, "source")
                message = f"unknown source '{entry.source}'"
                fix = suggestion(entry.source, sources)
                problems.append(documents[name].problem(path, message, fix))


def _read_reviews(
    documents: Mapping[str, Document],
    parameters: Mapping[str, Parameter],
    problems: list[Problem],
) -> dict[str, tuple[Extraction, ...]]:
    reviews = {}
    for name, document in documents.items():
        if name not in parameters:
            message = f"reviews an unknown parameter '{name}'"
            problems.append(document.problem((), message, suggestion(name, parameters)))
            continue
        reviews[name] = read_review(document, parameters[name], problems)
    return reviews


def _rated(
    parameter: Parameter, extractions: tuple[Extraction, ...], sources: Mapping[str, Source]
) -> Parameter:
    """Fill in what is derived rather than typed: grade, state and trust."""
    first = next((entry for entry in parameter.reported if not entry.remembered), None)
    grade = "" if first is None else sources[first.source].grade
    state = review_state(parameter, extractions, sources)
    graded = replace(parameter, grade=grade, state=state)
    return replace(graded, trust=trust_grade(graded, state))


def _content_hash(documents: _Documents) -> str:
    digest = blake2b(digest_size=16)
    for folder in sorted(documents):
        for name, document in sorted(documents[folder].items()):
            content = json.dumps([folder, name, document.data], sort_keys=True, ensure_ascii=False)
            digest.update(content.encode())
            digest.update(b"\n")
    return digest.hexdigest()
