"""From the text of a study file to its validated sections, with every problem at once."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, final

from pydantic import BaseModel, ValidationError

from progenitor.documents import Document, dotted, read_document
from progenitor.errors import Problem, StudyError
from progenitor.study._problems import schema_problems

__all__ = ["Source", "read_text", "sections_of", "with_values"]

Model = TypeVar("Model", bound=BaseModel)
File = TypeVar("File")
Place = tuple[str | int, ...]


@final
@dataclass(frozen=True, slots=True)
class Source:
    """A study file of either kind as it was read.

    Parameters
    ----------
    document
        Its data and the line of every field, refused values empty.
    refused
        What could not be read.
    text, path
        The file word for word, and where it is, which problems name.
    """

    document: Document
    refused: tuple[Problem, ...]
    text: str
    path: Path

    @classmethod
    def of_file(cls, path: Path | str) -> "Source":
        """Read a file; raises as :func:`read_text`."""
        document, refused = read_text(Path(path))
        return cls(document, refused, Path(path).read_text(encoding="utf-8"), Path(path))

    @classmethod
    def of_text(cls, text: str, path: Path | str) -> "Source":
        """Read a text, such as the copy in a run folder; raises as :func:`read_text`."""
        document, refused = read_text(text, name=str(path))
        return cls(document, refused, text, Path(path))

    def changed(self, document: Document) -> "Source":
        """Return the same file with other data, of which nothing is refused."""
        return replace(self, document=document, refused=())


def read_text(
    source: Path | str, *, name: str | None = None
) -> tuple[Document, tuple[Problem, ...]]:
    """Read a study file, or its text under a name, as far as it can be read.

    Returns
    -------
    Document
        What it says, refused values empty.
    tuple of Problem
        What was refused.

    Raises
    ------
    StudyError
        When its structure cannot be read to the end.
    """
    document, problems = read_document(source, name=name)
    if document is None:
        raise StudyError(problems)
    return document, problems


def sections_of(
    document: Document,
    refused: Sequence[Problem],
    model: type[Model],
    checks: Callable[[Document], Sequence[Problem]],
) -> Model:
    """Validate a study file against its schema and everything the schema cannot say.

    Parameters
    ----------
    document, refused
        What :func:`read_text` returned.
    model
        The outermost section.
    checks
        Lists what else is wrong with a document; it looks past malformed parts.

    Raises
    ------
    StudyError
        Listing every problem, in the order of the lines.
    """
    problems: list[Problem] = []
    file = None
    try:
        file = model.model_validate(document.data)
    except ValidationError as error:
        problems = schema_problems(error, document, model)
    said = {problem.field for problem in problems}
    problems += [problem for problem in checks(document) if problem.field not in said]
    names = {problem.field for problem in refused}
    problems = [*refused, *(problem for problem in problems if problem.field not in names)]
    if file is None or problems:
        raise StudyError(sorted(problems, key=lambda problem: problem.line or 0))
    return file


def with_values(
    document: Document,
    options: Mapping[str, tuple[Place, Any]],
    read: Callable[[Document], File],
) -> File:
    """Read a document again with some values replaced; what is then wrong is named as an option.

    Parameters
    ----------
    document
        The document as read.
    options
        Name of each option → place of its value, and the new value or None to keep the old.
    read
        Validates the changed document.

    Raises
    ------
    StudyError
        If a value is out of range.
    """
    data = copy.deepcopy(document.data)
    for place, value in options.values():
        *sections, key = place
        target = data
        for section in sections:
            target = target[section]
        target[key] = target[key] if value is None else value
    try:
        return read(replace(document, data=data))
    except StudyError as error:
        names = {dotted(place): option for option, (place, _) in options.items()}
        raise StudyError(
            [
                Problem(problem.message, problem.fix, field=names.get(problem.field or ""))
                for problem in error.problems
            ]
        ) from None
