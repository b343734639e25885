"""The bodies that ship with the catalogue, by one name each."""

from progenitor.body._assemble import Body, assemble
from progenitor.documents import suggestion
from progenitor.errors import CatalogueError, Problem
from progenitor.evidence import Catalogue

__all__ = ["body_names", "named_body"]


def body_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Name every combination of a chassis, a disease and a host that fit each other, sorted.

    A chassis lists the ``diseases`` and ``hosts`` it is for, a disease the ``hosts`` that have it;
    a list left out means all.

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
        "/".join((chassis, disease, host))
        for chassis in catalogue.names("chassis")
        for disease in _fitting(catalogue, "chassis", chassis, "diseases")
        for host in _fitting(catalogue, "chassis", chassis, "hosts")
        if host in _fitting(catalogue, "diseases", disease, "hosts")
    )


def _fitting(catalogue: Catalogue, kind: str, name: str, wanted: str) -> tuple[str, ...]:
    """Names of a kind that an entry of another is for."""
    listed = catalogue.entry(kind, name).data.get(wanted)
    known = catalogue.names(wanted)
    return known if listed is None else tuple(entry for entry in known if entry in listed)


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
