"""The bodies that ship with the catalogue, by one name each."""

from itertools import product

from progenitor.body._assemble import KINDS, Body, assemble
from progenitor.documents import suggestion
from progenitor.errors import CatalogueError, Problem
from progenitor.evidence import Catalogue

__all__ = ["body_names", "named_body"]


def body_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Name every combination of a chassis, a disease and a host that fit each other, sorted.

    A chassis lists the ``diseases`` and ``hosts`` it is for; a list left out means all.

    Parameters
    ----------
    catalogue
        Where the entries live.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> "tscm_car_t/dlbcl/human_adult" in body_names(default_catalogue())
    True
    """
    return tuple(
        "/".join((chassis, *names))
        for chassis in catalogue.names("chassis")
        for names in product(*(_fitting(catalogue, chassis, kind) for kind in KINDS[1:]))
    )


def _fitting(catalogue: Catalogue, chassis: str, kind: str) -> tuple[str, ...]:
    wanted = catalogue.entry("chassis", chassis).data.get(kind)
    known = catalogue.names(kind)
    return known if wanted is None else tuple(name for name in known if name in wanted)


def named_body(catalogue: Catalogue, name: str) -> Body:
    """Assemble a body by its name, ``chassis/disease/host``.

    Parameters
    ----------
    catalogue
        Where the entries and every number live.
    name
        As :func:`body_names` lists it.

    Raises
    ------
    CatalogueError
        When there is none; the message names the nearest.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> named_body(default_catalogue(), "tscm_car_t/dlbcl/human_adult").model.name
    'body'
    """
    known = body_names(catalogue)
    if name not in known:
        raise CatalogueError([Problem(f"unknown model '{name}'", suggestion(name, known))])
    chassis, disease, host = name.split("/")
    return assemble(catalogue, chassis=chassis, disease=disease, host=host)
