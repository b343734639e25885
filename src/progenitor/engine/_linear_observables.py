"""Observables that are sums of species: their course within a step needs no compiled code."""

from collections.abc import Sequence

from progenitor.engine._graph import Graph

__all__ = ["linear_observables"]

Weights = dict[int, float]


def linear_observables(graph: Graph, observables: Sequence[int]) -> tuple[Weights, ...]:
    """Weights of species in each observable; nothing at all unless every one is such a sum.

    Parameters
    ----------
    graph, observables
        Nodes of the observables.

    Examples
    --------
    >>> from progenitor.engine._declarations import ReactionSet, Species
    >>> from progenitor.engine._model import Model
    >>> from progenitor.engine._program import Program
    >>> part = ReactionSet("p", species=(Species("x", "1"), Species("y", "1")))
    >>> program = Program(Model.build("m", [part]))
    >>> graph = Graph(program)
    >>> linear_observables(graph, [graph.of(program.add("x + 2*y"))]) == ({0: 1.0, 1: 2.0},)
    True
    >>> linear_observables(graph, [graph.of(program.add("x*y"))])
    ()
    """
    found = [_weights(graph, node) for node in observables]
    known = [weights for weights in found if weights is not None]
    return tuple(known) if len(known) == len(found) else ()


def _weights(graph: Graph, node: int) -> Weights | None:
    operation = graph.nodes[node]
    match operation.name:
        case "state":
            return {operation.position: 1.0}
        case "negative":
            return _scaled(_weights(graph, operation.operands[0]), -1.0)
        case "+" | "-" as sign:
            one, two = (_weights(graph, operand) for operand in operation.operands)
            return _sum(one, _scaled(two, 1.0 if sign == "+" else -1.0))
        case "*":
            first, second = operation.operands
            for factor, other in ((first, second), (second, first)):
                value = graph.value_of(factor)
                if value is not None:
                    return _scaled(_weights(graph, other), value)
    return None


def _scaled(weights: Weights | None, factor: float) -> Weights | None:
    return None if weights is None else {s: factor * w for s, w in weights.items()}


def _sum(one: Weights | None, two: Weights | None) -> Weights | None:
    if one is None or two is None:
        return None
    return {s: one.get(s, 0.0) + two.get(s, 0.0) for s in dict.fromkeys([*one, *two])}
