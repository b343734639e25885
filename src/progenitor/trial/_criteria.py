"""The numbers of published criteria, read from the catalogue into the endpoint that uses them."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar, cast

from progenitor.evidence import Catalogue

__all__ = ["address", "address_part", "published_endpoint"]

_Endpoint = TypeVar("_Endpoint")


def address(*identifiers: str) -> Mapping[str, tuple[str, ...]]:
    """Say where the number of a field is kept, or the several numbers of a tuple.

    Examples
    --------
    >>> dict(address("endpoint/recist_partial_decrease"))
    {'numbers': ('endpoint/recist_partial_decrease',)}
    """
    return {"numbers": identifiers}


def address_part(kind: type[object]) -> Mapping[str, type[object]]:
    """Say that a field holds a part whose own fields have addresses.

    Examples
    --------
    >>> address_part(dict)["part"].__name__
    'dict'
    """
    return {"part": kind}


def published_endpoint(kind: type[_Endpoint], catalogue: Catalogue, **choices: Any) -> _Endpoint:
    """Make an endpoint with the numbers of its published criteria.

    Each field that names a catalogue number gets the median of that number, in the catalogue's
    unit; what a protocol has to choose, or chooses differently, is given by name.

    Parameters
    ----------
    kind
        Class of the endpoint.
    catalogue
        Where the numbers are.
    choices
        Fields set by hand.

    Raises
    ------
    CatalogueError
        When the catalogue has no such number.
    DesignError
        When the endpoint refuses the numbers.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.trial import RecistResponse
    >>> recist = published_endpoint(RecistResponse, default_catalogue(), minimum_stable=56.0)
    >>> recist.partial_decrease, recist.absolute_increase, recist.minimum_stable
    (0.3, 5.0, 56.0)
    """
    settings = dict(choices)
    for item in fields(cast("Any", kind)):
        if item.name in settings:
            continue
        if "part" in item.metadata:
            settings[item.name] = published_endpoint(item.metadata["part"], catalogue)
        elif "numbers" in item.metadata:
            medians = tuple(_median(catalogue, name) for name in item.metadata["numbers"])
            settings[item.name] = medians if len(medians) > 1 else medians[0]
    return kind(**settings)


def _median(catalogue: Catalogue, identifier: str) -> float:
    """Return the number itself; criteria have no spread."""
    used = catalogue.parameter(identifier).used
    return float("nan") if used is None else float(used.median)
