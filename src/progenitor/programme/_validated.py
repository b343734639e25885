"""A document checked against its schema, every problem with its line."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from progenitor.documents import Document
from progenitor.errors import InputError

__all__ = ["validated"]

T = TypeVar("T", bound=BaseModel)

_FIXES = {
    "missing": "add it",
    "extra_forbidden": "remove it or correct its spelling",
    "date_from_datetime_parsing": "write a date as 2026-11-21",
    "date_parsing": "write a date as 2026-11-21",
}


def validated(schema: type[T], document: Document) -> T:
    """Return the document as its schema, or raise ``InputError`` with every problem.

    Parameters
    ----------
    schema
        Pydantic model that forbids fields it does not know.
    document
        What a person wrote.

    Examples
    --------
    >>> from progenitor.documents import load_document
    >>> class Pair(BaseModel):
    ...     first: int
    >>> validated(Pair, load_document("second: 2", name="pair.yaml"))
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: pair.yaml:1: first: field required. Fix: add it
    """
    try:
        return schema.model_validate(document.data)
    except ValidationError as error:
        raise InputError(
            [
                document.problem(
                    tuple(found["loc"]),
                    _lower(found["msg"]),
                    _FIXES.get(found["type"], "give what the message asks for"),
                )
                for found in error.errors(include_url=False, include_context=False)
            ]
        ) from None


def _lower(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return text[:1].lower() + text[1:]
