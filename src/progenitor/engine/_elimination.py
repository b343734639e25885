r"""Sparse Gaussian elimination of a matrix of graph nodes, done once for the model.

The matrix of a Rosenbrock step is :math:`M = I/(\gamma h) - J` with the sparse Jacobian J. Pivots
stay on the diagonal, where the shift dominates for small steps; their order follows Markowitz'
rule (fewest products of the other entries in row and column), so that few entries fill in.

References
----------
Markowitz. The elimination form of the inverse and its application to linear programming. Manage Sci
1957;3:255-269, doi:10.1287/mnsc.3.3.255.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from progenitor.engine._graph import Graph

__all__ = ["Factors", "eliminate"]


@final
@dataclass(frozen=True, slots=True)
class Factors:
    """Triangular factors as nodes.

    Parameters
    ----------
    order
        Row of each pivot in turn.
    pivots
        Reciprocal of each pivot, by row.
    lower
        For each pivot row the rows below with their multipliers.
    upper
        For each pivot row the later columns with their entries.
    """

    order: tuple[int, ...]
    pivots: Mapping[int, int]
    lower: Mapping[int, tuple[tuple[int, int], ...]]
    upper: Mapping[int, tuple[tuple[int, int], ...]]

    @property
    def nodes(self) -> list[int]:
        """Every node a solution needs, without repetition, in ascending order."""
        found = set(self.pivots.values())
        for rows in (self.lower, self.upper):
            found.update(node for entries in rows.values() for _, node in entries)
        return sorted(found)


def eliminate(graph: Graph, size: int, jacobian: Mapping[tuple[int, int], int]) -> Factors:
    """Factorise ``shift·I − jacobian``.

    Parameters
    ----------
    graph
        Where the factors' nodes are added.
    size
        Rows of the matrix.
    jacobian
        Nodes of its entries that are not always zero.
    """
    shift = graph.leaf("shift")
    rows: list[dict[int, int]] = [{i: shift} for i in range(size)]
    columns: list[set[int]] = [{i} for i in range(size)]
    for (i, j), node in jacobian.items():
        rows[i][j] = graph.minus(shift, node) if i == j else graph.negative(node)
        columns[j].add(i)
    left = set(range(size))
    order: list[int] = []
    pivots: dict[int, int] = {}
    lower: dict[int, tuple[tuple[int, int], ...]] = {}
    upper: dict[int, tuple[tuple[int, int], ...]] = {}
    while left:
        pivot = min(left, key=lambda k: ((len(rows[k]) - 1) * (len(columns[k]) - 1), k))
        left.remove(pivot)
        order.append(pivot)
        inverse = pivots[pivot] = graph.reciprocal(rows[pivot].pop(pivot))
        columns[pivot].discard(pivot)
        upper[pivot] = tuple(sorted(rows[pivot].items()))
        below = []
        for i in sorted(columns[pivot]):
            multiplier = graph.times(rows[i].pop(pivot), inverse)
            below.append((i, multiplier))
            for j, entry in upper[pivot]:
                product = graph.times(multiplier, entry)
                known = rows[i].get(j)
                rows[i][j] = (
                    graph.negative(product) if known is None else graph.minus(known, product)
                )
                columns[j].add(i)
        lower[pivot] = tuple(below)
        for j, _ in upper[pivot]:
            columns[j].discard(pivot)
    return Factors(tuple(order), pivots, lower, upper)
