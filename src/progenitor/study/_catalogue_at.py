"""The catalogue in a folder, read once per process."""

from functools import cache
from pathlib import Path

from progenitor.evidence import Catalogue, default_catalogue

__all__ = ["catalogue_at"]


@cache
def catalogue_at(path: Path) -> Catalogue:
    """Return the catalogue in a folder; the shipped one is not read twice.

    Examples
    --------
    >>> catalogue_at(default_catalogue().path) is default_catalogue()
    True
    """
    shipped = default_catalogue()
    return shipped if path == shipped.path else Catalogue.load(path)
