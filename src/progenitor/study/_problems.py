"""Complaints of the schema, translated: file, line, field, value, and what to type instead."""

import difflib
from collections.abc import Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from progenitor.documents import Document, suggestion
from progenitor.errors import Problem
from progenitor.study._wording import shorten, shown

__all__ = ["schema_problems"]

Path = tuple[str | int, ...]

_KINDS = {
    "bool_type": ("neither true nor false", "write true or false"),
    "dict_type": ("not a mapping", "write 'name:' lines, indented below this key"),
    "float_type": ("not a number", "write a number, such as 0.05"),
    "int_from_float": ("not a whole number", "write a whole number, such as 20"),
    "int_type": ("not a whole number", "write a whole number, such as 20"),
    "list_type": ("not a list", 'write a list, such as ["28 day", "90 day"]'),
    "model_type": ("not a mapping", "write 'key: value' lines, indented below this key"),
    "string_type": ("not text", "write text, in quotes where YAML reads it as something else"),
}


def schema_problems(
    error: ValidationError, document: Document, model: type[BaseModel]
) -> list[Problem]:
    """Translate everything a validation found.

    An unknown key that is clearly a misspelling of a missing one is one problem, not two.

    Parameters
    ----------
    error
        What pydantic raised.
    document
        The document that was validated, for its lines.
    model
        The model it was validated against.
    """
    details = error.errors(include_url=False)
    unknown = {item["loc"] for item in details if item["type"] == "extra_forbidden"}
    missing = {item["loc"] for item in details if item["type"] == "missing"}
    renamed: dict[Path, str] = {}
    for path in sorted(unknown, key=str):
        absent = [str(gone[-1]) for gone in missing if gone[:-1] == path[:-1]]
        if close := difflib.get_close_matches(str(path[-1]), absent, n=1):
            renamed[path] = close[0]
    mended = {(*path[:-1], name) for path, name in renamed.items()}
    return [
        _problem(item, document, model, renamed) for item in details if item["loc"] not in mended
    ]


def _problem(
    item: ErrorDetails, document: Document, model: type[BaseModel], renamed: dict[Path, str]
) -> Problem:
    path = tuple(part for part in item["loc"] if part != "[key]")
    message, fix = _words(item, path, model, renamed)
    return document.problem(path, message, fix)


def _words(
    item: ErrorDetails, path: Path, model: type[BaseModel], renamed: dict[Path, str]
) -> tuple[str, str]:
    """Say what is wrong and what to type, for one complaint."""
    kind, context, value = item["type"], item.get("ctx", {}), item["input"]
    said = shown(value)
    if kind == "quantity":
        return str(context["message"]), str(context["fix"])
    if kind == "extra_forbidden":
        known = _keys_at(model, path[:-1])
        fix = f"write '{renamed[path]}'" if path in renamed else suggestion(str(path[-1]), known)
        return f"unknown key '{shorten(str(path[-1]))}'", fix
    if kind == "missing":
        return f"'{path[-1]}' is missing", f"add '{path[-1]}: …'{_example(model, path)}"
    if kind == "literal_error":
        choices = [str(choice) for choice in _choices(model, path)]
        return f"{said} is not one of the choices", suggestion(str(value), choices)
    if kind == "string_pattern_mismatch":
        if "\\S" in str(context["pattern"]):
            return "the text is empty", "write at least one word"
        return (
            f"{said} is not a name",
            "use small letters, digits and underscores, beginning with a letter: 'tscm_car_t'",
        )
    if kind == "string_too_short":
        return "the text is empty", "write at least one word"
    if not path:
        first = next(iter(model.model_fields))
        return (
            f"{said} is not {'an' if first[0] in 'aeiou' else 'a'} {first}",
            f"write '{first}: name' first; `progenitor init` shows one",
        )
    if kind in _KINDS:
        return f"{said} is {_KINDS[kind][0]}", _KINDS[kind][1]
    return f"{said}: {_lower(item['msg'])}", _limits(context)


def _limits(context: dict[str, Any]) -> str:
    """Turn the limits pydantic compared with into advice."""
    words = {
        "ge": "at least {}",
        "gt": "more than {}",
        "le": "at most {}",
        "lt": "less than {}",
        "min_length": "at least {} of them",
        "max_length": "at most {} of them",
    }
    said = [text.format(context[name]) for name, text in words.items() if name in context]
    return f"give {' and '.join(said)}" if said else "see `progenitor init` for an example"


def _keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """List the keys a mapping at ``path`` may have."""
    found = _annotation_at(model, path)
    return list(_fields(found)) if _is_model(found) else []


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Fields of a section by the name they have in a file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _choices(model: type[BaseModel], path: Path) -> Sequence[Any]:
    return get_args(_annotation_at(model, path))


def _example(model: type[BaseModel], path: Path) -> str:
    """Show the description of a missing field."""
    found = _annotation_at(model, path[:-1])
    if not _is_model(found):
        return ""
    description = _fields(found)[str(path[-1])].description
    return f" ({description.rstrip('.')})" if description else ""


def _annotation_at(model: type[BaseModel], path: Path) -> Any:
    """Follow a path through models, mappings and lists to a type."""
    current: Any = model
    for part in path:
        current = _plain(current)
        if _is_model(current):
            field = _fields(current).get(str(part))
            current = field.annotation if field else None
        elif get_origin(current) in (dict, list):
            current = get_args(current)[-1]
        else:
            return None
    return _plain(current)


def _plain(annotation: Any) -> Any:
    """Strip what surrounds a type: validators, and leave to be left out."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        parts = [part for part in get_args(annotation) if part is not NoneType]
        annotation = parts[0]
    return annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
