"""Reads a source record from ``catalogue/sources/``."""

import re
from typing import cast

from progenitor.documents import Document
from progenitor.errors import Problem
from progenitor.evidence._fields import Fields
from progenitor.evidence._source import GRADES, Grade, Source

__all__ = ["read_source"]

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_URL = re.compile(r"https?://\S+")
_YEARS = (1800, 2100)


def read_source(document: Document, identifier: str, problems: list[Problem]) -> Source:
    """Read one source and add every problem with it to ``problems``.

    Parameters
    ----------
    document
        The file.
    identifier
        What its path says its id is.
    problems
        Where problems are added.
    """
    fields = Fields.root(document, problems)
    if fields.text("id") not in {"", identifier}:
        message = f"id is '{document.data['id']}' but the file is '{identifier}.yaml'"
        fields.refuse("id", message, f"write 'id: {identifier}', or rename the file")
    source = Source(
        id=identifier,
        title=fields.text("title"),
        authors=_authors(fields),
        year=fields.count("year") or 0,
        journal=fields.text("journal"),
        doi=fields.text("doi", required=False),
        url=fields.text("url", required=False),
        grade=cast("Grade", fields.choice("grade", GRADES)),
        retracted=fields.flag("retracted"),
        notes=fields.text("notes", required=False),
    )
    if source.year and not _YEARS[0] <= source.year <= _YEARS[1]:
        fields.refuse("year", f"year is {source.year}", "write the year of publication")
    if source.doi and not _DOI.fullmatch(source.doi):
        fix = "write it like 10.1002/psp4.12388, without https://doi.org/"
        fields.refuse("doi", f"doi is '{source.doi}'", fix)
    if source.url and not _URL.fullmatch(source.url):
        fields.refuse("url", f"url is '{source.url}'", "write a full https:// address")
    fields.close()
    return source


def _authors(fields: Fields) -> tuple[str, ...]:
    """Read authors: a list, or text with commas (semicolons when names hold commas)."""
    value = fields.raw("authors")
    if isinstance(value, str):
        value = value.split(";" if ";" in value else ",")
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        fields.refuse("authors", "authors are missing or not text", "write 'Able A, Baker B'")
        return ()
    names = tuple(name.strip() for name in value if name.strip())
    if not names:
        fields.refuse("authors", "authors are empty", "write 'Able A, Baker B', or an organisation")
    return names
