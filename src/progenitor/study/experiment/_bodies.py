"""Bodies of an experiment, assembled once per process."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from progenitor.body import Body, assemble
from progenitor.evidence import Catalogue
from progenitor.study._catalogue_at import catalogue_at

__all__ = ["body_with", "fitting"]


@cache
def _assembled(
    path: Path, chassis: str, disease: str, host: str, alternatives: tuple[tuple[str, str], ...]
) -> Body:
    return assemble(
        catalogue_at(path),
        chassis=chassis,
        disease=disease,
        host=host,
        alternatives=dict(alternatives),
    )


def body_with(
    catalogue: Catalogue,
    chassis: str,
    disease: str,
    host: str,
    alternatives: Mapping[str, str] | None = None,
) -> Body:
    """Assemble a body; the same one is not assembled twice.

    Parameters
    ----------
    catalogue
        Where everything lives.
    chassis, disease, host
        Names of catalogue entries.
    alternatives
        Mechanism → structural alternative.

    Raises
    ------
    CatalogueError, ModelError
        As :func:`progenitor.body.assemble`.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> body = body_with(default_catalogue(), "conventional_car_t", "dlbcl", "human_adult")
    >>> "killing" in body.mechanisms
    True
    """
    chosen = tuple(sorted((alternatives or {}).items()))
    return _assembled(catalogue.path, chassis, disease, host, chosen)


def fitting(alternatives: Mapping[str, str], mechanisms: Iterable[str]) -> dict[str, str]:
    """Keep the alternatives of mechanisms that a body has.

    Examples
    --------
    >>> fitting({"killing": "a", "thymus": "b"}, ["killing"])
    {'killing': 'a'}
    """
    known = set(mechanisms)
    return {name: other for name, other in alternatives.items() if name in known}
