"""Correlations between parameters of one patient, on the normal scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.errors import CatalogueError, Problem
from progenitor.evidence import Catalogue

__all__ = ["Correlation", "cholesky", "correlations_of"]


@final
@dataclass(frozen=True, slots=True)
class Correlation:
    """Two catalogue ids whose normal scores are correlated within patients.

    Examples
    --------
    >>> Correlation("disease/burden", "disease/growth", 0.3).value
    0.3
    """

    first: str
    second: str
    value: float


def correlations_of(catalogue: Catalogue, disease: str) -> tuple[Correlation, ...]:
    """Read the correlations a disease entry declares.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> len(correlations_of(default_catalogue(), "dlbcl")) > 0
    True
    """
    entries = catalogue.entry("diseases", disease).data.get("correlations", ())
    return tuple(
        Correlation(str(entry["first"]), str(entry["second"]), float(entry["value"]))
        for entry in entries
    )


def cholesky(
    names: Sequence[str], correlations: Sequence[Correlation]
) -> Float[np.ndarray, "name name"]:
    r"""Lower factor :math:`L` with :math:`L L^T` the correlation matrix of ``names``.

    Raises
    ------
    CatalogueError
        When the correlations cannot all hold at once.

    Examples
    --------
    >>> factor = cholesky(["a", "b"], [Correlation("a", "b", 0.6)])
    >>> [round(float(x), 9) for x in factor[1]]
    [0.6, 0.8]
    """
    matrix = np.eye(len(names))
    where = {name: number for number, name in enumerate(names)}
    for pair in correlations:
        row, column = where[pair.first], where[pair.second]
        matrix[row, column] = matrix[column, row] = pair.value
    try:
        return np.asarray(np.linalg.cholesky(matrix))
    except np.linalg.LinAlgError:
        pairs = ", ".join(f"{c.first} × {c.second} = {c.value}" for c in correlations)
        problem = Problem(
            f"these correlations cannot hold together: {pairs}", "bring them nearer to 0"
        )
        raise CatalogueError([problem]) from None
