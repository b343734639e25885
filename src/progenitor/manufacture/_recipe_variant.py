"""A recipe that is another with some settings changed."""

import copy
from typing import Any, Final

from progenitor.documents import Document, suggestion
from progenitor.errors import CatalogueError, Problem
from progenitor.evidence import Catalogue

__all__ = ["extended"]

_DEEPEST: Final = 8


def extended(catalogue: Catalogue, document: Document) -> Document:
    """Return the document with ``extends`` and ``change`` worked in; others as they are.

    Parameters
    ----------
    catalogue
        Where the recipe that is extended stands.
    document
        A recipe file. ``change`` maps the label of a step to the settings that differ; ``settings``
        are added to those of the recipe extended, ``numbers`` likewise.

    Raises
    ------
    CatalogueError
        When it extends an unknown recipe or itself, or changes a step that is not there.
    """
    return _extended(catalogue, document, _DEEPEST)


def _extended(catalogue: Catalogue, document: Document, depth: int) -> Document:
    data = document.data
    if not isinstance(data, dict) or "extends" not in data:
        return document
    if depth == 0:
        message = f"'{data['extends']}' extends itself"
        raise CatalogueError([document.problem(("extends",), message, "extend another recipe")])
    if data["extends"] not in catalogue.names("recipes"):
        fix = suggestion(str(data["extends"]), catalogue.names("recipes"))
        message = f"unknown recipe '{data['extends']}'"
        raise CatalogueError([document.problem(("extends",), message, fix)])
    base = _extended(catalogue, catalogue.entry("recipes", data["extends"]), depth - 1)
    merged = {**base.data, **{key: data[key] for key in data.keys() - {"extends", "change"}}}
    for key in ("settings", "numbers"):
        merged[key] = {**(base.data.get(key) or {}), **(data.get(key) or {})}
    merged["steps"] = _changed(document, base.data["steps"], data.get("change") or {})
    return Document(document.name, merged, document.lines)


def _changed(document: Document, steps: list[Any], changes: dict[str, Any]) -> list[Any]:
    labels = [str(step.get("label", step.get("step"))) for step in steps]
    problems: list[Problem] = [
        document.problem(("change", label), f"no step '{label}'", suggestion(label, labels))
        for label in changes
        if label not in labels
    ]
    if problems:
        raise CatalogueError(problems)
    changed = copy.deepcopy(steps)
    for step, label in zip(changed, labels, strict=True):
        step["settings"] = {**(step.get("settings") or {}), **(changes.get(label) or {})}
    return changed
