"""One number of the shipped catalogue, without reading the others."""

from pathlib import Path

from progenitor.documents import read_document
from progenitor.errors import CatalogueError, Problem
from progenitor.evidence._parameter import Parameter
from progenitor.evidence._read_parameter import read_parameter

__all__ = ["shipped_number"]

_PARAMETERS = Path(__file__).resolve().parent.parent / "catalogue" / "parameters"


def shipped_number(identifier: str) -> float:
    """Return the median of one shipped number, for commands that must answer at once.

    The record is checked by itself; the whole catalogue is checked where it is loaded.

    Parameters
    ----------
    identifier
        Such as ``"assay/dna_mass_per_cell"``.

    Raises
    ------
    CatalogueError
        When there is no such record, it is wrong, or it has no distribution in use.

    Examples
    --------
    >>> shipped_number("assay/dna_mass_per_cell")
    6.6e-06
    """
    document, refused = read_document(_PARAMETERS / f"{identifier}.yaml")
    problems: list[Problem] = list(refused)
    found: Parameter | None = None
    if document is not None:
        found = read_parameter(document, identifier, problems)
    if problems or found is None or found.used is None:
        fix = "see progenitor evidence list"
        raise CatalogueError(problems or [Problem(f"{identifier} has no number in use", fix)])
    return float(found.used.median)
